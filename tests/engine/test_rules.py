"""What a bank would check on the item, and the return code of each failure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.engine.micr.grammar import Country, MicrFields
from recognition.engine.rules import add_months, check_item
from recognition.engine.types import FieldName, FieldReading, Kind, QualityMetric, Verdict

TODAY = date(2026, 3, 1)
INDIAN = MicrFields(Country.INDIA, "417203", "400012056", "310078", "31")
AMERICAN = MicrFields(Country.UNITED_STATES, "0101", "021000021", "123456789")


def field(name: FieldName, value: str | None, raw: str = "") -> FieldReading:
    return FieldReading(name, value, raw or value or "", 0.9, accepted=True)


def verdicts(
    kind=Kind.CHEQUE,
    micr=INDIAN,
    amount="100.00",
    day="2026-02-01",
    raw="",
    quality=(),
    *,
    is_signed=True,
):
    checks = check_item(
        kind,
        micr,
        field(FieldName.COURTESY_AMOUNT, amount),
        field(FieldName.DATE, day, raw),
        quality,
        TODAY,
        is_signed=is_signed,
    )
    return {check.rule: (check.verdict, check.return_code) for check in checks}


def test_a_good_cheque_passes_every_rule():
    assert {verdict for verdict, _ in verdicts().values()} == {Verdict.PASSED}


def test_an_old_cheque_is_stale_after_three_months_and_not_before():
    assert verdicts(day="2025-11-30")["stale"] == (Verdict.FAILED, "31")
    assert verdicts(day="2025-12-01")["stale"] == (Verdict.PASSED, "")
    assert verdicts(micr=AMERICAN, day="2025-11-30")["stale"] == (Verdict.PASSED, "")


@pytest.mark.parametrize(("months", "verdict"), [(1, Verdict.FAILED), (6, Verdict.PASSED)])
def test_a_bank_can_set_how_long_its_countrys_items_are_valid(months, verdict):
    amount, day = field(FieldName.COURTESY_AMOUNT, "1.00"), field(FieldName.DATE, "2026-01-15")
    checks = check_item(Kind.CHEQUE, INDIAN, amount, day, (), TODAY, valid_months=months)
    assert {check.rule: check.verdict for check in checks}["stale"] is verdict


def test_a_date_after_today_is_post_dated():
    assert verdicts(day="2026-03-02")["post_dated"] == (Verdict.FAILED, "30")
    assert verdicts(day="2026-03-01")["post_dated"] == (Verdict.PASSED, "")


@pytest.mark.parametrize("raw", ["", "31022026"])
def test_without_a_date_of_the_calendar_the_item_is_undated(raw):
    found = verdicts(day=None, raw=raw)
    assert found["date_valid"] == (Verdict.FAILED, "32")
    assert "stale" not in found


def test_a_missing_amount_fails():
    assert verdicts(amount=None)["amount_present"][0] is Verdict.FAILED


def test_an_empty_place_of_the_signature_fails_and_an_unknown_one_says_nothing():
    assert verdicts(is_signed=False)["signature_present"] == (Verdict.FAILED, "13")
    assert "signature_present" not in verdicts(is_signed=None)


def test_a_line_without_form_makes_the_image_unclear():
    assert verdicts(micr=None)["micr_line_form"] == (Verdict.FAILED, "39")


def test_a_wrong_routing_number_fails_its_checksum():
    wrong = MicrFields(Country.UNITED_STATES, "0101", "021000022", "123456789")
    assert verdicts(micr=wrong)["micr_line_form"][0] is Verdict.FAILED
    assert verdicts(micr=AMERICAN)["micr_line_form"][0] is Verdict.PASSED


def test_an_unfit_image_is_told_with_its_advice():
    dark = QualityMetric("paper_brightness", 40, 110, Verdict.FAILED, "Use more light.")
    assert verdicts(quality=(dark,))["image_clear"] == (Verdict.FAILED, "39")


def test_an_unknown_transaction_code_decides_nothing():
    odd = MicrFields(Country.INDIA, "417203", "400012056", "310078", "77")
    assert verdicts(micr=odd)["instrument"][0] is Verdict.UNKNOWN


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_months_later_is_the_same_day_or_the_months_last(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and later.day >= 28)
