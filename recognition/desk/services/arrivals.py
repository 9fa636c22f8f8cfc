"""Bring what was read to the desk, and keep its owner from changing it behind the desk's back."""

import uuid
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from recognition.desk import access, policies
from recognition.desk.models import KEYED_FIELDS, Item, Policy, Sight, State
from recognition.models import (
    AMOUNTS,
    FieldName,
    FieldReading,
    Kind,
    RecognitionRun,
    RuleVerdict,
    RunState,
)
from recognition.services.intake import WrongState

DECIDED_KINDS = (Kind.CHEQUE, Kind.DEMAND_DRAFT)


@transaction.atomic
def open_item(run: RecognitionRun) -> Item | None:
    """Make an item of a cheque or draft that was read; ``None`` for what no bank decides on.

    Called again it changes nothing, unless the item was read anew before anybody had begun on it.
    """
    submission = run.submission
    if submission.kind not in DECIDED_KINDS or run.state != RunState.SUCCEEDED:
        return None
    item = Item.objects.select_for_update().filter(pk=submission.pk).first()
    if item is None:
        item = Item(submission=submission, bank=access.bank_of(submission.owner))
    elif not _is_untouched(item) or item.run_id == run.pk:
        return item
    item.run = run
    readings = list(run.readings.prefetch_related("corrections"))
    policy = policies.policy_of(item.bank)
    item.worth = _worth(readings)
    item.due_at = submission.created_at + policy.time_to_decide
    item.rank_at = item.due_at - policies.head_start(item.worth)
    item.needs_two_keys = policies.needs_two_keys(policy, item, item.worth)
    if _may_stand_alone(policy, item, run, readings):
        if policies.is_drawn(item, policy.audit_share, "audit"):
            item.is_audit = item.needs_two_keys = True
        else:
            item.state = State.APPROVED
            item.settled_at = timezone.now()
            item.values = {one.name: one.final for one in readings if one.name in KEYED_FIELDS}
    item.save()
    Sight.objects.get_or_create(item=item, person=submission.owner)  # on its page
    if item.is_settled:
        record(EventCode.ITEM_APPROVED, actor=None, subject=item, version=item.version)
    return item


def refuse_change(submission_id: uuid.UUID) -> None:
    """Keep an owner from changing what the desk has begun to decide.

    Raises:
        WrongState: ``item_settled``, ``at_the_desk``.
    """
    item = Item.objects.filter(pk=submission_id).first()
    if item is None or _is_untouched(item):
        return
    if item.is_settled:
        raise WrongState("item_settled", _("This item is settled: nothing about it changes."))
    raise WrongState("at_the_desk", _("This item is being decided on at the desk."))


def _is_untouched(item: Item) -> bool:
    is_held = item.claimed_until is not None and item.claimed_until > timezone.now()
    return item.state == State.WAITING and not is_held


def _worth(readings: list[FieldReading]) -> Decimal | None:
    """Return the largest amount that anything says: nobody escapes two keys by a misreading."""
    amounts = [one.amount for one in readings if one.name in AMOUNTS and one.amount is not None]
    figures = [one for one in readings if one.name == FieldName.COURTESY_AMOUNT]
    amounts += [Decimal(one.final) for one in figures if one.final]
    return max(amounts, default=None)


def _may_stand_alone(
    policy: Policy, item: Item, run: RecognitionRun, readings: list[FieldReading]
) -> bool:
    if not policy.auto_accept or item.needs_two_keys:
        return False
    if not {FieldName.COURTESY_AMOUNT, FieldName.DATE} <= {one.name for one in readings}:
        return False
    is_certain = all(policies.is_certain(policy, one) and one.final for one in readings)
    return is_certain and not RuleVerdict.objects.filter(run=run).exclude(verdict="passed").exists()
