"""Layouts are data: what is wrong with them is told, and the closest one is chosen."""

import copy

import numpy as np
import pytest

from recognition.engine.free_date import parse_date
from recognition.engine.layouts.layout import (
    DateOrder,
    LayoutError,
    PlaceName,
    layout_as_data,
    layout_from,
)
from recognition.engine.layouts.library import (
    CTS_2010,
    CTS_DRAFT,
    UNKNOWN,
    US_BUSINESS,
    US_PERSONAL,
    anywhere,
    built_in,
    locate,
)
from recognition.engine.micr.grammar import parse_line

OWN = layout_as_data(built_in(CTS_2010)) | {"name": "green-valley", "banks": ["500902"]}


@pytest.mark.parametrize("name", [CTS_2010, CTS_DRAFT, US_PERSONAL, US_BUSINESS, UNKNOWN])
def test_what_comes_with_the_engine_is_whole_and_comes_back_from_its_data(name):
    layout = built_in(name)
    assert layout_from(layout_as_data(layout)) == layout
    for place in layout.places.values():
        assert place.window.left <= place.usual.left < place.usual.right <= place.window.right
        assert place.window.top <= place.usual.top < place.usual.bottom <= place.window.bottom


def test_a_place_without_a_window_is_looked_for_around_it():
    data = copy.deepcopy(OWN)
    del data["places"]["date"]["window"]
    place = layout_from(data).places[PlaceName.DATE]
    assert place.window.left < place.usual.left
    assert place.window.bottom > place.usual.bottom


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Green Valley!"}, "small letters"),
        ({"size": [20.0, 92.0]}, "40 to 320 mm"),
        ({"size": [202.0]}, "not enough values"),
        ({"size": ["wide", 92.0]}, "could not convert"),
        ({"banks": ["50-0902"]}, "one to nine digits"),
        ({"country": "XX"}, "XX"),
        ({"date_order": "DYM"}, "DYM"),
        ({"places": {}}, "at least where the amount and the date"),
        ({"places": None}, "another kind"),
        ({"places": {"date": {"usual": [10, 5, 5, 9]}}}, "left edge before its right"),
        ({"places": {"date": {"usual": [190, 5, 210, 9]}}}, "lies on the sheet"),
        ({"places": {"colour": {"usual": [1, 2, 3, 4]}}}, "colour"),
    ],
)
def test_a_layout_that_can_not_be_is_told_in_a_sentence(change, said):
    with pytest.raises(LayoutError, match=said):
        layout_from(OWN | change)


def test_a_layout_says_what_it_misses():
    with pytest.raises(LayoutError, match="size"):
        layout_from({key: value for key, value in OWN.items() if key != "size"})


@pytest.mark.parametrize(
    ("banks", "line", "fits"),
    [
        (["500902"], "⑈417203⑈ 500902003⑆ 310078⑈ 31", True),
        (["???902"], "⑈417203⑈ 400902003⑆ 310078⑈ 31", True),
        (["500902"], "⑈417203⑈ 400902003⑆ 310078⑈ 31", False),
        ([], "⑈417203⑈ 400902003⑆ 310078⑈ 31", True),
        (["021"], "⑆021000021⑆ 123456789⑈ 0101", False),  # the country is another
    ],
)
def test_a_layout_is_known_by_the_bank_in_the_line(banks, line, fits):
    assert layout_from(OWN | {"banks": banks}).fits(parse_line(line)) is fits


def test_a_layout_for_one_kind_of_instrument_is_not_for_another():
    drafts = layout_from(OWN | {"banks": [], "transaction_codes": ["16"]})
    assert drafts.fits(parse_line("⑈417203⑈ 500902003⑆ 310078⑈ 16"))
    assert not drafts.fits(parse_line("⑈417203⑈ 500902003⑆ 310078⑈ 31"))


def test_business_and_personal_cheques_are_told_by_the_auxiliary_field():
    personal = parse_line("⑆021000021⑆ 123456789⑈ 0101")
    business = parse_line("⑈001024⑈ ⑆021000021⑆ 123456789⑈")
    assert built_in(US_PERSONAL).fits(personal)
    assert not built_in(US_PERSONAL).fits(business)
    assert built_in(US_BUSINESS).fits(business)


def test_a_draft_has_the_places_of_a_cheque_and_its_number():
    draft, cheque = built_in(CTS_DRAFT), built_in(CTS_2010)
    assert draft.fits(parse_line("⑈417203⑈ 500902003⑆ 310078⑈ 16"))
    assert draft.places.keys() - cheque.places.keys() == {PlaceName.CHEQUE_NUMBER}
    assert draft.places[PlaceName.DATE] == cheque.places[PlaceName.DATE]


def test_without_a_line_an_image_is_of_the_sheet_that_has_its_proportions():
    assert locate(None, (2020, 920)).layout.name == CTS_2010
    found = locate(None, (1600, 800))
    assert found.layout.name == UNKNOWN
    assert found.sheet.width_mm / found.sheet.height_mm == pytest.approx(2.0)
    assert np.allclose(found.sheet.to_image @ (found.sheet.width_mm, 0, 1), (1600, 0))


def test_what_is_not_in_its_place_is_looked_for_all_over_the_sheet():
    wide = anywhere(built_in(US_PERSONAL))
    assert (wide.width_mm, wide.height_mm) == (152.4, 69.85)
    assert all(place.window.right <= 152.41 for place in wide.places.values())


@pytest.mark.parametrize(
    ("text", "order", "day", "is_usual"),
    [
        ("11/03/26", DateOrder.MONTH_FIRST, "2026-11-03", True),
        ("11/03/26", DateOrder.DAY_FIRST, "2026-03-11", True),
        ("3-1-2026", DateOrder.DAY_FIRST, "2026-01-03", True),
        ("2026.12.31", DateOrder.YEAR_FIRST, "2026-12-31", True),
        ("13/01/2026", DateOrder.MONTH_FIRST, "2026-01-13", False),
        ("1/2/2026.", DateOrder.MONTH_FIRST, "2026-01-02", True),
    ],
)
def test_a_free_date_is_read_in_the_order_of_the_layout(text, order, day, is_usual):
    found = parse_date(text, order)
    assert (found.day.isoformat(), not found.notes) == (day, is_usual)


@pytest.mark.parametrize("text", ["", "110326", "31/02/2026", "1/2/3", "12,500.00", "99/99/99"])
def test_what_is_no_date_is_none(text):
    assert parse_date(text, DateOrder.DAY_FIRST) is None
