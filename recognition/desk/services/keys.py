"""Give a key: the one way in which an item is decided on."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.desk import access, policies, signals
from recognition.desk.errors import DeskError
from recognition.desk.learning import judging
from recognition.desk.machine import Move, Said, move_after
from recognition.desk.models import (
    KEYED_FIELDS,
    SETTLED,
    Item,
    Key,
    KeyRole,
    ReturnCode,
    State,
    Verdict,
)
from recognition.models import FieldName, FieldReading
from recognition.services import review

_EVENT_OF = {
    State.APPROVED: EventCode.ITEM_APPROVED,
    State.REJECTED: EventCode.ITEM_REJECTED,
    State.RETURNED: EventCode.ITEM_RETURNED,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person decides. Values are as typed, by field.

    A maker's may hold every field of the item; those of a second or third person hold just what
    keys are compared by.
    """

    verdict: Verdict
    values: Mapping[str, str] = field(default_factory=dict)
    return_code: str = ""
    comment: str = ""


@transaction.atomic
def give_key(*, item_id: uuid.UUID, person: User, version: int, answer: Answer) -> Item:
    """Store a person's key and return the item where it then stands.

    Raises:
        DeskError: ``item_settled``, ``item_changed``, ``not_for_you``, ``item_claimed``,
            ``not_claimed``, or what is missing or wrong in the answer.
        Http404: the item is not of this person's bank.
    """
    item = _locked(item_id, person, version)
    role = access.role_in(item)
    readings = list(item.run.readings.prefetch_related("corrections"))
    keyed = [one for one in readings if one.name in KEYED_FIELDS]
    said = _said(answer, role, keyed)
    if role is KeyRole.MAKER and said.verdict is Verdict.ACCEPT:
        _correct(readings, answer.values, person)
    Key.objects.create(
        item=item,
        round=item.round,
        person=person,
        role=role,
        verdict=said.verdict,
        values=dict(said.values),
        return_code=said.return_code,
        comment=answer.comment.strip()[:500],
        seconds=None
        if item.claimed_at is None
        else round((timezone.now() - item.claimed_at).total_seconds()),
    )
    _move(item, role, person, keyed)
    item.save()
    judging.judge(item)
    _tell(item, role, person, said)
    if item.state == State.RETURNED:
        signals.item_returned.send(sender=Item, item=item)
    return item


def _tell(item: Item, role: KeyRole, person: User, said: Said) -> None:
    """Write into the audit log who decided what; what was typed stays with the key."""
    record(
        EventCode.ITEM_KEYED,
        actor=person,
        subject=item,
        role=role.value,
        verdict=said.verdict.value,
        return_code=said.return_code,
    )
    if item.state in _EVENT_OF:
        record(_EVENT_OF[State(item.state)], actor=person, subject=item, version=item.version)


def _locked(item_id: uuid.UUID, person: User, version: int) -> Item:
    access.item_for(person, item_id)
    item = Item.objects.select_for_update().get(pk=item_id)
    if item.is_settled:
        raise DeskError("item_settled")
    if not Item.objects.for_person(person).filter(pk=item.pk).exists():
        raise DeskError("not_for_you")
    if item.claimed_by_id != person.pk:
        is_held = item.claimed_until is not None and item.claimed_until > timezone.now()
        raise DeskError("item_claimed" if is_held else "not_claimed")
    if item.version != version:
        raise DeskError("item_changed")
    return item


def _said(answer: Answer, role: KeyRole, keyed: list[FieldReading]) -> Said:
    if answer.verdict is Verdict.RETURN:
        if role is KeyRole.MAKER:
            raise DeskError("nobody_to_return_to")
        if not answer.comment.strip():
            raise DeskError("comment_missing", field="comment")
        return Said(Verdict.RETURN)
    if answer.verdict is Verdict.REJECT:
        if answer.return_code not in ReturnCode.values:
            raise DeskError("return_code_missing", field="return_code")
        return Said(Verdict.REJECT, return_code=answer.return_code)
    values = {one.name: _canonical(one.name, answer.values) for one in keyed}
    if not values.get(FieldName.COURTESY_AMOUNT):
        raise DeskError("amount_missing", field=FieldName.COURTESY_AMOUNT)
    return Said(Verdict.ACCEPT, values)


def _canonical(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise DeskError("value_missing", field=name)
    try:
        return review.canonical(name, values[name])
    except review.InvalidValue as error:
        raise DeskError(error.code, error.message, field=name) from error


def _correct(readings: list[FieldReading], values: Mapping[str, str], person: User) -> None:
    """Make a correction of each value that is not what stood there."""
    for reading in readings:
        if reading.name not in values:
            continue
        value = _canonical(reading.name, values)
        if value != reading.final:
            review.record(reading, value, person)


def _move(item: Item, role: KeyRole, person: User, keyed: list[FieldReading]) -> None:
    setattr(item, role, person)
    keys = list(item.keys.filter(round=item.round).select_related("person"))
    said = [Said(Verdict(key.verdict), key.values, key.return_code) for key in keys]
    item.needs_two_keys = item.needs_two_keys or _is_now_large(item, said[-1])
    move = move_after(said, needs_two_keys=item.needs_two_keys)
    item.state = move.state
    item.version += 1
    item.claimed_by = item.claimed_until = None
    item.comment = ""
    if move.state == State.RETURNED:
        item.comment = keys[-1].comment or _("Three people read it in three ways: look again.")
        item.round += 1
        item.checker = item.third = None
    elif move.state in SETTLED:
        _settle(item, move, keys, keyed)


def _is_now_large(item: Item, said: Said) -> bool:
    """Tell whether the amount just keyed needs two people, whatever was read."""
    amount = said.values.get(FieldName.COURTESY_AMOUNT, "")
    return bool(amount) and Decimal(amount) >= policies.policy_of(item.bank).two_keys_from


def _settle(item: Item, move: Move, keys: list[Key], keyed: list[FieldReading]) -> None:
    item.settled_at = timezone.now()
    item.values = dict(move.values)
    item.return_code = move.return_code
    current = {one.name: one for one in item.run.readings.prefetch_related("corrections")}
    for reading in keyed:
        value = move.values.get(reading.name)
        if value is None or value == current[reading.name].final:
            continue
        by = next(key.person for key in keys if key.values.get(reading.name) == value)
        review.record(reading, value, by)
