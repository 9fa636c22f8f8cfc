"""What moderators do with layouts: change them, have them tested, let them read, take them back."""

import logging
from datetime import timedelta
from functools import partial

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.layouts.models import PaperLayout, SealedLayout
from recognition.services.queue import queue_state

logger = logging.getLogger(__name__)

TRY = "recognition.tasks.try_layout"
_PATIENCE = timedelta(minutes=3)  # longer than any task may take


class CannotTest(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """Why a layout can't be tested now, in a sentence."""


class NotTested(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """Why a layout can't go live, in a sentence."""


@transaction.atomic
def save(layout: PaperLayout, *, by: User) -> None:
    """Store what a layout says now: another revision, which reads only after a test of its own."""
    was_active = False
    if layout.pk:
        was_active = PaperLayout.objects.select_for_update().get(pk=layout.pk).is_active
        layout.revision += 1
    layout.is_active, layout.changed_by = False, by
    layout.save()
    if was_active:
        record(EventCode.LAYOUT_RETIRED, actor=by, subject=layout, title=layout.title)


def ask_for_test(layout: PaperLayout) -> None:
    """Have the workers read the sample, once what it says now is stored.

    Raises:
        CannotTest: no worker answers.
    """
    if not queue_state().is_answered:
        raise CannotTest(_("No worker is answering. Try again later."))
    layout.test_asked_at = timezone.now()
    layout.save(update_fields=("test_asked_at",))
    transaction.on_commit(partial(_send, layout.pk, layout.revision))


def _send(layout_id: int, revision: int) -> None:
    try:
        current_app.send_task(TRY, args=[layout_id, revision])
    except OperationalError as error:
        logger.warning("Redis is away (%s): layout %s is not tested.", error, layout_id)
        PaperLayout.objects.filter(pk=layout_id).update(test_asked_at=None)


def awaits_test(layout: PaperLayout) -> bool:
    """Tell whether the findings of a test may still come."""
    asked, tested = layout.test_asked_at, layout.tested_at
    if asked is None or (tested is not None and tested >= asked):
        return False
    return timezone.now() - asked < _PATIENCE


@transaction.atomic
def activate(layout: PaperLayout, *, by: User) -> None:
    """Let a layout read from now on, as it was tested.

    Raises:
        NotTested: it was changed since its last test, or that test found something against it.
    """
    found = PaperLayout.objects.select_for_update().get(pk=layout.pk)
    if not found.is_tested:
        raise NotTested(_("Only what was tested, and read its own sample, can go live."))
    SealedLayout.objects.get_or_create(name=found.name, defaults={"data": found.as_data()})
    found.is_active, found.changed_by = True, by
    found.save(update_fields=("is_active", "changed_by"))
    record(EventCode.LAYOUT_ACTIVATED, actor=by, subject=found, title=found.title)


@transaction.atomic
def retire(layout: PaperLayout, *, by: User) -> None:
    """Let a layout read no longer; nothing happens to one that does not."""
    retired = PaperLayout.objects.filter(pk=layout.pk, is_active=True).update(is_active=False)
    if retired:
        record(EventCode.LAYOUT_RETIRED, actor=by, subject=layout, title=layout.title)
