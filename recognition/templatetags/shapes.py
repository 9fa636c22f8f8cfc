"""A handwritten digit's shape: as a small drawing and in words."""

import math
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

UPRIGHT_DEGREES = 5.0  # a slant below this is not seen
NARROW, WIDE = 0.45, 0.85  # width : height of a printed digit is about 0.6
THIN, THICK = 0.06, 0.14  # width of the line : height of the digit

DRAWING_HEIGHT = 100.0  # of the digit's frame, in the drawing's units
BASELINE = 110.0
MIDDLE = 50.0


@register.filter
def shape_in_words(shape: Mapping[str, Any]) -> list[str]:
    """Return what stands out in a digit's shape, a phrase each."""
    return [
        _slant(shape["slant_degrees"]),
        _proportion(shape["aspect"]),
        _line(shape["stroke_width"], shape["height"]),
        _loops(shape["loops"]),
    ]


def _slant(degrees: float) -> str:
    if abs(degrees) < UPRIGHT_DEGREES:
        return _("upright")
    by = {"degrees": round(abs(degrees))}
    return _("leans %(degrees)d° right") % by if degrees > 0 else _("leans %(degrees)d° left") % by


def _proportion(aspect: float) -> str:
    if aspect < NARROW:
        return _("narrow")
    return _("wide") if aspect > WIDE else _("of usual width")


def _line(stroke_width: float, height: float) -> str:
    share = stroke_width / height if height else 0.0
    if share < THIN:
        return _("thin line")
    return _("thick line") if share > THICK else _("medium line")


def _loops(loops: int) -> str:
    if not loops:
        return _("no loop")
    return ngettext("%(loops)d loop", "%(loops)d loops", loops) % {"loops": loops}


@register.simple_tag
def shape_drawing(character: Mapping[str, Any]) -> dict[str, str]:
    """Return a digit's frame, leaning as it leans, its axis as wide as its line, and its centre.

    The frame is 100 units high and stands on the baseline at 110, in a drawing of 100 by 120.
    """
    shape, box = character["shape"], character["box"]
    half = DRAWING_HEIGHT * min(shape["aspect"], 1.0) / 2
    lean = math.tan(math.radians(shape["slant_degrees"])) * DRAWING_HEIGHT / 2
    top = BASELINE - DRAWING_HEIGHT
    corners = (
        (MIDDLE - half - lean, BASELINE),
        (MIDDLE + half - lean, BASELINE),
        (MIDDLE + half + lean, top),
        (MIDDLE - half + lean, top),
    )
    right = (shape["centre_x"] - box["x"]) / box["width"]  # shares of the box
    down = (shape["centre_y"] - box["y"]) / box["height"]
    return {
        "frame": " ".join(f"{x:.1f},{y:.1f}" for x, y in corners),
        "axis": f"M{MIDDLE - lean:.1f} {BASELINE:.1f}L{MIDDLE + lean:.1f} {top:.1f}",
        "line": f"{DRAWING_HEIGHT * shape['stroke_width'] / shape['height']:.1f}",
        "centre_x": f"{MIDDLE + (2 * right - 1) * half:.1f}",
        "centre_y": f"{top + down * DRAWING_HEIGHT:.1f}",
    }
