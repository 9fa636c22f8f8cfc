"""Look for what people should be told of: batches that are read, and work at the desk.

Both follow from what is stored, so they are looked for by beat and not told by each reading: a
thousand items of one batch would else each write to everybody of the bank, in the transaction that
stores what was read, and an item whose reading failed would tell nobody.
"""

from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from recognition.batches.models import Batch, Stage
from recognition.desk import access as desk
from recognition.notifications.models import MOST_COUNTED, Notice, Topic

NOT_AGAIN_WITHIN = timedelta(hours=1)
A_ROUND = 500  # people looked at together
WATCHED = timedelta(days=7)
"""For so long after reading began, or was resumed, a batch is looked at."""


def watch() -> None:
    """Tell everybody what is new.

    A round costs one query a person of a bank where work waits, which stops at the hundredth item,
    and one or two more for whoever has news of it.
    """
    _watch_batches()
    # Moderators have no bank whose desk is theirs: the header counts for them what waits.
    people = desk.people_at_work()
    told = Notice.objects.filter(topic=Topic.WORK_WAITING)
    told.unread().exclude(person__in=people.values("pk")).update(read_at=timezone.now())
    latest = told.filter(person=OuterRef("pk")).values("pk")[:1]
    at_work = people.annotate(last_told=Subquery(latest)).order_by("pk").iterator(A_ROUND)
    while some := list(islice(at_work, A_ROUND)):
        notices = told.in_bulk([one.last_told for one in some if one.last_told])
        for person in some:
            _tell_of_work(person, notices.get(person.last_told))


def _watch_batches() -> None:
    lately = timezone.now() - WATCHED
    at_work = Batch.objects.filter(went_on_at__gte=lately, owner__is_active=True)
    # More may have been handed in since it was told of.
    untold = Q(notices=None) | Q(items__submission__created_at__gt=F("notices__made_at"))
    untold_ids = at_work.filter(untold, items__isnull=False).values("pk")
    for batch in Batch.objects.filter(pk__in=untold_ids).with_stage():
        if batch.stage == Stage.IN_REVIEW:
            _tell_of_batch(batch)


def _tell_of_batch(batch: Batch) -> None:
    news = {"count": batch.items.count(), "made_at": timezone.now()}
    Notice.objects.update_or_create(
        batch=batch,
        defaults=news | {"read_at": None, "mailed_at": None},
        create_defaults=news | {"person": batch.owner, "topic": Topic.BATCH_DONE},
    )


def _tell_of_work(person: User, last: Notice | None) -> None:
    """Tell a person of new work at most once an hour; until it is read, one notice counts it."""
    count = desk.queue_of(person).order_by()[: MOST_COUNTED + 1].count()
    now = timezone.now()
    if last is None:
        if count:
            _begin(person, count)
    elif not count:
        _change(last, read_at=now)  # others have done it
    elif last.made_at > now - NOT_AGAIN_WITHIN or not _has_grown(person, last):
        if last.count != count:
            _change(last, count=count)
    elif last.read_at is None:
        _change(last, count=count, made_at=now, mailed_at=None)
    else:
        _begin(person, count)


def _change(last: Notice, **news: Any) -> None:
    """Change a notice that the person has not read, nor just now."""
    if last.read_at is None:
        Notice.objects.unread().filter(pk=last.pk).update(**news)


def _begin(person: User, count: int) -> None:
    Notice.objects.get_or_create(
        person=person, topic=Topic.WORK_WAITING, read_at=None, defaults={"count": count}
    )


def _has_grown(person: User, last: Notice) -> bool:
    """Tell whether something came to this person since, from the readers or from a colleague."""
    came = Q(created_at__gt=last.made_at) | Q(keys__created_at__gt=last.made_at)
    return desk.queue_of(person).order_by().filter(came).exists()
