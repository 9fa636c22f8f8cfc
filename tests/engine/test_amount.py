"""The amount grammar: every regular writing has its value, and no digit is ever changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.engine.amount import parse_amount
from recognition.engine.ctc import ALPHABET


def _grouped(number: int, mark: str, step: int) -> str:
    text = str(number)
    groups, head = [text[-3:]], text[:-3]
    while head:
        groups.insert(0, head[-step:])
        head = head[:-step]
    return mark.join(groups)


@given(
    st.integers(0, 10**10 - 1),
    st.sampled_from([".", ","]),
    st.sampled_from([2, 3]),
    st.sampled_from(["", "$", "**", "-", "="]),
    st.sampled_from(["", "/-", "/.-", "-", "=", ".-", "**", "."]),
)
def test_a_regular_amount_has_its_value(number, mark, step, head, tail):
    amount = parse_amount(head + _grouped(number, mark, step) + tail)
    assert amount is not None
    assert amount.value == f"{number}.00"
    assert "irregular_groups" not in amount.notes


@given(
    st.integers(0, 10**8 - 1), st.integers(0, 99), st.sampled_from([".", ",", "-", "/"]),
    st.sampled_from(["", ","]),
)  # fmt: skip
def test_two_digits_behind_a_mark_are_decimals(number, cents, mark, group):
    text = _grouped(number, group, 3) + f"{mark}{cents:02}"
    assert parse_amount(text).value == f"{number}.{cents:02}"


@given(st.text(ALPHABET, max_size=20))
def test_the_digits_are_those_on_the_paper(text):
    amount = parse_amount(text)
    if amount is not None:
        assert amount.digits == "".join(c for c in text if c.isdigit())
        assert amount.value.replace(".", "").lstrip("0") in {
            amount.digits.lstrip("0"),
            (amount.digits + "00").lstrip("0"),
        }


@pytest.mark.parametrize("text", ["", "/-", "$", "..", "1" * 13])
def test_what_is_no_amount_is_refused(text):
    assert parse_amount(text) is None


@pytest.mark.parametrize("text", ["2,0650000/-", "2,80,80000", "12,3"])
def test_irregular_groups_are_noted_and_kept(text):
    amount = parse_amount(text)
    assert "irregular_groups" in amount.notes
