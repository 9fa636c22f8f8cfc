"""What a MICR line means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.engine.micr.grammar import Country, MicrFields, is_valid_routing_number, parse_line
from recognition.engine.micr.symbols import ALPHABET, EMPTY, ON_US, TRANSIT


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@given(digits(6), digits(9), digits(6) | st.just(""), digits(2))
def test_every_indian_line_comes_apart_into_what_it_was_made_of(cheque, bank, account, code):
    middle = f" {account}{ON_US}" if account else ""
    line = f"{ON_US}{cheque}{ON_US} {bank}{TRANSIT}{middle} {code}"
    assert parse_line(line) == MicrFields(Country.INDIA, cheque, bank, account, code)


def test_blanks_between_indian_fields_do_not_matter():
    assert parse_line("⑈520614⑈400015052⑆31") == parse_line("⑈520614⑈ 400015052⑆         31")


@pytest.mark.parametrize(
    ("line", "cheque", "account"),
    [
        ("⑆021000021⑆ 123456789⑈ 0101", "0101", "123456789"),
        ("⑆021000021⑆ 12⑉345⑉6789⑈ 0101", "0101", "123456789"),
        ("⑈001234⑈ ⑆021000021⑆ 987654321⑈", "001234", "987654321"),
        ("⑆021000021⑆ 0101 987654321⑈", "0101", "987654321"),
        ("⑆021000021⑆ 123456789⑈ 0101 ⑇0000012345⑇", "0101", "123456789"),
    ],
)
def test_american_lines_give_routing_cheque_and_account_numbers(line, cheque, account):
    fields = parse_line(line)
    # The number of a business cheque stands first, in the auxiliary on-us field.
    assert fields == MicrFields(
        Country.UNITED_STATES, cheque, "021000021", account, has_auxiliary=line.startswith("⑈")
    )


@pytest.mark.parametrize("line", ["", "⑈12345⑈ 400015052⑆ 31", "⑆02100002⑆ 123⑈ 1", "hello"])
def test_a_line_of_no_known_form_has_no_fields(line):
    assert parse_line(line) is None


@given(st.text(ALPHABET + EMPTY, max_size=66))
def test_no_line_whatever_makes_the_parser_fail(line):
    fields = parse_line(line)
    assert fields is None or len(fields.bank) == 9


@given(digits(9))
def test_a_single_wrong_digit_never_passes_the_checksum(number):
    if is_valid_routing_number(number):
        for place in range(2, 9):
            wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
            assert not is_valid_routing_number(wrong)


@pytest.mark.parametrize("number", ["", "02100002", "0210000210", "1234567890", "99100001٣"])
def test_what_is_not_nine_digits_is_no_routing_number(number):
    assert not is_valid_routing_number(number)
