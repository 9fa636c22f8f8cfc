"""Make the web font of the four MICR symbols, which few systems have in any font of theirs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]  # ships no types
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]  # as above

from recognition.engine.micr.symbols import AMOUNT, DASH, ON_US, TRANSIT
from recognition.training.micr.glyphs import HALF_SQUARES_HIGH, HALF_SQUARES_WIDE, draw_glyph

UNITS_A_HALF_SQUARE = 40
HEIGHT = HALF_SQUARES_HIGH * UNITS_A_HALF_SQUARE  # 720 of 1000, as tall as a capital letter
ADVANCE = (HALF_SQUARES_WIDE + 2) * UNITS_A_HALF_SQUARE
SYMBOLS = {"transit": TRANSIT, "amount": AMOUNT, "onus": ON_US, "dash": DASH}
BIRTHDAY = 3_786_912_000  # 2024-01-01 in seconds since 1904: the same file from every run


class Command(BaseCommand):
    help = "Draw the symbols of E-13B into static/fonts/micr-symbols.woff."

    def handle(self, *_args: Any, **_options: Any) -> None:
        path = Path(settings.BASE_DIR) / "static" / "fonts" / "micr-symbols.woff"
        font = _build()
        font.font.flavor = "woff"
        font.save(path)
        self.stdout.write(f"{path.name}: {path.stat().st_size} bytes")


def _build() -> FontBuilder:
    font = FontBuilder(unitsPerEm=1000, isTTF=True)
    names = [".notdef", *SYMBOLS]
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(symbol): name for name, symbol in SYMBOLS.items()})
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    glyphs |= {name: _outline(symbol) for name, symbol in SYMBOLS.items()}
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(dict.fromkeys(names, (ADVANCE, UNITS_A_HALF_SQUARE)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "hdr MICR symbols", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    font.updateHead(created=BIRTHDAY, modified=BIRTHDAY)
    font.font.recalcTimestamp = False
    return font


def _outline(symbol: str) -> Any:
    """Return one rectangle for each run of ink in a row of the drawing."""
    pen = TTGlyphPen(None)
    for row, ink in enumerate(draw_glyph(symbol) > 0):
        top = HEIGHT - row * UNITS_A_HALF_SQUARE
        start = None
        for column, is_ink in enumerate([*ink, False]):
            if is_ink and start is None:
                start = column
            elif not is_ink and start is not None:
                _rectangle(pen, start, column, top)
                start = None
    return pen.glyph()


def _rectangle(pen: TTGlyphPen, first: int, end: int, top: int) -> None:
    left, right = ((column + 1) * UNITS_A_HALF_SQUARE for column in (first, end))
    bottom = top - UNITS_A_HALF_SQUARE
    pen.moveTo((left, bottom))
    pen.lineTo((left, top))
    pen.lineTo((right, top))
    pen.lineTo((right, bottom))
    pen.closePath()
