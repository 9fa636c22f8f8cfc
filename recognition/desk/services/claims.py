"""Hold an item for a while, so that two people never work on one."""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.desk import access
from recognition.desk.errors import DeskError
from recognition.desk.models import OPEN, SHOWN_IN, Item, Sight

HELD_FOR = timedelta(minutes=3)  # pages renew it each minute: a closed one lets go soon
LOOKED_AT = 8  # candidates a look: others may take some of them meanwhile


def claim(item: Item, person: User) -> None:
    """Take an item, or keep it for longer.

    Raises:
        DeskError: ``item_settled``, ``not_for_you`` or ``item_claimed``.
    """
    if item.is_settled:
        raise DeskError("item_settled")
    if not Item.objects.for_person(person).filter(pk=item.pk).exists():
        raise DeskError("not_for_you")
    if not _take(item.pk, person):
        raise DeskError("item_claimed")


def claim_next(person: User, *, without: Collection[uuid.UUID] = ()) -> Item | None:
    """Take the most pressing item that this person can decide on; ``None``: nothing waits."""
    while True:
        candidates = list(
            access.queue_of(person).exclude(pk__in=without).values_list("pk", flat=True)[:LOOKED_AT]
        )
        for item_id in candidates:
            if _take(item_id, person):
                return access.held_item_for(person, item_id)
        if not candidates:
            return None


def renew(item_id: uuid.UUID, person: User) -> None:
    """Keep what this person has open.

    Raises:
        DeskError: ``not_claimed``, where it went to somebody else or is settled.
    """
    held = Item.objects.filter(pk=item_id, claimed_by=person)
    if not held.update(claimed_until=timezone.now() + HELD_FOR):
        raise DeskError("not_claimed")


def release(item_id: uuid.UUID, person: User) -> None:
    """Let somebody else have it; do nothing where this person does not hold it."""
    held = Item.objects.filter(pk=item_id, claimed_by=person)
    with transaction.atomic():
        if held.update(claimed_by=None, claimed_until=None):
            record(EventCode.ITEM_RELEASED, actor=person, subject=Item(pk=item_id))


@transaction.atomic
def _take(item_id: uuid.UUID, person: User) -> bool:
    """Take an item by one conditional update: of several people the first has it."""
    now = timezone.now()
    until = now + HELD_FOR
    items = Item.objects.filter(pk=item_id, state__in=OPEN)
    if items.filter(claimed_by=person, claimed_until__gt=now).update(claimed_until=until):
        return True
    free = items.filter(Q(claimed_by=None) | Q(claimed_until__lte=now))
    if not free.update(claimed_by=person, claimed_until=until, claimed_at=now):
        return False
    record(EventCode.ITEM_CLAIMED, actor=person, subject=Item(pk=item_id))
    _note_sight(item_id, person)
    return True


def _note_sight(item_id: uuid.UUID, person: User) -> None:
    """Keep that a maker is shown what was read: who leaves it at that keys it blind no more.

    Nobody else gives a key to it meanwhile, so it is what it was when it was taken.
    """
    if Item.objects.filter(pk=item_id, state__in=SHOWN_IN).exists():
        Sight.objects.get_or_create(item_id=item_id, person=person)
