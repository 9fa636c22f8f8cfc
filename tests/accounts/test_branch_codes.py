"""IFSC and sort codes, checked for their form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.branch_codes import normalise_branch_code

IFSC = st.from_regex(r"[A-Z]{4}0[A-Z0-9]{6}", fullmatch=True)
SORT_CODE = st.from_regex(r"[1-9][0-9]{8}", fullmatch=True)


@given(IFSC | SORT_CODE, st.sampled_from(["", " ", "-", "."]), st.integers(1, 8), st.booleans())
def test_a_code_is_the_same_however_it_is_spelt(code, separator, place, lower):
    spelt = code[:place] + separator + code[place:]
    assert normalise_branch_code(spelt.lower() if lower else spelt) == code


@given(IFSC | SORT_CODE)
def test_what_is_stored_stays_the_same(code):
    assert normalise_branch_code(normalise_branch_code(code)) == code


@given(st.text(max_size=20))
def test_any_text_is_a_code_of_known_form_or_refused(text):
    try:
        code = normalise_branch_code(text)
    except ValueError:
        return
    assert code.isascii()
    assert (len(code) == 11 and code[4] == "0") or (len(code) == 9 and code.isdigit())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SBIN1001234",  # the fifth character is a zero
        "SBI00001234",
        "SBIN000123",
        "SBIN00012345",
        "010002001",  # no PIN code begins with a zero
        "11000200",
        "1100020011",
        "१२३४५६७८९",  # digits, but not those of a MICR line
        "SBIN0001234\x00",
    ],
)
def test_a_code_of_another_form_is_refused(text):
    with pytest.raises(ValueError, match="neither"):
        normalise_branch_code(text)
