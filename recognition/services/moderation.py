"""What moderators do about submissions. Nothing here touches what was read."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from recognition.models import Submission


class CannotRestore(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """Another submission has taken the item's place."""


def set_flag(submission: Submission, *, is_flagged: bool) -> None:
    """Mark an item for another look, or take the mark away."""
    Submission.objects.filter(pk=submission.pk).update(is_flagged=is_flagged)


def hide(submission: Submission, *, reason: str) -> None:
    """Hide an item from everyone but moderators."""
    Submission.objects.filter(pk=submission.pk).update(is_hidden=True, moderation_reason=reason)


def restore(submission: Submission) -> None:
    """Show again what was hidden, and bring back what was deleted and not yet purged.

    Raises:
        CannotRestore: its owner has submitted the same file again since.
    """
    try:
        with transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(
                is_hidden=False, deleted_at=None, moderation_reason=""
            )
    except IntegrityError as error:
        raise CannotRestore(_("Its owner has submitted the same file again.")) from error
