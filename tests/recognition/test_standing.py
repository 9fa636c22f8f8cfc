"""How an item stands is kept beside it, and can be filled in for items of an older version."""

import datetime as dt
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import User
from recognition.models import FieldName, FieldReading, RecognitionRun, RuleVerdict, Submission
from recognition.services import review, standing

pytestmark = pytest.mark.django_db
COLUMNS = ("amount", "dated", "cheque_number", "sort_code", "searched", "needs_person")
VALUES = {
    FieldName.COURTESY_AMOUNT: "1250.00",
    FieldName.DATE: "2026-01-31",
    FieldName.CHEQUE_NUMBER: "004512",
    FieldName.MICR_LINE: "⑈004512⑈ 560229012⑆ 000123⑈ 31",
}


@pytest.fixture
def item():
    owner = User.objects.create_user("one@example.test", role="official")
    item = Submission.objects.create(
        owner=owner, kind="cheque", source="upload", width=9, height=9, file_name="Scan 1.PNG"
    )
    run = RecognitionRun.objects.create(submission=item)
    Submission.objects.filter(pk=item.pk).update(latest_run=run)
    for name, value in VALUES.items():
        FieldReading.objects.create(
            run=run,
            name=name,
            value=value,
            amount=Decimal(value) if name == FieldName.COURTESY_AMOUNT else None,
            date=dt.date.fromisoformat(value) if name == FieldName.DATE else None,
            confidence=0.9,
            is_accepted=name != FieldName.COURTESY_AMOUNT,
        )
    standing.refresh(item.pk)
    return item


def stands(item):
    return Submission.objects.values(*COLUMNS).get(pk=item.pk)


def test_it_follows_what_was_read_and_then_what_a_person_says(item):
    lines = "\n".join(("scan 1.png", *VALUES.values()))
    read = {
        "amount": Decimal("1250.00"),
        "dated": dt.date(2026, 1, 31),
        "cheque_number": "004512",
        "sort_code": "560229012",
        "searched": lines,
        "needs_person": True,
    }
    assert stands(item) == read
    reading = FieldReading.objects.get(name=FieldName.COURTESY_AMOUNT)
    review.correct(reading, "1,260", item.owner)
    corrected = {"amount": Decimal(1260), "needs_person": False}
    assert stands(item) == read | corrected | {"searched": lines.replace("1250.00", "1260.00")}


@pytest.mark.parametrize("is_corrected", [False, True])
@pytest.mark.parametrize("verdict", ["passed", "failed"])
def test_the_migration_fills_in_the_same(item, is_corrected, verdict):
    RuleVerdict.objects.create(
        run=RecognitionRun.objects.get(), rule="any", verdict=verdict, reason="so"
    )
    if is_corrected:
        for amount in ("9", "10"):
            review.correct(
                FieldReading.objects.get(name=FieldName.COURTESY_AMOUNT), amount, item.owner
            )
    standing.refresh(item.pk)
    kept = stands(item)
    Submission.objects.update(
        amount=None, dated=None, cheque_number="", sort_code="", searched="", needs_person=False
    )
    import_module("recognition.migrations.0010_fill_how_items_stand").fill(apps, None)
    assert stands(item) == kept
