"""Find the cheques in an image, and show the first of them flat and upright.

A scan that one cheque fills is left as it is. In anything else sheets are looked for by their
outlines, and a sheet is a cheque where its MICR line reads; where no outline leads to a line, the
line itself is looked for, turned by steps of 20 degrees.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.finding.camera import (
    flat_pixels,
    flattened,
    paper_size,
    to_image,
    view_of,
)
from recognition.engine.finding.edges import Quad, edges_of
from recognition.engine.finding.outlines import find_outlines, overlap
from recognition.engine.image import Planes, shrink_whole
from recognition.engine.layouts.library import locate
from recognition.engine.micr.locate import PITCH_MM, find_row
from recognition.engine.micr.reader import MicrLine, MicrReader
from recognition.engine.types import Lie
from recognition.engine.upright import Upright, set_upright

_SCAN = 1.9
"""Width by height from which on an image is a scan that one cheque fills: photographs and pages are
squarer (16:9 is 1.78), cheques longer."""

_LEAST_SIDE = 300  # pixels: a cheque that fills a part of a smaller image can't be read
_SURE = 0.9  # of a line, all characters together
_ENOUGH = 4  # cheques on one page
_APART = 0.1
_FOOT = 0.62  # of the height: the line stands below it
_TRIAL_PIXELS_A_MM = 6.5
_SEARCH_SIDE = 1400
_STEP_DEGREES = 20
_PAPER = 232.0
_MOST_GAIN = 5.0


@dataclass(frozen=True, slots=True)
class Found:
    """An upright cheque, how it lay in the image, and the corners of others beside it.

    ``as_lit`` is the plain grey before the light was evened out; quality is measured on it.
    ``lie`` is ``None`` where the image was left as it is but for quarter turns.
    """

    upright: Upright
    as_lit: NDArray[np.uint8]
    lie: Lie | None = None
    others: tuple[Lie, ...] = ()


def find_cheque(planes: Planes, reader: MicrReader) -> Found:
    """Return the first cheque of an image, or the image as it is where none is told from it."""
    width, height = planes.size
    is_scan = max(width, height) >= _SCAN * min(width, height)
    if is_scan:
        upright = set_upright(planes, reader)
        if upright.line is not None and upright.line.fields is not None:
            return Found(upright, upright.planes.plain)
    if min(width, height) >= _LEAST_SIDE:
        seen = _cheques(planes, reader)
        if seen:
            seen.sort(key=lambda lie: _place(lie, height))
            shown = _shown(planes, seen[0], reader)
            if shown is not None:
                return replace(shown, others=tuple(seen[1:]))
    if not is_scan:
        upright = set_upright(planes, reader)
    return Found(upright, upright.planes.plain)


def _cheques(planes: Planes, reader: MicrReader) -> list[Lie]:
    """Return how the sheets lie on which a line reads, each the way up that its line tells.

    Of outlines of one sheet the first counts whose line reads surely, else the surest.
    """
    seen: list[tuple[float, Quad, Lie]] = []
    for quad in find_outlines(edges_of(planes)):
        rivals = [one for one in seen if overlap(quad, one[1]) > _APART]
        if any(confidence >= _SURE for confidence, _, _ in rivals):
            continue
        read = _read_by_outline(planes, quad, reader)
        if read is None or any(confidence >= read[0] for confidence, _, _ in rivals):
            continue
        seen = [one for one in seen if all(one is not rival for rival in rivals)]
        seen.append((read[0], quad, read[1]))
        if len(seen) == _ENOUGH:
            break
    if seen:
        return [lie for _, _, lie in seen]
    lie = _found_by_line(planes, reader)
    return [] if lie is None else [lie]


def _read_by_outline(planes: Planes, quad: Quad, reader: MicrReader) -> tuple[float, Lie] | None:
    for turned in (quad, np.roll(quad, 2, axis=0)):
        view = view_of(turned, planes.size)
        size_mm = paper_size(view.proportions)
        pixels = flat_pixels(turned, size_mm, _TRIAL_PIXELS_A_MM)
        flat = flattened(planes.plain, to_image(turned, pixels), pixels)
        foot = _evened(flat[round(_FOOT * pixels[1]) :])
        line = _line_in(foot, reader)
        if line is not None and line.fields is not None:
            width_mm = pixels[0] / line.row.pitch * PITCH_MM
            lie = _lie(turned, planes, paper_size(view.proportions, width_mm))
            return line.confidence, lie
    return None


def _lie(quad: Quad, planes: Planes, size_mm: tuple[float, float]) -> Lie:
    pixels = flat_pixels(quad, size_mm)
    matrix = to_image(quad, pixels)
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    across, down = min(sides[0], sides[2]) / size_mm[0], min(sides[1], sides[3]) / size_mm[1]
    outside = np.maximum(np.maximum(-quad, quad - np.array(planes.size)), 0.0)
    return Lie(
        corners=tuple((float(x), float(y)) for x, y in quad),
        to_image=tuple(float(value) for value in (matrix / matrix[2, 2]).ravel()),
        width=pixels[0],
        height=pixels[1],
        tilt_degrees=view_of(quad, planes.size).tilt_degrees,
        resolution_dpi=float(min(across, down)) * 25.4,
        cut_off_mm=float(np.hypot(*outside.T).max() / max(across, 0.1)),
    )


def _shown(planes: Planes, lie: Lie, reader: MicrReader) -> Found | None:
    """Return the flat view and the line as it reads there."""
    matrix = np.array(lie.to_image).reshape(3, 3)
    pixels = (lie.width, lie.height)
    plain, grey = (flattened(plane, matrix, pixels) for plane in (planes.plain, planes.grey))
    flat = Planes(_evened(plain), _evened(grey))
    top = round(_FOOT * lie.height)
    row = find_row(flat.plain[top:])
    line = reader.read(flat.plain, row.moved(0, top)) if row is not None else None
    if line is None or line.fields is None:
        return None
    return Found(Upright(flat, 0, line), plain, lie)


def _line_in(grey: NDArray[np.uint8], reader: MicrReader) -> MicrLine | None:
    row = find_row(grey)
    return reader.read(grey, row) if row is not None else None


def _found_by_line(planes: Planes, reader: MicrReader) -> Lie | None:
    """Return the sheet about a line that reads in some direction; its tilt stays unknown."""
    times = max(1, round(max(planes.size) / _SEARCH_SIDE))
    small = shrink_whole(planes.plain, times)
    height, width = small.shape
    side = float(np.hypot(width, height))
    for degrees in range(0, 360, _STEP_DEGREES):
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        turn[:, 2] += (side / 2 - width / 2, side / 2 - height / 2)
        turned = cv2.warpAffine(
            small, turn, (round(side), round(side)), borderMode=cv2.BORDER_REPLICATE
        )
        line = _line_in(np.asarray(turned, np.uint8), reader)
        if line is None or line.fields is None:
            continue
        sheet = locate(line, (round(side), round(side))).sheet
        corners = (
            np.array(
                [
                    (0, 0, 1),
                    (sheet.width_mm, 0, 1),
                    (sheet.width_mm, sheet.height_mm, 1),
                    (0, sheet.height_mm, 1),
                ]
            )
            @ sheet.to_image.T
        )
        back = cv2.invertAffineTransform(turn)
        quad = (corners @ back[:, :2].T + back[:, 2]) * times
        return _lie(quad, planes, (sheet.width_mm, sheet.height_mm))
    return None


def _evened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return paper equally light everywhere: each place divided by the paper's light about it."""
    small = cv2.resize(grey, (grey.shape[1] // 16 + 1, grey.shape[0] // 16 + 1),
                       interpolation=cv2.INTER_AREA)  # fmt: skip
    light = cv2.dilate(small, np.ones((3, 3), np.uint8))
    light = cv2.GaussianBlur(light.astype(np.float32), (0, 0), 2.0)
    gain = np.minimum(_PAPER / np.maximum(light, 1.0), _MOST_GAIN)
    gain = cv2.resize(gain, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(grey, gain, dtype=cv2.CV_8U), np.uint8)


def _place(lie: Lie, height: int) -> tuple[int, float]:
    """Return what puts cheques in reading order: rows of a tenth of the image, left to right."""
    x, y = np.mean(lie.corners, axis=0)
    return int(10 * y / height), float(x)
