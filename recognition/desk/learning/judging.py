"""Hold what the machine read against what two people keyed.

Only items with a second or third key count: whoever gave it saw neither the machine's value nor
the first key. A value that one person merely accepted, looking at what the machine had read, says
little of whether it is right; and what one person corrected was put before them because the machine
was not sure, so that a rate of errors among those is one of doubtful values, not of all.
"""

from recognition.desk import policies
from recognition.desk.learning.alignment import confusions
from recognition.desk.models import KEYED_FIELDS, Basis, Confusion, Found, Item, Judgement, State
from recognition.models import FieldReading


def judge(item: Item) -> None:
    """Store what an approved item says of its readings; do nothing where no second person keyed.

    To be called in the transaction that settles it.
    """
    if item.state != State.APPROVED or item.checker_id is None or item.settled_at is None:
        return
    basis = _basis(item)
    networks = ", ".join(f"{one['name']} {one['version']}" for one in item.run.models_used)[:200]
    readings = [
        one
        for one in FieldReading.objects.filter(run=item.run_id, name__in=KEYED_FIELDS)
        if one.name in item.values
    ]
    judgements = Judgement.objects.bulk_create(
        Judgement(
            reading=one,
            run_id=item.run_id,
            field=one.name,
            bank=item.bank,
            source=item.submission.source,
            networks=networks,
            basis=basis,
            confidence=one.confidence,
            was_accepted=one.is_accepted,
            found=found(item.values[one.name], one.value),
            characters=len(item.values[one.name]),
            judged_at=item.settled_at,
        )
        for one in readings
    )
    Confusion.objects.bulk_create(
        Confusion(judgement=judgement, written=written, read=read)
        for judgement, one in zip(judgements, readings, strict=True)
        if judgement.found == Found.WRONG
        for written, read in confusions(item.values[one.name], one.value)
    )


def found(keyed: str, read: str) -> Found:
    """Tell what a value that was read is, when people keyed this.

    >>> found("004512", "004572").value, found("004512", "").value, found("", "").value
    ('wrong', 'unread', 'right')
    """
    if keyed == read:
        return Found.RIGHT
    return Found.WRONG if read else Found.UNREAD


def _basis(item: Item) -> Basis:
    """Tell why two people keyed it, by the policy as it is now."""
    if item.is_audit:
        return Basis.AUDIT
    policy = policies.policy_of(item.bank)
    is_small = item.worth is not None and item.worth < policy.two_keys_from
    if is_small and policies.is_drawn(item, policy.two_keys_share, "two-keys"):
        return Basis.SAMPLE
    return Basis.REQUIRED
