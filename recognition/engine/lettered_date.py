"""Read a date with its month in letters: ``12 Mar 2026``, ``March 12, 2026``, ``12-MAR-26``.

The networks for figures know no letters, so that the recogniser of any line reads these, and the
names of the months tell a date from other writing.
"""

import re
from datetime import date

import numpy as np

from recognition.engine.calendar_dates import YEARS
from recognition.engine.free_date import PIXELS_A_MM, FreeDate, lines_of_writing, parse_date
from recognition.engine.image import Planes
from recognition.engine.layouts.layout import DateOrder
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet, Snippet
from recognition.engine.types import FieldName, FieldReading
from recognition.engine.words.lexicon import LETTERS
from recognition.engine.words.lines import on_white

IN_LETTERS = "month_in_letters"
MISSPELT = "month_not_as_it_is_spelt"

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SPELLINGS = {
    spelling: number
    for number, name in enumerate(_MONTHS, 1)
    for spelling in dict.fromkeys((name, name[:3], name[:4] if name != "may" else name))
}
_FORGIVEN = {3: 1, 4: 1}
"""Letters that may be wrong in a name of so many; in a longer one ``_FORGIVEN_IN_LONG``."""

_FORGIVEN_IN_LONG = 2
_READ = " '&-/.,0123456789" + LETTERS + LETTERS.upper()
_MOST_LINES = 3  # each takes some ten milliseconds
_BETWEEN_FIGURES = {"o": "0", "l": "1", "i": "1"}
_LONG_YEAR = 4


def parse_lettered_date(text: str) -> FreeDate | None:
    """Return the date that a text is, or ``None``; two digits of a year are of this century.

    Other words are passed over: ``dated``, ``th``, the day of the week. A name of a month may be
    misspelt a little, if it is then nearer to one month than to all others.

    >>> parse_lettered_date("March 12th, 2026").day == parse_lettered_date("12-MAR-26").day
    True
    >>> parse_lettered_date("12 Mrach 2026").notes
    ('month_in_letters', 'month_not_as_it_is_spelt')
    """
    tokens = _tokens(text)
    for is_exact in (True, False):
        months = [_month(token, is_exact=is_exact) for token in tokens]
        kept = [
            (token, month)
            for token, month in zip(tokens, months, strict=True)
            if month is not None or token.isdigit()
        ]
        notes = (IN_LETTERS,) if is_exact else (IN_LETTERS, MISSPELT)
        for place, (_, month) in enumerate(kept):
            if month is None:
                continue
            before = [token for token, other in kept[:place] if other is None][-1:]
            after = [token for token, other in kept[place + 1 : place + 3] if other is None]
            day = _day(before, month, after)
            if day is not None:
                return FreeDate(day, notes)
    return None


def read_lettered_date(
    planes: Planes,
    sheet: Sheet,
    place: Region,
    recogniser: LineRecogniser,
    order: DateOrder | None = None,
) -> FieldReading | None:
    """Return such a date among the lines of a place, the first whose month is spelt well, if any.

    With an ``order``, a date in figures that has it will do where none has a month in letters.
    None is ever accepted: the recogniser's probabilities of letters were set against nothing.
    """
    snippet = sheet.cut(planes.grey, place, PIXELS_A_MM)
    best: FieldReading | None = None
    for box in lines_of_writing(snippet)[:_MOST_LINES]:
        line = snippet.part(box.x, box.y, box.x + box.width, box.y + box.height)
        field = _read_line(line, recogniser, order)
        if field is not None and field.notes == (IN_LETTERS,):
            return field
        best = best or field
    return best


def _read_line(
    line: Snippet, recogniser: LineRecogniser, order: DateOrder | None
) -> FieldReading | None:
    scores = recogniser.scores(on_white(line.grey), _READ)
    best = scores.argmax(axis=1)
    starts = np.flatnonzero(np.diff(best, prepend=0))
    runs = np.split(scores.max(axis=1), starts)[1:]
    read = [
        (_READ[best[start] - 1], float(run.max()))
        for start, run in zip(starts, runs, strict=True)
        if best[start]
    ]
    text = "".join(character for character, _ in read).strip()
    found = parse_lettered_date(text)
    if found is None and order is not None:
        found = parse_date(text, order)
    if found is None:
        return None
    confidence = float(np.prod([sure for character, sure in read if character.isalnum()]))
    return FieldReading(
        FieldName.DATE,
        found.day.isoformat(),
        text,
        min(confidence, 1.0),
        accepted=False,
        box=line.box,
        notes=found.notes,
    )


def _tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, in small letters; "2O26" is a number."""
    mended = re.sub(r"(?<=\d)[oli](?=\d)", lambda match: _BETWEEN_FIGURES[match[0]], text.lower())
    return re.findall(r"[0-9]+|[a-z]+", mended)


def _month(word: str, *, is_exact: bool) -> int | None:
    if word.isdigit() or is_exact:
        return _SPELLINGS.get(word)
    ranked = sorted((_distance(word, spelling), spelling) for spelling in _SPELLINGS)
    nearest = {_SPELLINGS[spelling] for away, spelling in ranked if away == ranked[0][0]}
    away, spelling = ranked[0]
    # Short words are told by their first letter: "pay" and "day" are not May.
    is_other = len(spelling) in _FORGIVEN and word[0] != spelling[0]
    if len(nearest) > 1 or is_other or away > _FORGIVEN.get(len(spelling), _FORGIVEN_IN_LONG):
        return None
    return nearest.pop()


def _distance(one: str, other: str) -> int:
    """Return how many letters must be changed, added or taken out (Levenshtein 1965)."""
    row = list(range(len(other) + 1))
    for count, letter in enumerate(one, 1):
        above, row = row, [count]
        for place, wanted in enumerate(other):
            row.append(min(above[place + 1] + 1, row[place] + 1, above[place] + (letter != wanted)))
    return row[-1]


def _day(before: list[str], month: int, after: list[str]) -> date | None:
    """Return the day of numbers around a month: the last one before it, and two after it."""
    pairs: list[tuple[str, str]] = []  # day and year
    if before and after:
        pairs += [(before[0], after[0]), (after[0], before[0])]
    if len(after) > 1:
        pairs.append((after[0], after[1]))
    if after and not before and len(after[0]) > _LONG_YEAR:
        pairs.append((after[0][:-_LONG_YEAR], after[0][-_LONG_YEAR:]))  # run together
    return next((day for pair in pairs if (day := _calendar_day(*pair, month)) is not None), None)


def _calendar_day(day: str, year: str, month: int) -> date | None:
    if len(day) > 2 or len(year) not in {2, _LONG_YEAR}:  # noqa: PLR2004 - as people write them
        return None
    century = 0 if len(year) == _LONG_YEAR else 2000
    try:
        found = date(int(year) + century, month, int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None
