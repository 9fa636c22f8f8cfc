"""Which character was read as which, held against every property an alignment has."""

import string

from hypothesis import given
from hypothesis import strategies as st

from recognition.desk.learning.alignment import align, confusions

texts = st.text(alphabet=string.digits + ".", max_size=12)


def distance(one: str, other: str) -> int:
    """Count the fewest changes, row by row: another way than the code's own."""
    row = list(range(len(other) + 1))
    for number, character in enumerate(one, start=1):
        before, row = row, [number]
        for column, wanted in enumerate(other):
            row.append(
                min(before[column] + (character != wanted), before[column + 1] + 1, row[-1] + 1)
            )
    return row[-1]


@given(texts, texts)
def test_its_sides_make_the_two_texts(written, read):
    pairs = align(written, read)
    assert "".join(one for one, _ in pairs) == written
    assert "".join(other for _, other in pairs) == read
    assert ("", "") not in pairs


@given(texts, texts)
def test_nothing_aligns_them_with_fewer_differences(written, read):
    assert len(confusions(written, read)) == distance(written, read)


@given(texts)
def test_a_text_is_never_confused_with_itself(text):
    assert confusions(text, text) == []


@given(texts.filter(bool), st.data())
def test_one_replaced_character_is_what_is_found(written, data):
    place = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.sampled_from(string.digits).filter(lambda one: one != written[place]))
    read = written[:place] + other + written[place + 1 :]
    assert confusions(written, read) == [(written[place], other)]


@given(texts, texts)
def test_the_other_way_round_costs_the_same(written, read):
    assert len(confusions(written, read)) == len(confusions(read, written))
