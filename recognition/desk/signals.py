"""What others may hang on to. The desk knows nobody who does."""

from django.dispatch import Signal

item_returned = Signal()
"""Sent with ``item`` inside the transaction that returns it to its maker."""
