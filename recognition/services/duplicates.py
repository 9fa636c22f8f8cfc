"""Know an item again that was submitted before: return code 41, item listed twice.

An item is compared with those of its owner and of all who work for the same bank. What was recorded
first is the earlier one, so that reading it again does not make it the duplicate.
"""

from django.db.models import Q

from accounts.models import ApplicationState, OfficialApplication, User
from recognition.engine import types
from recognition.engine.micr.grammar import parse_line
from recognition.models import ItemIdentity, RecognitionRun, RuleVerdict, Submission

RULE = "duplicate_item"

_RETURN_CODE = "41"
_SAME_LOOK = 0.13
"""Share of fingerprint bits that may differ between two images of one item."""

_LOOKED_THROUGH = 1000  # of the latest items without a number, which no index can find


def record(submission: Submission, reading: types.Reading) -> None:
    """Remember by what this cheque or draft is known; other kinds are passed over.

    To be called outside the transaction that asks for verdicts: of two workers that read the same
    item at the same time, at least one must see the other's row.
    """
    if reading.kind not in {types.Kind.CHEQUE, types.Kind.DEMAND_DRAFT}:
        return
    ItemIdentity.objects.update_or_create(
        submission=submission,
        defaults={
            "bank": bank_of(submission.owner),
            "number": _number(reading),
            "fingerprint": reading.fingerprint,
        },
    )


def verdicts(run: RecognitionRun) -> list[RuleVerdict]:
    """Return the rule's verdict on a recorded item, unstored; none where nothing tells."""
    mine = ItemIdentity.objects.filter(submission=run.submission_id).first()
    if mine is None or not (mine.number or mine.fingerprint):
        return []
    found = _earlier(mine)
    if found is None:
        reason = "No item like this one was submitted before."
        return [RuleVerdict(run=run, rule=RULE, verdict=types.Verdict.PASSED, reason=reason)]
    day = found.submission.created_at.date()
    looks = "It looks the same." if _look_alike(mine, found) else "It looks different."
    known_by = (
        f"this cheque number, bank and account was submitted on {day}. {looks}"
        if mine.number
        else f"this look was submitted on {day}."
    )
    return [
        RuleVerdict(
            run=run,
            rule=RULE,
            verdict=types.Verdict.FAILED,
            reason=f"An item with {known_by}",
            return_code=_RETURN_CODE,
            earlier=found.submission,
        )
    ]


def _earlier(mine: ItemIdentity) -> ItemIdentity | None:
    own = Q(submission__owner=mine.submission.owner_id)
    theirs = own | Q(bank=mine.bank) if mine.bank else own
    others = (
        ItemIdentity.objects.filter(theirs, number=mine.number, pk__lt=mine.pk)
        .filter(submission__deleted_at=None)
        .select_related("submission")
    )
    if mine.number:
        return others.order_by("pk").first()
    latest = others.exclude(fingerprint="").order_by("-pk")[:_LOOKED_THROUGH]
    return next((other for other in latest if _look_alike(mine, other)), None)


def _look_alike(one: ItemIdentity, other: ItemIdentity) -> bool:
    if not one.fingerprint or len(one.fingerprint) != len(other.fingerprint):
        return False
    differing = int(one.fingerprint, 16) ^ int(other.fingerprint, 16)
    return differing.bit_count() <= _SAME_LOOK * 4 * len(one.fingerprint)


def _number(reading: types.Reading) -> str:
    line = reading.field(types.FieldName.MICR_LINE)
    parts = parse_line(line.value) if line is not None and line.value else None
    if parts is None or not parts.cheque_number:
        return ""
    account = reading.field(types.FieldName.ACCOUNT_NUMBER)
    own = parts.account or (account.value if account is not None else None) or ""
    return f"{parts.cheque_number} {parts.bank} {own}"


def bank_of(person: User) -> str:
    """Return the bank for which a person was approved, or nothing."""
    approved = OfficialApplication.objects.filter(applicant=person, state=ApplicationState.APPROVED)
    return approved.order_by("-created_at").values_list("bank", flat=True).first() or ""
