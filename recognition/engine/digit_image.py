"""Read an image of one digit: drawn, scanned or photographed, dark on light or light on dark."""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from recognition.engine.digits import DigitReader
from recognition.engine.ruled_paper import without_rulings
from recognition.engine.shape import describe
from recognition.engine.sheet_on_table import sheet_on_table
from recognition.engine.types import (
    Box,
    Candidate,
    Character,
    DigitShape,
    FieldName,
    FieldReading,
)

EMPTY_NOTE = "There is nothing written in this image."
NO_DIGIT_NOTE = "This does not look like one digit."

_WORKING_SIDE = 480  # pixels: more adds nothing to a glyph of 28
_SMALLEST_CONTRAST = 0.12  # of the paper's brightness; below it is grain, not ink
_LARGEST_INK_SHARE = 0.6  # of the image; more is no writing
_SPECK_SHARE = 0.04  # of the largest piece of ink; smaller pieces are dirt
_RULE_SPAN = 0.95  # of the image's side: a piece that long and thin is an edge or a ruled line
_RULE_THICKNESS = 0.05
_STANDS_OUT = 4.0  # times the grain of the paper: Otsu's split of pure grain reaches 2.6
_EVEN_BORDER = 0.1  # of the border's pixels may differ from the rest of it
_PAPER_SIDE = 96  # pixels: the paper's shading is smooth
_PAPER_WINDOW = 33  # of those: wider than any stroke, narrower than the shading


@dataclass(frozen=True, slots=True, eq=False)
class InkCut:
    """The ink of the digit alone, 255 = full ink, and its box in the image that was given."""

    ink: NDArray[np.uint8]
    box: Box


def read_digit_image(
    grey: NDArray[np.uint8], reader: DigitReader, accept_at: float
) -> FieldReading:
    """Return the one digit of an image (height, width), 0 = black.

    The value is ``None``, with a note that says so, where nothing is written or where what is
    written is no digit. Alternatives are given even then.
    """
    cut = cut_ink(grey)
    if cut is None:
        return _unread(None, (), EMPTY_NOTE)
    (glyph,) = reader.read([cut.ink])
    if glyph.value is None:
        return _unread(cut.box, glyph.candidates, NO_DIGIT_NOTE)
    alternatives = glyph.candidates[1:]
    character = Character(glyph.value, glyph.confidence, alternatives, cut.box, _shape_of(cut))
    return FieldReading(
        FieldName.DIGIT,
        value=glyph.value,
        raw_text=glyph.value,
        confidence=glyph.confidence,
        accepted=glyph.confidence >= accept_at,
        box=cut.box,
        characters=(character,),
        alternatives=alternatives,
    )


def _unread(box: Box | None, candidates: tuple[Candidate, ...], note: str) -> FieldReading:
    return FieldReading(
        FieldName.DIGIT,
        value=None,
        raw_text="",
        confidence=0.0,
        accepted=False,
        box=box,
        alternatives=candidates,
        notes=(note,),
    )


def _shape_of(cut: InkCut) -> DigitShape | None:
    """Return the shape in pixels of the image given, whatever size the ink was worked on at."""
    whole = cv2.resize(cut.ink, (cut.box.width, cut.box.height), interpolation=cv2.INTER_AREA)
    return describe(np.asarray(whole, np.uint8), cut.box)


def cut_ink(grey: NDArray[np.uint8]) -> InkCut | None:
    """Find the ink of the one digit in an image (height, width); ``None`` where there is none."""
    sheet = sheet_on_table(grey)
    if sheet is None:
        return _cut_ink(grey)
    cut = _cut_ink(grey[sheet.y : sheet.y + sheet.height, sheet.x : sheet.x + sheet.width])
    if cut is None:
        return None
    box = cut.box
    return InkCut(cut.ink, Box(box.x + sheet.x, box.y + sheet.y, box.width, box.height))


def _cut_ink(grey: NDArray[np.uint8]) -> InkCut | None:
    scale = min(1.0, _WORKING_SIDE / max(grey.shape))
    ink = without_rulings(ink_of(smaller(grey, scale)))
    strongest = int(np.percentile(ink, 99.9))
    if strongest < _SMALLEST_CONTRAST * 255:
        return None
    _, mask = cv2.threshold(np.minimum(ink, strongest), 0, 255, cv2.THRESH_OTSU)
    share = cv2.countNonZero(mask) / mask.size
    if not 0 < share < _LARGEST_INK_SHARE or not _stands_out(ink, np.asarray(mask, np.uint8)):
        return None
    kept = _pieces_of_digit(np.asarray(mask, np.uint8))
    if kept is None:
        return None
    # The soft edge of the strokes belongs to them; ink of other pieces does not.
    near = cv2.dilate(kept, np.ones((3, 3), np.uint8))
    soft = cv2.bitwise_and(cv2.convertScaleAbs(ink, alpha=255.0 / strongest), near)
    x, y, width, height = cv2.boundingRect(kept)
    box = Box(
        *(round(value / scale) for value in (x, y)),
        *(max(1, round(value / scale)) for value in (width, height)),
    )
    return InkCut(np.asarray(soft[y : y + height, x : x + width], np.uint8), box)


def ink_of(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return 255 = ink on 0, the paper's shading divided out, light-on-dark turned round."""
    if _is_light_on_dark(grey):
        grey = np.asarray(255 - grey, np.uint8)
    height, width = grey.shape
    scale = min(1.0, _PAPER_SIDE / max(grey.shape))
    small = smaller(grey, scale)
    # Closing takes the dark end of a slope for ink at the image's border: first without the slope.
    slope = _slope_of(_filled(small))
    even = small / slope
    paper = cv2.convertScaleAbs(cv2.blur(_filled(even), (9, 9)) * slope)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    reflectance = cv2.divide(grey, np.maximum(paper, 1), scale=255)
    return np.asarray(255 - reflectance, np.uint8)


def _filled(grey: MatLike) -> MatLike:
    """Return what remains when everything dark and narrower than the window is filled up."""
    window = np.ones((_PAPER_WINDOW, _PAPER_WINDOW), np.uint8)
    return cv2.morphologyEx(grey, cv2.MORPH_CLOSE, window)


def _slope_of(paper: MatLike) -> NDArray[np.float32]:
    """Return the plane that fits the paper's brightness best, nowhere near nought."""
    rows, columns = np.indices(paper.shape)
    terms = np.stack([rows.ravel(), columns.ravel(), np.ones(paper.size)], axis=1)
    factors, *_ = np.linalg.lstsq(terms, paper.ravel(), rcond=None)
    plane = (terms @ factors).reshape(paper.shape)
    return np.asarray(np.maximum(plane, max(1.0, plane.max() / 10)), np.float32)


def _is_light_on_dark(grey: NDArray[np.uint8]) -> bool:
    """Judge by the image's border; where that is shaded, by which of both is rarer all over."""
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    border = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    if not bright.any():
        return False
    share = float(np.count_nonzero(border)) / border.size
    if min(share, 1 - share) < _EVEN_BORDER:
        return share < _EVEN_BORDER
    side = max(3, max(grey.shape) // 4)
    around = cv2.blur(grey, (side, side)).astype(np.float32)
    contrast = grey / np.maximum(around, 1) - 1
    return float(np.mean((contrast - contrast.mean()) ** 3)) > 0


def smaller(grey: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Return an image scaled by at most 1; of a long strip at least one row or column is left."""
    down, across = (max(scale, 1 / side) for side in grey.shape)
    return np.asarray(
        cv2.resize(grey, None, fx=across, fy=down, interpolation=cv2.INTER_AREA), np.uint8
    )


def _stands_out(ink: NDArray[np.uint8], mask: NDArray[np.uint8]) -> bool:
    """Tell writing from the grain of paper and of dark photographs."""
    inside = cv2.mean(ink, mask)[0]
    mean, deviation = cv2.meanStdDev(ink, mask=cv2.bitwise_not(mask))
    return bool(inside - mean[0, 0] > _STANDS_OUT * deviation[0, 0])


def _pieces_of_digit(mask: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return the mask without dirt, ruled lines, and what intrudes from the image's edges."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    height, width = mask.shape
    writing = [
        index
        for index in range(1, len(stats))
        if not _is_rule(stats[index, cv2.CC_STAT_WIDTH], stats[index, cv2.CC_STAT_HEIGHT], width)
        and not _is_rule(stats[index, cv2.CC_STAT_HEIGHT], stats[index, cv2.CC_STAT_WIDTH], height)
    ]
    if not writing:
        return None
    area = stats[:, cv2.CC_STAT_AREA]
    largest = max(writing, key=lambda index: int(area[index]))
    kept = [
        index
        for index in writing
        if index == largest
        or (area[index] >= _SPECK_SHARE * area[largest] and not _is_cut(stats[index], mask.shape))
    ]
    return np.where(np.isin(labels, kept), 255, 0).astype(np.uint8)


def _is_rule(length: int, thickness: int, side: int) -> bool:
    return length >= _RULE_SPAN * side and thickness <= _RULE_THICKNESS * side


def _is_cut(stats: NDArray[np.int32], shape: tuple[int, ...]) -> bool:
    """Say whether a piece of ink touches the image's edge."""
    x, y, width, height = stats[:4]
    return bool(x == 0 or y == 0 or x + width == shape[1] or y + height == shape[0])
