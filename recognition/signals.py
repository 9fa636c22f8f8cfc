"""What others may hang on to. Recognition knows nobody who does."""

from django.dispatch import Signal

run_succeeded = Signal()
"""Sent with ``run`` inside the transaction that stores what was read."""

changing = Signal()
"""Sent with ``submission_id`` before an owner corrects, re-reads or deletes an item.

A receiver that raises ``services.intake.WrongState`` refuses it.
"""
