"""Straighten the MICR row into a strip of cells of fixed size, the network's view of it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.line import percentiles
from recognition.engine.micr.locate import MicrRow

CELL_WIDTH = 24
STRIP_HEIGHT = 32
GLYPH_HEIGHT = 22.5
"""Pixels of the strip: 0.117 inch where 0.125 inch are 24."""

_PAST_THE_EDGE = (
    3  # columns of a cell's window beyond its right end: the glyph stands in its middle
)


def straighten(grey: NDArray[np.uint8], row: MicrRow, before: int, after: int) -> NDArray[np.uint8]:
    """Return the row with ``before`` cells more at its left and ``after`` at its right.

    The strip is (32, 24 * cells), 0 = black; cell ``i`` ends at column ``24 * (i + 1)``. What lies
    outside the image is white.
    """
    cells = row.cells + before + after
    factor = row.pitch / CELL_WIDTH
    if factor > 1.8:  # noqa: PLR2004 - linear sampling would miss ink from about two pixels a pixel on
        shrink = 1.5 / factor
        grey = np.asarray(
            cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8
        )
        row = row.scaled(shrink)
    across = np.array(row.step) / CELL_WIDTH
    down = np.array((-across[1], across[0]))
    corner = np.array(row.origin) - (before + 1) * CELL_WIDTH * across - STRIP_HEIGHT / 2 * down
    to_image = np.column_stack([across, down, corner])
    return np.asarray(
        cv2.warpAffine(
            grey,
            to_image,
            (cells * CELL_WIDTH, STRIP_HEIGHT),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        ),
        np.uint8,
    )


def normalise(strip: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return ink in [0, 1] (0 = paper, 1 = the darkest ink), whatever the light.

    Paper is the local maximum of the blurred strip, so that a shadow across it does not count.
    """
    lightest = cv2.dilate(strip, np.ones((9, 25), np.uint8))
    paper = cv2.GaussianBlur(lightest, (0, 0), 8, borderType=cv2.BORDER_REPLICATE).astype(
        np.float32
    )
    ink = np.clip((paper - strip) / np.maximum(paper, 1.0), 0.0, 1.0)
    (darkest,) = percentiles(ink, 97)
    return np.clip(ink / max(darkest, 0.2), 0.0, 1.0).astype(np.float32)


def cell_images(ink: NDArray[np.float32], right_edges: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the cells that end at these columns as a batch, (cells, 32, 24, 1)."""
    padded = np.pad(ink, ((0, 0), (CELL_WIDTH, CELL_WIDTH)))
    starts = np.round(right_edges).astype(int) + _PAST_THE_EDGE
    return np.stack([padded[:, start : start + CELL_WIDTH] for start in starts])[..., None]
