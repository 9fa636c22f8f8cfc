"""Read the one number in an image of a drawing, a scan or a photo."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.digit_image import ink_of, smaller
from recognition.engine.ruled_paper import without_rulings
from recognition.engine.shape import moved
from recognition.engine.sheet_on_table import sheet_on_table
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.types import Box, FieldName, FieldReading

_WORKING_SIDE = 1000  # pixels: twelve digits in half of a photo's width keep 40 each
_SPECK_SHARE = 0.04  # of the largest piece's ink; less is dirt
_MARGIN_SHARE = 0.1
"""Of the writing's height, paper left around it: with more, a lone thin 1 was taken for a rule."""


def read_number_image(
    grey: NDArray[np.uint8], reader: StringReader, accept_at: float
) -> FieldReading:
    """Read an image (height, width) of one number; the value is ``None`` where there is none."""
    sheet = sheet_on_table(grey) or Box(0, 0, grey.shape[1], grey.shape[0])
    grey = grey[sheet.y : sheet.y + sheet.height, sheet.x : sheet.x + sheet.width]
    scale = min(1.0, _WORKING_SIDE / max(grey.shape))
    ink = without_rulings(ink_of(smaller(grey, scale)))
    box = _writing_box(ink)
    # As dark ink on even paper, whichever way round and however lit the image was.
    crop = 255 - ink[box.y : box.y + box.height, box.x : box.x + box.width]
    reading = reader.read(np.asarray(crop, np.uint8), Grammar.NUMBER)
    field = reading.as_field(FieldName.NUMBER, accept_at, box=box)
    return _as_given(field, sheet, 1 / scale)


def _as_given(field: FieldReading, sheet: Box, scale: float) -> FieldReading:
    """Return a field that was read in a smaller part as one of the image that was given."""
    characters = tuple(
        replace(
            character,
            box=_placed(character.box, sheet, scale) if character.box else None,
            shape=moved(character.shape, sheet.x, sheet.y, scale) if character.shape else None,
        )
        for character in field.characters
    )
    box = _placed(field.box, sheet, scale) if field.box else None
    return replace(field, box=box, characters=characters)


def _placed(box: Box, sheet: Box, scale: float) -> Box:
    width, height = (max(1, round(side * scale)) for side in (box.width, box.height))
    return Box(sheet.x + round(box.x * scale), sheet.y + round(box.y * scale), width, height)


def _writing_box(ink: NDArray[np.uint8]) -> Box:
    """Return where the ink (255) is, with a margin; all of the image where it can't be told."""
    height, width = ink.shape
    _, mask = cv2.threshold(ink, 0, 255, cv2.THRESH_OTSU)
    pieces = _pieces_of_number(np.asarray(mask, np.uint8))
    if not len(pieces):
        return Box(0, 0, width, height)
    left, top = pieces[:, :2].min(axis=0).tolist()
    columns, rows = (pieces[:, :2] + pieces[:, 2:4]).max(axis=0).tolist()
    columns, rows = columns - left, rows - top
    margin = round(_MARGIN_SHARE * rows) + 4
    x, y = max(0, left - margin), max(0, top - margin)
    right, bottom = min(width, left + columns + margin), min(height, top + rows + margin)
    return Box(x, y, right - x, bottom - y)


def _pieces_of_number(mask: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return x, y, width, height, area of each piece of ink but specks and what intrudes.

    Ink at the image's edge belongs to the number where it stands in its row, as in a close crop.
    """
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    pieces: NDArray[np.int32] = np.asarray(stats[1:], np.int32)
    if not len(pieces):
        return pieces
    pieces = pieces[pieces[:, cv2.CC_STAT_AREA] >= _SPECK_SHARE * pieces[:, cv2.CC_STAT_AREA].max()]
    x, y, width, height = pieces[:, :4].T
    bottom = y + height
    is_cut: NDArray[np.bool_] = (
        (x == 0) | (y == 0) | (x + width == mask.shape[1]) | (bottom == mask.shape[0])
    )
    if is_cut.all():
        return pieces
    row_top, row_bottom = y[~is_cut].min(), bottom[~is_cut].max()
    in_row = np.minimum(bottom, row_bottom) - np.maximum(y, row_top)
    kept: NDArray[np.int32] = pieces[~is_cut | (2 * in_row >= height)]
    return kept
