"""A cheque as a sheet of paper: places in millimetres, wherever and however it lies in the image.

The origin is top left. Ruler and anchor is the MICR row, whose place on the paper varies less
(0.5 mm) than that of any other print or of the scan's own edges; ``layouts`` knows that place.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.image import shrink_whole
from recognition.engine.micr.locate import PITCH_MM, MicrRow
from recognition.engine.region import Region
from recognition.engine.types import Box

WIDTH_MM = 202.0
HEIGHT_MM = 92.0
"""The sheet of CTS-2010."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A straightened piece of the sheet, (height, width), 0 = black, and its way back."""

    grey: NDArray[np.uint8]
    pixels_a_mm: float
    to_image: NDArray[np.float64]  # (2, 3): snippet pixels to image pixels

    def image_box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return the upright rectangle in the image around a rectangle of the snippet."""
        corners = np.array(
            [[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]], np.float64
        )
        return bounding_box(corners @ self.to_image.T)

    @property
    def box(self) -> Box:
        """The whole snippet's place in the image."""
        height, width = self.grey.shape
        return self.image_box(0, 0, width, height)

    def part(self, left: int, top: int, right: int, bottom: int) -> "Snippet":
        """Return a piece of the snippet; its pixels are shared, not copied."""
        moved = self.to_image.copy()
        moved[:, 2] += self.to_image[:, :2] @ (left, top)
        return Snippet(self.grey[top:bottom, left:right], self.pixels_a_mm, moved)

    def line(self, middle: float, height: float, scale: float) -> "Snippet":
        """Return a band about row ``middle``, ``height`` pixels high, enlarged by ``scale``."""
        size = (round(self.grey.shape[1] * scale), round(height * scale))
        here = np.array([[1 / scale, 0.0, 0.0], [0.0, 1 / scale, middle - height / 2]])
        grey = cv2.warpAffine(
            self.grey,
            here,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        linear = self.to_image[:, :2]
        corner = linear @ here[:, 2] + self.to_image[:, 2]
        matrix = np.column_stack([linear / scale, corner])
        return Snippet(np.asarray(grey, np.uint8), self.pixels_a_mm * scale, matrix)


def bounding_box(points: NDArray[np.float64]) -> Box:
    """Return the smallest upright box around points, (n, 2), in whole pixels."""
    left, top = np.floor(points.min(axis=0)).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    return Box(int(left), int(top), int(right - left), int(bottom - top))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One image with the sheet's place in it."""

    to_image: NDArray[np.float64]  # (2, 3): millimetres on the sheet to image pixels
    width_mm: float = WIDTH_MM
    height_mm: float = HEIGHT_MM

    @property
    def pixels_a_mm(self) -> float:
        """The image's resolution on the paper."""
        return float(np.hypot(self.to_image[0, 0], self.to_image[1, 0]))

    @property
    def skew_degrees(self) -> float:
        """How far the sheet is turned in the image, clockwise positive."""
        return float(np.degrees(np.arctan2(self.to_image[1, 0], self.to_image[0, 0])))

    def cut(
        self, grey: NDArray[np.uint8], region: Region, pixels_a_mm: float, slope: float = 0.0
    ) -> Snippet:
        """Return a region, straightened, at the resolution asked for; beyond the image: white.

        A row that falls by ``slope`` mm a mm is made level about the region's middle.
        """
        width = round((region.right - region.left) * pixels_a_mm)
        height = round((region.bottom - region.top) * pixels_a_mm)
        linear = self.to_image[:, :2] @ ((1.0, 0.0), (slope, 1.0))
        top = region.top - slope * (region.right - region.left) / 2
        corner = self.to_image[:, :2] @ (region.left, top) + self.to_image[:, 2]
        matrix = np.column_stack([linear / pixels_a_mm, corner])
        shrink = pixels_a_mm / self.pixels_a_mm
        source, sampling = grey, matrix
        if shrink < 0.6:  # noqa: PLR2004 - linear sampling would miss ink from there on
            source, sampling = _shrunk(grey, matrix, (width, height), shrink)
        pixels = cv2.warpAffine(
            source,
            sampling,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        )
        return Snippet(np.asarray(pixels, np.uint8), pixels_a_mm, matrix)


def _shrunk(
    grey: NDArray[np.uint8], matrix: NDArray[np.float64], size: tuple[int, int], shrink: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Average the part of the image that is needed down to the resolution wanted, nearly."""
    corners = np.array([[0, 0, 1], [size[0], 0, 1], [size[0], size[1], 1], [0, size[1], 1]])
    box = bounding_box(corners @ matrix.T)
    left, top = max(box.x - 2, 0), max(box.y - 2, 0)
    right = min(box.x + box.width + 2, grey.shape[1])
    bottom = min(box.y + box.height + 2, grey.shape[0])
    if right - left < 1 or bottom - top < 1:
        return grey, matrix
    times = int(1 / shrink)
    moved = matrix.copy()
    moved[:, 2] -= (left, top)
    return shrink_whole(grey[top:bottom, left:right], times), moved / times


def sheet_by_row(row: MicrRow, at: tuple[float, float], size: tuple[float, float]) -> Sheet:
    """Return the sheet of ``size`` mm on which the row begins ``at`` mm: its ``origin``'s place."""
    across = np.array(row.step) / PITCH_MM
    down = np.array((-across[1], across[0]))
    corner = np.array(row.origin) - at[0] * across - at[1] * down
    return Sheet(np.column_stack([across, down, corner]), *size)


def sheet_by_edges(
    width: int, height: int, size: tuple[float, float] = (WIDTH_MM, HEIGHT_MM)
) -> Sheet:
    """Return the sheet of ``size`` mm that fills an image, for want of anything better."""
    across, down = width / size[0], height / size[1]
    return Sheet(np.array([[across, 0.0, 0.0], [0.0, down, 0.0]]), *size)
