"""What is in a closed batch stays as it is."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from recognition.batches.models import BatchItem, BatchState, Outcome
from recognition.services.intake import WrongState


def refuse_change(*, submission_id: uuid.UUID, **_signal: Any) -> None:
    """Refuse to change an item of a closed batch.

    Raises:
        WrongState: ``batch_closed``.
    """
    counted = BatchItem.objects.filter(
        submission=submission_id, outcome=Outcome.ACCEPTED, batch__state=BatchState.CLOSED
    )
    if counted.exists():
        message = _("This item belongs to a batch that was closed: nothing about it can change.")
        raise WrongState("batch_closed", message)
