"""Decode the output of a CTC network: which texts it may mean, how likely, and where they stand.

Graves et al. 2006, Connectionist Temporal Classification; prefix beam search as in Hannun et al.
2014, First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional RNNs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789.,-/=*$"
DIGITS = "0123456789"
BLANK = len(ALPHABET)

_ALMOST_NEVER = 1e-4
_NEVER = (0.0, 0.0)

Frames = NDArray[np.float64]  # (…, frames, symbols + 1): probabilities, the blank last
Peak = tuple[int, float]  # the frame where a symbol is likeliest, and how likely


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One text and its probability, summed over all alignments that the beam kept."""

    text: str
    probability: float


def softmax(scores: NDArray[np.float32]) -> Frames:
    """Turn raw scores (…, frames, symbols) into probabilities a frame."""
    shifted = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    frames: Frames = shifted / shifted.sum(axis=-1, keepdims=True)
    return frames


def digits_only(frames: Frames) -> Frames:
    """Count marks as blanks: (…, frames, 18) → (…, frames, 11).

    A mark between two equal digits parts them just as a blank does, so this is the exact
    probability of the digits, whatever stands among them.
    """
    blank = frames[..., len(DIGITS) :].sum(axis=-1, keepdims=True)
    return np.concatenate([frames[..., : len(DIGITS)], blank], axis=-1)


def beam_search(
    frames: Frames, alphabet: Sequence[str], *, width: int = 12, floor: float = 1e-3
) -> list[Hypothesis]:
    """Return the likeliest texts, best first; at most ``width``.

    Symbols below ``floor`` in a frame are passed over, and texts below it times the best; with a
    ``floor`` of 0 nothing is.
    """
    blank = len(alphabet)
    beam = {"": (1.0, 0.0)}  # text: probability that it ends in a blank, in its last symbol
    quiet = 1.0  # probability of the blanks since the last frame in which anything may stand
    was_quiet = False
    likely: list[list[int]] = [[] for _ in frames]
    for step, index in np.argwhere(frames[:, :blank] > floor).tolist():
        likely[step].append(index)
    for frame, standing in zip(frames.tolist(), likely, strict=True):
        p_blank = frame[blank]
        if not standing:  # most frames: every text goes on in a blank
            quiet *= p_blank
            was_quiet = True
            continue
        if was_quiet:
            beam = {text: ((a + b) * quiet, 0.0) for text, (a, b) in beam.items()}
            quiet, was_quiet = 1.0, False
        symbols = [(alphabet[i], frame[i]) for i in standing]
        grown: dict[str, tuple[float, float]] = {}
        for text, (in_blank, in_symbol) in beam.items():
            total = in_blank + in_symbol
            was_blank, was_symbol = grown.get(text, _NEVER)
            now_blank = was_blank + total * p_blank
            last = text[-1:]
            for symbol, p in symbols:
                if last == symbol:
                    was_symbol += in_symbol * p
                    gain = in_blank * p
                else:
                    gain = total * p
                if gain > 0:
                    longer = text + symbol
                    so_far = grown.get(longer, _NEVER)
                    grown[longer] = (so_far[0], so_far[1] + gain)
            grown[text] = (now_blank, was_symbol)
        totals = sorted([(a + b, text) for text, (a, b) in grown.items()], reverse=True)[:width]
        least = totals[0][0] * floor
        beam = {text: grown[text] for total, text in totals if total >= least}
    ranked = sorted([((a + b) * quiet, text) for text, (a, b) in beam.items()], reverse=True)
    return [Hypothesis(text, total) for total, text in ranked]


def log_probability(frames: Frames, classes: Sequence[int]) -> float:
    """Return the logarithm of a text's probability, over all alignments (the forward algorithm).

    Minus infinity where the frames are too few.
    """
    blank = frames.shape[1] - 1
    path = np.full(2 * len(classes) + 1, blank)
    path[1::2] = classes
    skips = np.zeros(len(path))
    skips[3::2] = path[3::2] != path[1:-2:2]
    reach = np.zeros(len(path))
    reach[:2] = frames[0, path[:2]]
    total = 0.0
    for frame in frames[1:, path]:
        moved = reach.copy()
        moved[1:] += reach[:-1]
        moved[2:] += reach[:-2] * skips[2:]
        reach = moved * frame
        scale = float(reach.sum())
        if scale <= 0:
            return -math.inf
        reach /= scale
        total += math.log(scale)
    ends = float(reach[-2:].sum())
    return total + math.log(ends) if ends > 0 else -math.inf


def align(frames: Frames, classes: Sequence[int]) -> list[Peak]:
    """Return for each symbol of a text the frame where it peaks, and its probability there.

    Viterbi over the text with blanks between; an empty list where the frames are too few.
    """
    return align_all(frames, [classes])[0]


def align_all(frames: Frames, texts: Sequence[Sequence[int]]) -> list[list[Peak]]:
    """Align several texts at once, which costs little more than one."""
    kept = _eventful(frames)
    found = [[(int(kept[step]), p) for step, p in peaks] for peaks in _aligned(frames[kept], texts)]
    if len(kept) == len(frames):
        return found
    return [peaks or _aligned(frames, [text])[0] for peaks, text in zip(found, texts, strict=True)]


def _eventful(frames: Frames) -> NDArray[np.intp]:
    """Return the frames where a symbol may stand, and the one before each run of them."""
    may = frames[:, -1] < 1 - _ALMOST_NEVER
    return np.flatnonzero(may | np.append(may[1:], True))


def _aligned(frames: Frames, texts: Sequence[Sequence[int]]) -> list[list[Peak]]:
    blank = frames.shape[1] - 1
    steps, count = len(frames), 2 * max(map(len, texts)) + 1
    states = np.full((len(texts), count), blank)  # each text's own, and blanks that none reaches
    for row, text in zip(states, texts, strict=True):
        row[1 : 2 * len(text) : 2] = text
    logs = np.log(np.maximum(frames, 1e-12))[:, states]
    score = np.full((len(texts), count + 2), -np.inf)  # two states that never are come first
    score[:, 2:4] = logs[0, :, :2]
    back = np.zeros((steps, len(texts), count), np.int8)
    skip = np.full(states.shape, -np.inf)  # what passing over the state before costs
    skip[:, 2:][(states[:, 2:] != blank) & (states[:, 2:] != states[:, :-2])] = 0
    choice = np.empty((3, len(texts), count))
    for step in range(1, steps):
        choice[0], choice[1] = score[:, 2:], score[:, 1:-1]
        np.add(score[:, :-2], skip, out=choice[2])
        back[step] = choice.argmax(axis=0)
        np.add(choice.max(axis=0), logs[step], out=score[:, 2:])
    return [
        _peaks(frames, own[: 2 * len(text) + 1].tolist(), ends[2:], back[:, row].tolist())
        for row, (text, own, ends) in enumerate(zip(texts, states, score, strict=True))
    ]


def _peaks(
    frames: Frames, states: list[int], ends: NDArray[np.float64], back: list[list[int]]
) -> list[Peak]:
    """Follow a path back from the likelier of its two ends."""
    count = len(states)
    state = count - 1 if count == 1 or ends[count - 1] >= ends[count - 2] else count - 2
    if not np.isfinite(ends[state]):
        return []
    peaks: dict[int, Peak] = {}
    for step in range(len(frames) - 1, -1, -1):
        if state % 2:
            value = float(frames[step, states[state]])
            if state not in peaks or value > peaks[state][1]:
                peaks[state] = (step, value)
        state -= back[step][state]
    return [peaks[each] for each in range(1, count, 2) if each in peaks]
