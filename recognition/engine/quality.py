"""Image quality assessment: the part of the classic sixteen defects that one front image tells.

After the FSTC's *Image Defect Metrics* (2004): skew, framing, too light or dark, contrast, focus,
resolution, size. Each measure has its unit in its name; limits are set where reading starts to fail
on drawn cheques, not by taste.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.line import percentiles
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet
from recognition.engine.types import Lie, QualityMetric, Verdict

_PIXELS_A_MM = 4.0
_FACE_PIXELS_A_MM = 1.0
_BLACK = 64  # a square millimetre of writing or print is lighter
_BAND_SHARES = (0.22, 0.79)  # of the sheet's width: where most of a line stands
_BAND_MM = (12.0, 3.0)  # above the foot

ROW_FOUND = "micr_row_found"

_LIMITS: dict[str, tuple[float, bool, str]] = {
    # name: limit, whether more is better, advice
    "resolution_dpi": (90.0, True, "Come closer, or scan with at least 200 dpi."),
    "tilt_degrees": (40.0, False, "Hold the phone parallel to the cheque, straight above it."),
    "skew_degrees": (10.0, False, "Lay the cheque straight."),
    "cut_off_mm": (6.0, False, "Show the whole cheque with all four edges."),
    "paper_brightness": (110.0, True, "Use more light, or a longer exposure."),
    "black_share": (0.2, False, "Large parts are black: scan lighter, or in grey."),
    "glare_share": (0.35, False, "Avoid glare: turn the cheque away from the lamp."),
    "contrast": (45.0, True, "The print is too pale: scan darker, or use more light."),
    "sharpness": (0.25, True, "Hold still and focus on the print."),
}


def assess(
    grey: NDArray[np.uint8], sheet: Sheet, *, row_found: bool, lie: Lie | None = None
) -> tuple[QualityMetric, ...]:
    """Return the measures of an upright image in which the sheet lies.

    ``grey`` is (height, width), 0 = black. ``lie`` tells how a flat view came about: what was lost
    on the way to the camera is measured there. Without it and without a MICR row the sheet's place
    is a guess, so that only what does not need it is measured.
    """
    whole = Region(0.0, 0.0, sheet.width_mm, sheet.height_mm)
    face = sheet.cut(grey, whole, _FACE_PIXELS_A_MM).grey
    dark, paper = percentiles(face, 1, 75)
    measures = {
        "resolution_dpi": sheet.pixels_a_mm * 25.4,
        "paper_brightness": paper,
        "black_share": float((face < _BLACK).mean()),
        "glare_share": float((face >= 254).mean()) if paper < 250 else 0.0,  # noqa: PLR2004
        "contrast": paper - dark,
    }
    if row_found:
        measures["skew_degrees"] = abs(sheet.skew_degrees)
        measures["cut_off_mm"] = _cut_off_mm(grey.shape, sheet)
    if lie is not None:
        measures["resolution_dpi"] = min(measures["resolution_dpi"], lie.resolution_dpi)
        measures["cut_off_mm"] = lie.cut_off_mm
        measures["tilt_degrees"] = lie.tilt_degrees
    if row_found or lie is not None:
        printed = _band(sheet) if row_found else whole
        measures["sharpness"] = _sharpness(sheet.cut(grey, printed, _PIXELS_A_MM).grey)
    return (
        *(_metric(name, value) for name, value in measures.items()),
        QualityMetric(
            ROW_FOUND,
            float(row_found),
            1.0,
            Verdict.PASSED if row_found else Verdict.FAILED,
            "" if row_found else "Show the cheque's lower edge with its line of odd figures.",
        ),
    )


def _band(sheet: Sheet) -> Region:
    left, right = (share * sheet.width_mm for share in _BAND_SHARES)
    top, bottom = (sheet.height_mm - above for above in _BAND_MM)
    return Region(left, top, right, bottom)


def _metric(name: str, value: float) -> QualityMetric:
    limit, more_is_better, advice = _LIMITS[name]
    passed = value >= limit if more_is_better else value <= limit
    verdict = Verdict.PASSED if passed else Verdict.FAILED
    return QualityMetric(name, value, limit, verdict, "" if passed else advice)


def _cut_off_mm(shape: tuple[int, ...], sheet: Sheet) -> float:
    """Return how far the sheet's farthest corner lies outside the image."""
    height, width = shape[:2]
    corners = (
        np.array([[x, y, 1.0] for x in (0.0, sheet.width_mm) for y in (0.0, sheet.height_mm)])
        @ sheet.to_image.T
    )
    outside = np.maximum(np.maximum(-corners, corners - (width, height)), 0.0)
    return float(np.hypot(*outside.T).max() / sheet.pixels_a_mm)


def _sharpness(band: NDArray[np.uint8]) -> float:
    """Return the steepest edges' slope as a share of the contrast, a pixel of a quarter millimetre.

    0.5 is an edge as sharp as that sampling shows; the 99.5th percentile is the MICR print's edge.
    """
    slope = np.abs(cv2.Sobel(band, cv2.CV_32F, 1, 0, ksize=3)) / 8
    dark, light = percentiles(band, 1, 90)
    return percentiles(slope, 99.5)[0] / max(light - dark, 1.0)
