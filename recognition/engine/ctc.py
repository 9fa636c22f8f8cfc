"""Decode the output of a CTC network: which texts it may mean, how likely, and where they stand.

Graves et al. 2006, Connectionist Temporal Classification; prefix beam search as in Hannun et al.
2014, First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional RNNs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789.,-/=*$"
DIGITS = "0123456789"
BLANK = len(ALPHABET)

_HOPELESS = 0.01

Frames = NDArray[np.float64]  # (frames, symbols + 1): probabilities, the blank last


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One text and its probability, summed over all alignments that the beam kept."""

    text: str
    probability: float


def softmax(scores: NDArray[np.float32]) -> Frames:
    """Turn raw scores (frames, symbols) into probabilities a frame."""
    shifted = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    frames: Frames = shifted / shifted.sum(axis=-1, keepdims=True)
    return frames


def digits_only(frames: Frames) -> Frames:
    """Count marks as blanks: (frames, 18) → (frames, 11).

    A mark between two equal digits parts them just as a blank does, so this is the exact
    probability of the digits, whatever stands among them.
    """
    blank = frames[:, len(DIGITS) :].sum(axis=1, keepdims=True)
    return np.concatenate([frames[:, : len(DIGITS)], blank], axis=1)


def beam_search(
    frames: Frames, alphabet: Sequence[str], *, width: int = 12, floor: float = 1e-3
) -> list[Hypothesis]:
    """Return the likeliest texts, best first; at most ``width``.

    Symbols below ``floor`` in a frame are passed over, and texts below a hundredth of it times the
    best; with a ``floor`` of 0 nothing is.
    """
    blank = len(alphabet)
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}  # ends in blank, ends in its symbol
    for frame in frames:
        p_blank = float(frame[blank])
        symbols = [
            (alphabet[int(i)], float(frame[i])) for i in np.flatnonzero(frame[:blank] > floor)
        ]
        grown: dict[str, tuple[float, float]] = {}
        for text, (in_blank, in_symbol) in beam.items():
            total = in_blank + in_symbol
            was_blank, was_symbol = grown.get(text, (0.0, 0.0))
            grown[text] = (was_blank + total * p_blank, was_symbol)
            for symbol, p in symbols:
                if text and text[-1] == symbol:
                    was_blank, was_symbol = grown[text]
                    grown[text] = (was_blank, was_symbol + in_symbol * p)
                    gain = in_blank * p
                else:
                    gain = total * p
                if gain > 0:
                    longer = text + symbol
                    was_blank, was_symbol = grown.get(longer, (0.0, 0.0))
                    grown[longer] = (was_blank, was_symbol + gain)
        best = sorted(grown.items(), key=lambda item: -sum(item[1]))[:width]
        least = sum(best[0][1]) * floor * _HOPELESS
        beam = {text: ends for text, ends in best if sum(ends) >= least}
    ranked = sorted(beam.items(), key=lambda item: -sum(item[1]))
    return [Hypothesis(text, sum(ends)) for text, ends in ranked]


def align(frames: Frames, classes: Sequence[int]) -> list[tuple[int, float]]:
    """Return for each symbol of a text the frame where it peaks, and its probability there.

    Viterbi over the text with blanks between; an empty list where the frames are too few.
    """
    blank = frames.shape[1] - 1
    states = [blank]
    for symbol in classes:
        states += [symbol, blank]
    steps, count = len(frames), len(states)
    logs = np.log(np.maximum(frames, 1e-12))[:, states]
    score = np.full(count, -np.inf)
    score[:2] = logs[0, :2]
    back = np.zeros((steps, count), np.int8)
    skips = np.array(
        [i >= 2 and states[i] != blank and states[i] != states[i - 2] for i in range(count)]  # noqa: PLR2004
    )
    for step in range(1, steps):
        one = np.concatenate([[-np.inf], score[:-1]])
        two = np.where(skips, np.concatenate([[-np.inf, -np.inf], score[:-2]])[:count], -np.inf)
        choice = np.stack([score, one, two])
        back[step] = choice.argmax(axis=0)
        score = choice.max(axis=0) + logs[step]
    state = count - 1 if count == 1 or score[-1] >= score[-2] else count - 2
    if not np.isfinite(score[state]):
        return []
    peaks: dict[int, tuple[int, float]] = {}
    for step in range(steps - 1, -1, -1):
        if state % 2:
            value = float(frames[step, states[state]])
            if state not in peaks or value > peaks[state][1]:
                peaks[state] = (step, value)
        state -= int(back[step, state])
    return [peaks[2 * i + 1] for i in range(len(classes)) if 2 * i + 1 in peaks]
