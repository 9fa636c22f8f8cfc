"""Tell whether the amount in figures looks altered: a second pen, a covered patch, a line.

What is told is a suspicion, by cues that one image shows: a person looks. Limits are far from what
unaltered amounts show; see ``docs/accuracy.md`` for how often they are flagged.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.amount_place import PIXELS_A_MM, AmountCut, Seen
from recognition.engine.rulings import without_rulings
from recognition.engine.types import Check, Verdict

RULE = "amount_unaltered"
_RETURN_CODE = "17"

_PAPER_MM = 3.1  # wider than any stroke
_INK = 0.4  # of the paper's brightness that is missing where a pen was

_OTHER_COLOUR = 0.2
"""Between two inks: what of an ink's darkness is left in its lightest colour, 1 for black, about a
half for blue. Within one person's amount it varies by less than 0.1, on 18 of 20 real ones."""

_OTHER_INK = (0.08, 60)
"""Share of the ink, and pixels in one piece, that another pen has left: a stroke of 2 mm. Of 20
real amounts none has more than 0.062 and 28."""

_SIGN_MM = 9.0  # from the frame to where its sign ends
_SPECK = 20  # pixels: less is no mark
_BRIGHTER = 12.0  # than the paper about it, of 256
_PATCH_MM = 2.2  # least width and height of what correction fluid covers
_PATCH_SHARES = (0.02, 0.6)  # of the amount's place
_LINE_MM, _LEVEL_MM = 8.0, 3.0  # of a line through the writing, and of a level piece of it
_CROSSED = 0.3  # of the line's length that has writing both above and below it
_BESIDE_MM = 0.7  # from the line to what counts as above and below
_MIDDLE = (0.2, 0.8)  # of the writing's height, where a line goes through it
_LEAST_INK = 200  # pixels; with less nothing is written


def check_alterations(cut: AmountCut) -> tuple[Check, ...]:
    """Return the rule's verdict on an amount; none where it is empty or has no frame.

    Without a frame the form's own rules may go through it.
    """
    grey, plain = cut.snippet.grey, cut.plain.grey
    missing = _missing(grey)
    core = without_rulings((missing > _INK).astype(np.uint8) * 255, PIXELS_A_MM) > 0
    if cut.seen is not Seen.FRAME or np.count_nonzero(core) < _LEAST_INK:
        return ()
    found = [
        sentence
        for sentence, is_seen in (
            ("Two different inks were used in it.", _has_two_inks(missing, _missing(plain), core)),
            ("A patch in it is brighter than its paper.", _is_covered(grey, missing)),
            ("A line goes through it.", _is_struck(missing)),
        )
        if is_seen
    ]
    if found:
        reason = f"The amount in figures may have been altered. {' '.join(found)}"
        return (Check(RULE, Verdict.FAILED, reason, _RETURN_CODE),)
    return (Check(RULE, Verdict.PASSED, "Nothing in the amount in figures looks altered."),)


def _missing(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return which share of the paper's brightness is missing at each pixel."""
    size = round(_PAPER_MM * PIXELS_A_MM) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    filled = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, kernel)
    # What is as smooth as that is blurred as well, and ten times as fast, at a quarter of the size.
    coarse = cv2.resize(filled, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    coarse = cv2.GaussianBlur(coarse, (0, 0), size * 0.15)
    paper = cv2.resize(coarse, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    share = (paper.astype(np.float32) - grey) / np.maximum(paper, 1)
    return np.asarray(np.clip(share, 0.0, 1.0), np.float32)


def _has_two_inks(
    missing: NDArray[np.float32], missing_of_lightest: NDArray[np.float32], core: NDArray[np.bool_]
) -> bool:
    core = _without_sign(core)
    if np.count_nonzero(core) < _LEAST_INK:
        return False
    left = np.where(core, missing_of_lightest / np.maximum(missing, _INK), 0.0)
    other = core & (np.abs(left - np.median(left[core])) > _OTHER_COLOUR)
    _, _, stats, _ = cv2.connectedComponentsWithStats(other.astype(np.uint8), connectivity=8)
    largest = int(stats[1:, cv2.CC_STAT_AREA].max(initial=0))
    share = np.count_nonzero(other) / np.count_nonzero(core)
    return bool(share >= _OTHER_INK[0] and largest >= _OTHER_INK[1])


def _without_sign(core: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leave out the first mark near the frame's left: a printed sign of the currency, perhaps."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(core.astype(np.uint8), connectivity=8)
    marks = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= _SPECK]
    if not len(marks):
        return core
    first = marks[marks[:, cv2.CC_STAT_LEFT].argmin()]
    end = int(first[cv2.CC_STAT_LEFT] + first[cv2.CC_STAT_WIDTH])
    if end > _SIGN_MM * PIXELS_A_MM:
        return core
    rest = core.copy()
    rest[:, :end] = False
    return rest


def _is_covered(grey: NDArray[np.uint8], missing: NDArray[np.float32]) -> bool:
    """Tell whether a part of the paper is brighter than the rest, and ends inside the place."""
    side = round(_PATCH_MM * PIXELS_A_MM)
    paper = float(np.median(grey[missing < _INK / 4]))
    bright = (grey > paper + _BRIGHTER).astype(np.uint8)
    # Writing on top of the patch is part of it.
    joined = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    patches = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    least, most = _PATCH_SHARES
    return bool(least < patches.mean() < most)


def _is_struck(missing: NDArray[np.float32]) -> bool:
    """Tell whether a pen's line goes through writing that stands above and below it."""
    ink = (missing > _INK).astype(np.uint8)
    weight = np.cumsum(ink.sum(axis=1, dtype=np.float64))
    top, bottom = (int(np.searchsorted(weight, share * weight[-1])) for share in (0.03, 0.97))
    beside = round(_BESIDE_MM * PIXELS_A_MM)
    # A hand's line is a little tilted: level for a while, then a pixel lower.
    slack = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    level = cv2.morphologyEx(
        slack, cv2.MORPH_OPEN, np.ones((1, round(_LEVEL_MM * PIXELS_A_MM)), np.uint8)
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(level, connectivity=8)
    for x, y, width, height, _ in stats[1:].tolist():
        at = y + height // 2
        is_through = top + _MIDDLE[0] * (bottom - top) < at < top + _MIDDLE[1] * (bottom - top)
        if not is_through or width < _LINE_MM * PIXELS_A_MM:
            continue
        above = ink[top : max(y - beside, top), x : x + width].any(axis=0)
        below = ink[y + height + beside : bottom, x : x + width].any(axis=0)
        if (above & below).mean() >= _CROSSED:
            return True
    return False
