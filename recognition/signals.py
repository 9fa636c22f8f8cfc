"""What others may hang on to. Recognition knows nobody who does."""

from django.dispatch import Signal

run_succeeded = Signal()
"""Sent with ``run`` inside the transaction that stores what was read."""

changing = Signal()
"""Sent with ``submission_id`` before an owner corrects, re-reads or deletes an item.

A receiver that raises ``services.intake.WrongState`` refuses it.
"""

exporting = Signal()
"""Sent with ``user`` who takes their data away: a receiver returns a file's name and content."""

purging = Signal()
"""Sent each hour, for who keeps more than we do here and must let go of what is too old."""

dividing = Signal()
"""Sent with ``submission`` and the ``others`` that were found on its page, in the transaction that
stores these, before it locks or stores anything; each of ``others`` has its ``latest_run``.

A receiver may hang something on them, hold their runs, or raise ``services.parts.StaysWhole``.
"""
