"""Dates whose month is written in letters: every usual form comes back, and nothing else does."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.engine.free_date import STROKES, FreeDateReader
from recognition.engine.lettered_date import IN_LETTERS, MISSPELT, parse_lettered_date
from recognition.engine.pipeline import Reader
from recognition.engine.policy import Policy, ReadWords
from recognition.engine.types import FieldName, FieldReading, Kind, Reading, Verdict
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.items import random_item
from recognition.training.cheques.layouts import ALL_LAYOUTS

MODELS = Path(__file__).parents[2] / "models"
TODAY = date(2026, 3, 1)
FORMS = (
    "%d %b %Y", "%d-%b-%y", "%d.%b.%Y", "%d/%b/%Y", "%d%b%y", "%d%b%Y", "%b %d, %Y", "%B %d, %Y",
    "%B %d '%y", "%d %B, %Y", "%dth day of %B %Y", "%Y-%b-%d", "dated %A %d %B %Y", "%b. %d,%y",
    "%B%d%Y", "%B%d,%Y",
)  # fmt: skip


@given(
    st.dates(date(1990, 1, 1), date(2059, 12, 31)),
    st.sampled_from(FORMS),
    st.sampled_from((str, str.upper, str.lower)),
)
def test_every_usual_form_comes_back(day, form, case):
    day = day.replace(year=2000 + day.year % 60) if "%y" in form else day
    found = parse_lettered_date(case(day.strftime(form)))
    assert found is not None
    assert (found.day, found.notes) == (day, (IN_LETTERS,))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 Mrach 2026", date(2026, 3, 12)),
        ("Febuary 3, 2026", date(2026, 2, 3)),
        ("Sept 9th 26", date(2026, 9, 9)),
        ("Jon 12, 2026", None),  # January or June
        ("March 12", None),
        ("31 April 2026", None),
        ("12 March 1726", None),
        ("Mar 12 2O26", date(2026, 3, 12)),
        ("11/03/26", None),
        ("pay to the order of 12 2026", None),
        ("", None),
    ],
)
def test_slips_of_the_pen_are_forgiven_where_one_month_is_nearest(text, day):
    found = parse_lettered_date(text)
    assert (found.day if found else None) == day
    if day is not None and day.month in {2, 3} and "O" not in text:
        assert MISSPELT in found.notes


@given(st.text(max_size=40))
def test_no_text_whatever_gives_a_day_that_no_cheque_has(text):
    found = parse_lettered_date(text)
    assert found is None or 1990 <= found.day.year < 2060


@given(st.text("0123456789 /.-", max_size=20))
def test_figures_alone_are_not_for_this_reader(text):
    assert parse_lettered_date(text) is None


def read_on(layout: str, text: str) -> Reading:
    """Read a drawn cheque of 12 February 2026 whose date is written so."""
    form = next(one for one in ALL_LAYOUTS if one.name == layout)
    rng = np.random.default_rng(3)
    item = replace(
        random_item(Kind.CHEQUE, form, rng, TODAY), issued=date(2026, 2, 12), date_text=text
    )
    pixels = draw_cheque(Kind.CHEQUE, rng, today=TODAY, layout=form, item=item).pixels
    data = cv2.imencode(".png", pixels)[1].tobytes()
    policy = Policy(words=ReadWords.DOUBTFUL)
    return Reader(MODELS, policy=policy).read(data, Kind.CHEQUE, today=TODAY)


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("prairie-personal", "Feb 12, 2026"),
        ("prairie-business", "February 12th, 2026"),
        ("coastal-trade", "12-Feb-26"),
    ],
)
def test_a_month_in_letters_is_read_on_a_cheque_and_left_to_a_person(layout, text):
    reading = read_on(layout, text)
    written = reading.field(FieldName.DATE)
    assert written.value == "2026-02-12"
    assert IN_LETTERS in written.notes
    assert not written.accepted
    checks = {check.rule: check.verdict for check in reading.checks}
    assert checks["date_valid"] is Verdict.PASSED


@pytest.mark.parametrize("strokes", [False, True])
def test_figures_that_made_no_sure_date_are_read_with_the_letters(monkeypatch, strokes):
    other = FieldReading(
        FieldName.DATE, "2026-11-02", "1211212026", 0.2, accepted=False, notes=(STROKES,)
    )
    monkeypatch.setattr(FreeDateReader, "read", lambda *_given: other if strokes else None)
    written = read_on("coastal-trade", "12/02/2026").field(FieldName.DATE)
    assert (written.value, written.accepted) == ("2026-02-12", False)
