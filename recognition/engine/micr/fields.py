"""From a MICR line as read to the two fields that are reported of it."""

import re

import numpy as np

from recognition.engine.micr.grammar import MicrFields
from recognition.engine.micr.reader import MicrCharacter, MicrLine
from recognition.engine.micr.symbols import ON_US
from recognition.engine.sheet import bounding_box
from recognition.engine.types import Box, Character, FieldName, FieldReading

_NOT_FOUND = "no_micr_line_found"

CMC7_READING = FieldReading(
    FieldName.MICR_LINE, None, "", 0.0, accepted=False, notes=("cmc7_not_read",)
)
"""What is said of a line in a font that is known and not read."""


def micr_line_reading(line: MicrLine | None, accept_at: float) -> FieldReading:
    """Return the whole line; a line that has no known form is never accepted."""
    if line is None:
        return _nothing(FieldName.MICR_LINE)
    notes = []
    if line.repairs:
        notes.append("damaged_symbols_read_by_the_lines_form")
    if line.fields is None:
        notes.append("unknown_form")
    accepted = line.fields is not None and line.confidence >= accept_at
    characters = tuple(_character(character) for character in line.characters)
    return FieldReading(
        FieldName.MICR_LINE,
        line.text,
        line.seen,
        line.confidence,
        accepted=accepted,
        box=_box_of(line.characters),
        characters=characters,
        notes=tuple(notes),
    )


def cheque_number_reading(line: MicrLine | None, accept_at: float) -> FieldReading:
    """Return the cheque number that stands in the line."""
    if line is None:
        return _nothing(FieldName.CHEQUE_NUMBER)
    number = line.fields.cheque_number if line.fields else _first_number(line.text)
    if not number:
        return _nothing(FieldName.CHEQUE_NUMBER)
    # Characters are the line without its blanks, so the number's place there is its place in them.
    start = line.text.replace(" ", "").find(number)
    members = line.characters[start : start + len(number)]
    confidence = float(np.prod([member.confidence for member in members]))
    return FieldReading(
        FieldName.CHEQUE_NUMBER,
        number,
        number,
        confidence,
        accepted=line.fields is not None and confidence >= accept_at,
        box=_box_of(members),
        characters=tuple(_character(member) for member in members),
        notes=() if line.fields else ("unknown_form",),
    )


def american_account_reading(line: MicrLine, fields: MicrFields, accept_at: float) -> FieldReading:
    """Return the account number of an American line, which stands nowhere else on the cheque."""
    digits = [c for c in line.characters if c.value.isdigit()]
    start = "".join(c.value for c in digits).rfind(fields.account)
    if not fields.account or start < 0:
        return _nothing(FieldName.ACCOUNT_NUMBER)
    members = tuple(digits[start : start + len(fields.account)])
    confidence = float(np.prod([member.confidence for member in members]))
    return FieldReading(
        FieldName.ACCOUNT_NUMBER,
        fields.account,
        fields.account,
        confidence,
        accepted=confidence >= accept_at,
        box=_box_of(members),
        characters=tuple(_character(member) for member in members),
    )


def _first_number(text: str) -> str:
    """Return the six digits before an on-us symbol in a line of no known form."""
    match = re.search(rf"(\d{{6}}){ON_US}", text)
    return match[1] if match else ""


def _nothing(name: FieldName) -> FieldReading:
    return FieldReading(name, None, "", 0.0, accepted=False, notes=(_NOT_FOUND,))


def _character(character: MicrCharacter) -> Character:
    return Character(
        character.value,
        character.confidence,
        character.alternatives,
        bounding_box(np.array(character.corners)),
    )


def _box_of(characters: tuple[MicrCharacter, ...]) -> Box:
    return bounding_box(np.array([corner for c in characters for corner in c.corners]))
