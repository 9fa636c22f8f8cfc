"""Find the cheques in an image, and show the first of them flat and upright.

A scan that one cheque fills is left as it is. In anything else sheets are looked for by their
outlines, and a sheet is a cheque where its MICR line reads; where no outline leads to a line, the
line itself is looked for in the directions in which rows of marks run, and the sheet about it.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.finding.around_line import predicted_sheet, sheet_about, stretch_of
from recognition.engine.finding.camera import (
    View,
    flat_pixels,
    flattened,
    is_paper,
    paper_size,
    slack,
    to_image,
    view_of,
)
from recognition.engine.finding.directions import row_directions
from recognition.engine.finding.edges import Edges, Quad, edges_of
from recognition.engine.finding.light import evened, sharpened
from recognition.engine.finding.outlines import find_outlines, overlap, share_within
from recognition.engine.image import Planes, shrink_whole
from recognition.engine.layouts.library import CTS_2010, built_in, locate
from recognition.engine.micr.locate import PITCH_MM, row_in
from recognition.engine.micr.reader import MicrLine, MicrReader
from recognition.engine.sheet import HEIGHT_MM, WIDTH_MM, Sheet, sheet_by_row
from recognition.engine.types import MOST_ON_A_PAGE, Lie
from recognition.engine.upright import Upright, set_upright

_SCAN = 1.9
"""Width by height from which on an image is a scan that one cheque fills: photographs and pages are
squarer (16:9 is 1.78), cheques longer."""

_LEAST_SIDE = 300  # pixels: a cheque that fills a part of a smaller image can't be read
_SURE = 0.9  # of a line, all characters together
_APART = 0.1
_FOOT = 0.62  # of the height: the line stands below it
_TRIAL_PIXELS_A_MM = 6.5
_LINE_WIDTH = 1300  # pixels of a sheet in which its line is looked for
_SEARCH_SIDE = 1400
_DIRECTIONS = 8  # of rows of marks: a page may hold several cheques, and printed matter
_BANDS = 4  # outlines below which a line is looked for in vain
_PART = (0.2, 3.0)  # of a cheque's area: what another's coloured part may have, or all of it
_BELOW = (0.8, 1.7)  # of an outline's height, where its line is looked for
_NEARLY_DEGREES = 12.0
_TURNED = 4  # directions that are searched without an outline, both ways up
_SQUEEZED = (1.2, 0.83)  # height of the view searched: tilt makes figures narrow, or low
_WHOLE = (0.05, 0.16)  # logarithm by which a whole sheet's proportions may seem wrong, tilted most
_TRUE = (0.07, 0.16)  # the same, of the line's glyphs in a whole sheet's view
_PARTIAL = 0.5  # what a line counts that tells of an outline that is too short
_LIKE_A_LINE = 12  # glyphs
_APPROACHES = 3  # each from a flatter view than the one before
_BORDER = 0.008  # of the image's longer side: what lies no farther from its end lies there
_PLAIN = 0.9  # support of an outline that stands for a sheet without a line that reads
_THERE = 0.01  # of the width: what a corner moves no farther than is where it was
_USUAL_SHEET = (built_in(CTS_2010).anchor_at, (WIDTH_MM, HEIGHT_MM))


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
    unread: Lie | None = None
    if min(width, height) >= _LEAST_SIDE:
        edges = edges_of(planes)
        outlines = find_outlines(edges)
        seen = _cheques(planes, edges, outlines, reader)
        if seen:
            seen.sort(key=lambda lie: _place(lie, height))
            shown = cheque_at(seen[0], planes, reader)
            if shown.upright.line is not None:
                return replace(shown, others=tuple(seen[1:]))
        unread = None if is_scan else _without_line(planes, edges, outlines)
    if not is_scan:
        upright = set_upright(planes, reader)
    if unread is not None and upright.has_no_form:
        return cheque_at(unread, planes, reader)
    return Found(upright, upright.planes.plain)


def cheque_at(lie: Lie, planes: Planes, reader: MicrReader) -> Found:
    """Return the flat view of what lies so in an image, and the line where it reads there."""
    matrix = np.array(lie.to_image).reshape(3, 3)
    pixels = (lie.width, lie.height)
    plain, grey = (flattened(plane, matrix, pixels) for plane in (planes.plain, planes.grey))
    flat = Planes(sharpened(evened(plain)), sharpened(evened(grey)))
    top = round(_FOOT * lie.height)
    scale = min(_LINE_WIDTH / lie.width, 1.0)
    foot = cv2.resize(flat.plain[top:], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    row = row_in(np.asarray(foot, np.uint8))
    line = reader.read(flat.plain, row.scaled(1 / scale).moved(0, top)) if row is not None else None
    has_form = line is not None and line.fields is not None
    return Found(Upright(flat, 0, line if has_form else None), plain, lie)


def _cheques(planes: Planes, edges: Edges, outlines: list[Quad], reader: MicrReader) -> list[Lie]:
    """Return how the sheets lie on which a line reads, each the way up that its line tells.

    Of outlines of one sheet the first counts whose line reads surely, else the surest.
    """
    times = max(1, round(max(planes.size) / _SEARCH_SIDE))
    small = shrink_whole(planes.plain, times)
    directions = row_directions(small, _DIRECTIONS)
    along = [any(_runs(quad, one) for one in directions) for quad in outlines]
    seen: list[tuple[float, Quad, Lie]] = []
    # Where no row of marks runs along its sides there is hardly a line.
    for wanted in (True, False):
        chosen = [
            quad for quad, is_along in zip(outlines, along, strict=True) if is_along == wanted
        ]
        seen = seen or _readable(planes, edges, chosen, reader)
    lies = [lie for _, _, lie in seen]
    bands = [quad for quad, is_along in zip(outlines, along, strict=True) if is_along]
    _find_below(planes, edges, bands, reader, lies)
    if lies:
        return lies
    lie = _found_by_line(planes, edges, reader, small, directions)
    return [] if lie is None else [lie]


def _readable(
    planes: Planes, edges: Edges, outlines: list[Quad], reader: MicrReader
) -> list[tuple[float, Quad, Lie]]:
    """Return how surely lines read within outlines that do not overlap, and how the sheets lie."""
    seen: list[tuple[float, Quad, Lie]] = []
    for quad in outlines:
        rivals = [one for one in seen if overlap(quad, one[1]) > _APART]
        if any(confidence >= _SURE for confidence, _, _ in rivals):
            continue
        read = _read_by_outline(planes, edges, edges.in_image(edges.snapped(quad)), reader)
        if read is None or any(confidence >= read[0] for confidence, _, _ in rivals):
            continue
        seen = [one for one in seen if all(one is not rival for rival in rivals)]
        seen.append((read[0], quad, read[1]))
        if len(seen) == MOST_ON_A_PAGE:
            break
    return seen


def _runs(quad: Quad, degrees: float) -> bool:
    """Tell whether a long side runs in a direction, nearly."""
    for start, end in ((quad[0], quad[1]), (quad[3], quad[2])):
        x, y = end - start
        off = (np.degrees(np.arctan2(y, x)) - degrees + 90.0) % 180.0 - 90.0
        if abs(off) < _NEARLY_DEGREES:
            return True
    return False


def _read_by_outline(
    planes: Planes, edges: Edges, quad: Quad, reader: MicrReader, *, as_guess: bool = False
) -> tuple[float, Lie] | None:
    """Return how surely a line reads within an outline, and how the sheet about it lies."""
    for turned in (quad, np.roll(quad, 2, axis=0)):
        view = view_of(turned, planes.size)
        pixels = flat_pixels(turned, paper_size(view.proportions), _TRIAL_PIXELS_A_MM)
        matrix = to_image(turned, pixels)
        flat = flattened(planes.plain, matrix, pixels)
        top = round(_FOOT * pixels[1])
        line = _line_in(evened(flat[top:]), reader)
        if line is None or not _is_read(line):
            continue
        size_mm = paper_size(view.proportions, pixels[0] / line.row.pitch * PITCH_MM)
        stretch = stretch_of(line.row, matrix)
        is_whole = (
            _is_alike(view, size_mm)
            and abs(np.log(stretch)) < slack(view, *_TRUE)
            and not _meets_border(turned, planes.size)
        )
        if is_whole and not as_guess:
            return line.confidence, _lie(turned, planes, size_mm)
        # A rule, a band of colour or the image's end cuts the outline short; the line tells how far
        # the sheet goes.
        sheet = predicted_sheet(line, pixels, stretch)
        predicted = cv2.perspectiveTransform(np.add(_corners(sheet), (0, top))[None], matrix)[0]
        whole = sheet_about(predicted, (sheet.width_mm, sheet.height_mm), edges, planes.size)
        return line.confidence * _PARTIAL, _lie(whole, planes, (sheet.width_mm, sheet.height_mm))
    return None


def _find_below(
    planes: Planes, edges: Edges, bands: list[Quad], reader: MicrReader, lies: list[Lie]
) -> None:
    """Add the sheets of which an outline holds the coloured part alone: their line stands below.

    The white foot of a cheque on white paper has no edge that is plainer than the colour's.
    """
    tried = 0
    for band in bands:
        if not _may_be_part(band, lies, edges):
            continue
        if tried == _BANDS or len(lies) == MOST_ON_A_PAGE:
            break
        lie = _read_below(planes, edges, edges.in_image(edges.snapped(band)), reader)
        if lie is not None and _may_be_part(edges.in_pictures(np.array(lie.corners)), lies, edges):
            lies.append(lie)
        else:
            tried += 1


def _may_be_part(quad: Quad, lies: list[Lie], edges: Edges) -> bool:
    """Tell whether an outline may be of a further sheet: as large as those found, beside them."""
    sheets = [edges.in_pictures(np.array(lie.corners)) for lie in lies]
    return all(
        share_within(quad, sheet) < _APART and _PART[0] < _area(quad) / _area(sheet) < _PART[1]
        for sheet in sheets
    )


def _area(quad: Quad) -> float:
    return float(cv2.contourArea(quad.astype(np.float32)))


def _read_below(planes: Planes, edges: Edges, quad: Quad, reader: MicrReader) -> Lie | None:
    for turned in (quad, np.roll(quad, 2, axis=0)):
        proportions = max(view_of(turned, planes.size).proportions, 1.0)
        pixels = flat_pixels(turned, (WIDTH_MM, WIDTH_MM / proportions), _TRIAL_PIXELS_A_MM)
        down = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, _BELOW[0] * pixels[1]], [0.0, 0.0, 1.0]])
        matrix = to_image(turned, pixels) @ down
        size = (pixels[0], round((_BELOW[1] - _BELOW[0]) * pixels[1]))
        line = _line_in(evened(flattened(planes.plain, matrix, size)), reader)
        if line is None or not _is_read(line):
            continue
        sheet = predicted_sheet(line, size, stretch_of(line.row, matrix))
        predicted = cv2.perspectiveTransform(_corners(sheet)[None], matrix)[0]
        size_mm = (sheet.width_mm, sheet.height_mm)
        lie = _approached(planes, edges, reader, predicted, size_mm)
        return lie or _lie(predicted, planes, size_mm)
    return None


def _without_line(planes: Planes, edges: Edges, outlines: list[Quad]) -> Lie | None:
    """Return the plainest sheet that has a cheque's proportions, the way up that it is seen.

    Where it is dark or blurred no line reads; that can only be said of what is known to lie there.
    """
    for outline in outlines:
        quad = edges.in_image(edges.snapped(outline))
        proportions = view_of(quad, planes.size).proportions
        size_mm = paper_size(proportions)
        is_there = edges.support(edges.in_pictures(quad)) >= _PLAIN
        if not is_there or not is_paper(size_mm) or _meets_border(quad, planes.size):
            continue
        is_upright = quad[:2, 1].mean() <= quad[2:, 1].mean()
        return _lie(quad if is_upright else np.roll(quad, 2, axis=0), planes, size_mm)
    return None


def _meets_border(quad: Quad, size: tuple[int, int]) -> bool:
    """Tell whether a side runs along an end of the image, which cuts the sheet off."""
    near = _BORDER * max(size)
    outside = np.concatenate([quad < near, quad > np.array(size) - near], axis=1)
    return bool((outside & np.roll(outside, -1, axis=0)).any())


def _is_alike(view: View, size_mm: tuple[float, float]) -> bool:
    ratio = max(view.proportions, 0.01) * size_mm[1] / size_mm[0]
    return abs(float(np.log(ratio))) < slack(view, *_WHOLE)


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


def _line_in(grey: NDArray[np.uint8], reader: MicrReader) -> MicrLine | None:
    row = row_in(grey)
    return reader.read(grey, row) if row is not None else None


def _is_read(line: MicrLine) -> bool:
    """Tell a line from figures in another row, and from one upside down: some have a form."""
    return line.fields is not None and line.is_legible


def _found_by_line(
    planes: Planes,
    edges: Edges,
    reader: MicrReader,
    small: NDArray[np.uint8],
    directions: list[float],
) -> Lie | None:
    """Return the sheet about a line that reads in some direction: at most 24 views are searched."""
    views = [(degrees, 1.0) for degrees in directions[:_TURNED]]
    views += [(degrees, by) for by in _SQUEEZED for degrees in directions[:_TURNED]]
    for degrees, by in views:
        for turned in (degrees, degrees + 180.0):
            lie = _read_turned(planes, edges, reader, small, (turned, by))
            if lie is not None:
                return lie
    return None


def _read_turned(
    planes: Planes,
    edges: Edges,
    reader: MicrReader,
    small: NDArray[np.uint8],
    view: tuple[float, float],
) -> Lie | None:
    """Return the sheet about a line where the image is turned back and squeezed so.

    A tilted row has no one pitch: what reads but for some figures is read again on the flat sheet.
    """
    turn, size = _turned_back(small.shape, *view)
    turned = cv2.warpAffine(small, turn, size, borderMode=cv2.BORDER_REPLICATE)
    line = _line_in(np.asarray(turned, np.uint8), reader)
    if line is None:
        return None
    is_read = _is_read(line)
    if not is_read and line.row.glyphs < _LIKE_A_LINE:
        return None
    sheet = locate(line, size).sheet if is_read else sheet_by_row(line.row, *_USUAL_SHEET)
    back = cv2.invertAffineTransform(turn)
    times = planes.size[0] / small.shape[1]
    predicted = (_corners(sheet) @ back[:, :2].T + back[:, 2]) * times
    size_mm = (sheet.width_mm, sheet.height_mm)
    lie = _approached(planes, edges, reader, predicted, size_mm)
    return _lie(predicted, planes, size_mm) if lie is None and is_read else lie


def _approached(
    planes: Planes, edges: Edges, reader: MicrReader, predicted: Quad, size_mm: tuple[float, float]
) -> Lie | None:
    """Return the sheet near a predicted one on which a line reads, seen flatter every time."""
    lie = None
    guess = sheet_about(predicted, size_mm, edges, planes.size)
    for _ in range(_APPROACHES):
        read = _read_by_outline(planes, edges, guess, reader, as_guess=True)
        if read is None:
            break
        lie = read[1]
        moved = np.abs(np.array(lie.corners) - guess).max()
        if moved < _THERE * np.hypot(*(guess[1] - guess[0])):
            break
        guess = np.array(lie.corners)
    return lie


def _corners(sheet: Sheet) -> Quad:
    """Return the sheet's corners, clockwise from its top left, in pixels."""
    width, height = sheet.width_mm, sheet.height_mm
    corners = [(0.0, 0.0, 1.0), (width, 0.0, 1.0), (width, height, 1.0), (0.0, height, 1.0)]
    return np.asarray(np.array(corners) @ sheet.to_image.T, np.float64)


def _turned_back(
    shape: tuple[int, ...], degrees: float, squeezed: float
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Return the way from an image to one in which what is turned so lies level, and its size."""
    height, width = shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    across, down = np.abs(turn[:, :2]) @ (width, height)
    turn[:, 2] += (across / 2 - width / 2, down / 2 - height / 2)
    turn[1] *= squeezed
    return np.asarray(turn, np.float64), (round(across), round(down * squeezed))


def _place(lie: Lie, height: int) -> tuple[int, float]:
    """Return what puts cheques in reading order: rows of a tenth of the image, left to right."""
    x, y = np.mean(lie.corners, axis=0)
    return int(10 * y / height), float(x)
