"""Decoding CTC frames: exact on small cases, and marks never change the digits."""

from itertools import groupby, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition.engine import ctc

_SMALL = "12"


def _frames(seed: int, steps: int, symbols: int) -> ctc.Frames:
    return ctc.softmax(
        np.random.default_rng(seed).normal(0, 2, (steps, symbols)).astype(np.float32)
    )


def _all_texts(frames: ctc.Frames, alphabet: str) -> dict[str, float]:
    """Sum every path's probability into its text: the definition of CTC."""
    sums: dict[str, float] = {}
    for path in product(range(len(alphabet) + 1), repeat=len(frames)):
        text = "".join(alphabet[s] for s, _ in groupby(path) if s < len(alphabet))
        p = float(np.prod([frame[s] for frame, s in zip(frames, path, strict=True)]))
        sums[text] = sums.get(text, 0.0) + p
    return sums


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_a_wide_beam_is_exact(seed, steps):
    frames = _frames(seed, steps, 3)
    truth = _all_texts(frames, _SMALL)
    found = ctc.beam_search(frames, _SMALL, width=200, floor=0.0)
    assert {h.text: round(h.probability, 9) for h in found} == {
        text: round(p, 9) for text, p in truth.items()
    }
    assert [h.probability for h in found] == sorted((h.probability for h in found), reverse=True)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_digits_without_marks_sum_all_texts_with_those_digits(seed):
    scores = np.full((4, ctc.BLANK + 1), -30.0, np.float32)
    some = [1, 2, ctc.ALPHABET.index(","), ctc.BLANK]
    scores[:, some] = np.random.default_rng(seed).normal(0, 2, (4, 4))
    frames = ctc.softmax(scores)
    sums: dict[str, float] = {}
    for hypothesis in ctc.beam_search(frames, ctc.ALPHABET, width=2000, floor=0.0):
        digits = "".join(c for c in hypothesis.text if c.isdigit())
        sums[digits] = sums.get(digits, 0.0) + hypothesis.probability
    marginal = ctc.beam_search(ctc.digits_only(frames), ctc.DIGITS, width=2000, floor=0.0)
    for hypothesis in marginal[:10]:
        assert abs(sums[hypothesis.text] - hypothesis.probability) < 1e-6


def test_a_mark_parts_equal_digits():
    frames = np.full((3, ctc.BLANK + 1), 1e-6)
    for step, symbol in enumerate((0, ctc.ALPHABET.index(","), 0)):
        frames[step, symbol] = 1.0
    assert ctc.beam_search(ctc.digits_only(frames), ctc.DIGITS)[0].text == "00"


def test_align_finds_where_each_symbol_stands():
    frames = np.full((6, 3), 0.01)
    for step, symbol in enumerate((2, 0, 2, 2, 1, 2)):
        frames[step, symbol] = 0.98
    assert [step for step, _ in ctc.align(frames, [0, 1])] == [1, 4]


def test_align_refuses_a_text_longer_than_the_frames():
    assert ctc.align(np.full((2, 3), 1 / 3), [0, 0, 0]) == []


def test_texts_align_together_as_they_do_alone():
    frames = ctc.softmax(np.random.default_rng(3).normal(0, 4, (24, 11)).astype(np.float32))
    texts = [[1, 2, 2, 3], [7], [], [0, 0, 0, 0, 0, 0]]
    assert ctc.align_all(frames, texts) == [ctc.align(frames, text) for text in texts]
