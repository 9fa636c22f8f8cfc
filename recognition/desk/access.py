"""Which items a person works on, and in what part. What is not theirs does not exist."""

import uuid

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import ApplicationState, OfficialApplication, Role, User
from recognition.desk.models import SHOWN_IN, Item, ItemQuerySet, Judgement, KeyRole, State
from recognition.models import FieldReading, Submission

ROLE_IN = {
    State.WAITING: KeyRole.MAKER,
    State.RETURNED: KeyRole.MAKER,
    State.SECOND_KEY: KeyRole.CHECKER,
    State.THIRD_KEY: KeyRole.THIRD,
}
BLIND_ROLES = (Role.CHECKER, Role.MODERATOR)
"""Who gives second and third keys."""


def must_have_a_desk(person: User) -> None:
    """Raise ``Http404`` for whoever is no bank staff: for them there is no desk."""
    if not person.is_bank_staff:
        raise Http404


def bank_of(person: User) -> str:
    """Return the bank that a person was approved to work for; empty where there is none."""
    return _applications(person).values_list("bank", flat=True).first() or ""


def items_of(person: User) -> ItemQuerySet:
    """Return every item of this person's bank; moderators work for all.

    Two people without a bank are not colleagues: what such a person submits is for moderators.
    """
    items: ItemQuerySet = Item.objects.all()
    if not person.is_bank_staff:
        return items.none()
    if person.is_staff:
        return items
    return items.filter(bank=Subquery(_applications(person).values("bank")[:1]))


def may_see_worth(person: User, item: Item) -> bool:
    """Tell whether a list shows the largest amount that was read of an item.

    It is nothing for who keys the item blind, now or later: who could do that is told once they
    have opened it as its maker.
    """
    if item.is_settled:
        return True
    has_part = person.pk in {item.maker_id, item.claimed_by_id}
    never_blind = person.role not in BLIND_ROLES
    return item.state in SHOWN_IN and (has_part or never_blind)


def may_see_accuracy(person: User) -> bool:
    """Tell whether a person answers for how well items are read: checkers and moderators."""
    return person.role in {Role.CHECKER, Role.MODERATOR}


def judgements_of(person: User) -> QuerySet[Judgement]:
    """Return the judgements on a checker's own bank's items; moderators see all."""
    if person.is_staff:
        return Judgement.objects.all()
    bank = bank_of(person)
    if not bank or not may_see_accuracy(person):
        return Judgement.objects.none()
    return Judgement.objects.filter(bank=bank)


def queue_of(person: User) -> ItemQuerySet:
    """Return what this person could give a key to and nobody else has open, most pressing first."""
    return items_of(person).for_person(person).unclaimed_for(person).in_order()


def people_at_work() -> QuerySet[User]:
    """Return the officials and checkers of those banks where an item is open."""
    latest = OfficialApplication.objects.filter(
        applicant=OuterRef("pk"), state=ApplicationState.APPROVED
    ).order_by("-created_at")
    people = User.objects.filter(is_active=True, role__in=(Role.OFFICIAL, Role.CHECKER))
    their_bank = people.annotate(bank=Subquery(latest.values("bank")[:1]))
    return their_bank.filter(bank__in=Item.objects.open().order_by().values("bank"))


def item_for(person: User, item_id: uuid.UUID) -> Item:
    """Return an item of this person's bank, or raise ``Http404``."""
    items = items_of(person).select_related("submission", "run", "claimed_by")
    return get_object_or_404(items, pk=item_id, submission__deleted_at=None)


def held_item_for(person: User, item_id: uuid.UUID) -> Item:
    """Return an item that this person has open, with its readings, or raise ``Http404``."""
    held = _held_by(person).prefetch_related("run__readings__corrections", "run__verdicts")
    return get_object_or_404(held, pk=item_id)


def held_image_for(person: User, item_id: uuid.UUID) -> Submission:
    """Return what the image of an item is served from, or raise ``Http404``."""
    return get_object_or_404(_held_by(person), pk=item_id).submission


def held_reading_for(person: User, item_id: uuid.UUID, name: str) -> FieldReading:
    """Return one reading of an item that this person has open, or raise ``Http404``."""
    readings = FieldReading.objects.select_related("run__submission")
    held = _held_by(person).filter(pk=item_id)
    return get_object_or_404(readings, name=name, run__in=held.values("run"))


def role_in(item: Item) -> KeyRole:
    """Return whose key an open item waits for, or raise ``Http404`` where it is settled."""
    try:
        return ROLE_IN[State(item.state)]
    except KeyError as error:
        raise Http404 from error


def _held_by(person: User) -> ItemQuerySet:
    items = items_of(person).for_person(person).filter(claimed_by=person)
    return items.select_related("submission", "run")


def _applications(person: User) -> QuerySet[OfficialApplication]:
    approved = OfficialApplication.objects.filter(applicant=person, state=ApplicationState.APPROVED)
    return approved.order_by("-created_at")
