"""The 14 E-13B characters, drawn by code on the grid of the standard.

ANSI X9.100-160 (once X9.27) builds every character of squares of 0.013 inch, 7 wide and 9 high,
with the right edges in line. Some strokes end on half squares, so the drawings below have two
columns and two rows a square: 14 by 18. A trailing row or column left out is empty.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.micr.symbols import AMOUNT, DASH, ON_US, TRANSIT

HALF_SQUARES_WIDE = 14
HALF_SQUARES_HIGH = 18
HALF_SQUARES_A_CELL = 0.125 / 0.0065


def _rows(*runs: tuple[int, str]) -> list[str]:
    return [row for count, row in runs for _ in range(count)]


_DRAWINGS = {
    "0": _rows((1, "  ##########  "), (1, " ############ "), (14, "##          ##"),
               (1, " ############ "), (1, "  ##########  ")),
    "1": _rows((3, "      ####    "), (7, "        ##    "), (8, "      ########")),
    "2": _rows((2, "      ########"), (6, "            ##"), (2, "      ########"),
               (6, "      ##      "), (2, "      ########")),
    "3": _rows((2, "    ########  "), (6, "          ##  "), (1, "    ########  "),
               (1, "    ##########"), (6, "          ####"), (2, "    ##########")),
    "4": _rows((10, "  ####        "), (2, "  ####    ####"), (2, "  ############"),
               (4, "          ####")),
    "5": _rows((2, "    ##########"), (6, "    ##        "), (2, "    ##########"),
               (6, "            ##"), (2, "    ##########")),
    "6": _rows((2, "  ########    "), (3, "  ##    ##    "), (5, "  ##          "),
               (2, "  ############"), (4, "  ##        ##"), (2, "  ############")),
    "7": _rows((2, "    ##########"), (4, "    ##      ##"), (1, "            ##"),
               (1, "          ####"), (1, "        ####  "), (1, "        ###   "),
               (8, "        ##    ")),
    "8": _rows((2, "  ##########  "), (6, "  ##      ##  "), (1, "  ##########  "),
               (1, "##############"), (6, "####      ####"), (2, "##############")),
    "9": _rows((2, "  ############"), (6, "  ##        ##"), (2, "  ############"),
               (8, "          ####")),
    TRANSIT: _rows((3, "        ######"), (3, "####    ######"), (6, "####          "),
                   (3, "####    ######"), (3, "        ######")),
    AMOUNT: _rows((4, "          ####"), (4, "      ##  ####"), (2, "      ##      "),
                  (4, "####  ##      "), (4, "####          ")),
    ON_US: _rows((1, ""), (2, "        ######"), (6, "##  ##  ######"), (6, "##  ##        ")),
    DASH: _rows((5, ""), (8, "####  ####  ##")),
}  # fmt: skip


def draw_glyph(character: str) -> NDArray[np.uint8]:
    """Return a character as ink on the grid, (18, 14), 255 = ink.

    >>> int(draw_glyph("1").max(axis=0).sum() // 255)  # the narrow 1 is four squares wide
    8
    """
    grid = np.zeros((HALF_SQUARES_HIGH, HALF_SQUARES_WIDE), np.uint8)
    for y, row in enumerate(_DRAWINGS[character]):
        for x, mark in enumerate(row):
            if mark == "#":
                grid[y, x] = 255
    return grid


def draw_line(text: str, pixels_a_mm: float) -> NDArray[np.uint8]:
    """Return a line of cells (blanks included), 255 = ink, its glyphs 2.97 mm high and no margins.

    Drawn eight times as fine and averaged down, so that it has the grey edges of a scan.
    """
    fine = 8
    cell = round(HALF_SQUARES_A_CELL * fine)
    canvas = np.zeros((HALF_SQUARES_HIGH * fine, cell * len(text)), np.uint8)
    for position, character in enumerate(text):
        if character == " ":
            continue
        glyph = cv2.resize(
            draw_glyph(character), None, fx=fine, fy=fine, interpolation=cv2.INTER_NEAREST
        )
        right = (position + 1) * cell
        canvas[:, right - glyph.shape[1] : right] = glyph
    factor = 0.0065 * 25.4 * pixels_a_mm / fine
    return np.asarray(
        cv2.resize(canvas, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
    )
