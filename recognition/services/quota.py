"""How much one person's files may take, so that nobody fills the disk for everybody.

What was deleted counts until it is purged: its files are still there.
"""

from django.conf import settings
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import User
from recognition.models import Submission
from recognition.services.uploads import RefusedUpload, Upload


def quota_of(user: User) -> int:
    """Return how many bytes this person's files may take; 0: there is no limit."""
    staff, others = settings.STORAGE_QUOTA_STAFF_BYTES, settings.STORAGE_QUOTA_BYTES
    return int(staff if user.is_bank_staff or user.is_staff else others)


def used_by(user: User) -> int:
    """Return how many bytes this person's files take."""
    found = Submission.objects.filter(owner=user).aggregate(used=Sum("stored_bytes"))
    return int(found["used"] or 0)


def check_room(user: User, coming: int) -> None:
    """Do nothing where so many bytes more have room.

    Raises:
        RefusedUpload: ``storage_full``.
    """
    quota = quota_of(user)
    if not quota or (used := used_by(user)) + coming <= quota:
        return
    message = _(
        "Your storage is full: %(used)s of %(quota)s are taken. Delete what you no longer need; "
        "the room is free again %(days)d days after that."
    )
    facts = {
        "used": filesizeformat(used),
        "quota": filesizeformat(quota),
        "days": settings.DELETED_RETENTION_DAYS,
    }
    raise RefusedUpload("storage_full", message % facts)


def size_of(upload: Upload) -> int:
    """Return how many bytes the pages of a file take where they are stored."""
    return sum(len(page.data) + len(page.thumbnail) for page in upload.pages)
