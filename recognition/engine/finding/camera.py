"""From an outline as seen to the paper: its proportions, the camera's tilt, and the flat view.

A rectangle seen by a camera of known focal length tells its own proportions and how it is tilted
(Zhang and He, *Whiteboard scanning and image enhancement*, 2007, equations 11 to 20).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_FOCAL = 0.85  # of the image's longer side: main cameras of telephones have 0.7 to 1
_PAPERS_MM = ((202.0, 92.0), (152.4, 69.85), (215.9, 88.9))
_ALIKE = 0.12  # by which proportions as seen may miss those of a paper, for the focal length
_WIDTH_SLACK_MM = 5.0
_TILTED = 20.0  # degrees
_MOST_PIXELS_A_MM = 12.0


@dataclass(frozen=True, slots=True)
class View:
    """How a sheet is seen: its proportions, and how far the camera is from straight above."""

    proportions: float  # width by height
    tilt_degrees: float


def view_of(quad: NDArray[np.float64], size: tuple[int, int]) -> View:
    """Return how the sheet with these corners, clockwise from its top left, is seen."""
    focal = _FOCAL * max(size)
    middle = np.array(size) / 2
    top_left, top_right, bottom_right, bottom_left = (
        np.append((corner - middle) / focal, 1.0) for corner in quad
    )
    diagonal = np.cross(top_left, bottom_right)
    right = _ratio(diagonal @ bottom_left, np.cross(top_right, bottom_right) @ bottom_left)
    down = _ratio(diagonal @ top_right, np.cross(bottom_left, bottom_right) @ top_right)
    across, along = right * top_right - top_left, down * bottom_left - top_left
    normal = np.cross(across, along)
    upright = abs(_ratio(float(normal[2]), float(np.hypot(np.hypot(*normal[:2]), normal[2]))))
    proportions = _ratio(float(np.sqrt(across @ across)), float(np.sqrt(along @ along)))
    return View(proportions, float(np.degrees(np.arccos(min(upright, 1.0)))))


def paper_size(proportions: float, width_mm: float | None = None) -> tuple[float, float]:
    """Return the size of the paper, width and height in mm: one that is known, or as seen."""
    if width_mm is None:
        nearest = min(_PAPERS_MM, key=lambda size: abs(proportions * size[1] / size[0] - 1))
        if abs(proportions * nearest[1] / nearest[0] - 1) < _ALIKE:
            return nearest
        return _PAPERS_MM[0][0], _PAPERS_MM[0][0] / max(proportions, 1.0)
    for width, height in _PAPERS_MM:
        if abs(width - width_mm) < _WIDTH_SLACK_MM:
            return width, height
    return width_mm, width_mm / max(proportions, 1.0)


def slack(view: View, least: float, most: float) -> float:
    """Return the logarithm by which proportions as seen may miss those of the paper.

    Straight from above they are those of the paper, and an outline of others is another's: a rule's
    or a coloured part's. The farther the camera tilts, the more its focal length counts, which
    nobody told.
    """
    return least + (most - least) * min(view.tilt_degrees / _TILTED, 1.0)


def is_paper(size_mm: tuple[float, float]) -> bool:
    """Tell whether cheques are printed on paper of this size, width and height."""
    return size_mm in _PAPERS_MM


def flat_pixels(
    quad: NDArray[np.float64], size_mm: tuple[float, float], most: float = _MOST_PIXELS_A_MM
) -> tuple[int, int]:
    """Return width and height of a flat view that loses nothing of what the image shows."""
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    pixels_a_mm = min(max(sides[0], sides[2]) / size_mm[0], most)
    return max(round(size_mm[0] * pixels_a_mm), 16), max(round(size_mm[1] * pixels_a_mm), 16)


def to_image(quad: NDArray[np.float64], pixels: tuple[int, int]) -> NDArray[np.float64]:
    """Return the homography, (3, 3), from a flat view of so many pixels to the image."""
    width, height = pixels
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(flat, quad.astype(np.float32)), np.float64)


def flattened(
    grey: NDArray[np.uint8], homography: NDArray[np.float64], pixels: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return the flat view."""
    return np.asarray(
        cv2.warpPerspective(
            grey,
            homography,
            pixels,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )


def _ratio(upper: float, lower: float) -> float:
    return float(upper / lower) if abs(lower) > 1e-12 else 1.0  # noqa: PLR2004 - no rectangle
