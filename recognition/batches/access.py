"""Who may see which batch: another person's does not exist."""

import uuid

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from recognition.batches.models import Batch, BatchItem


def must_be_bank_staff(user: User) -> None:
    """Raise ``PermissionDenied`` for those who can't have a batch."""
    if not user.is_bank_staff:
        raise PermissionDenied(_("Batches are for bank officials."))


def batch_for(user: User, batch_id: uuid.UUID) -> Batch:
    """Return a batch with its stage, or raise ``Http404``."""
    visible = Batch.objects.visible_to(user).with_stage().select_related("owner", "closed_by")
    return get_object_or_404(visible, pk=batch_id)


def item_of(batch: Batch, position: int) -> BatchItem:
    """Return one item of a batch, or raise ``Http404``."""
    return get_object_or_404(batch.items.with_reading().select_related("batch"), position=position)
