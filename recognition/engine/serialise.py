"""A reading as plain data: the one shape of the API, the command line and the stored rows."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from recognition.engine.types import Box, Candidate, Character, FieldReading, Lie, Reading


def reading_as_dict(reading: Reading) -> dict[str, Any]:
    """Return what JSON can hold: strings, numbers, lists and dictionaries."""
    return {
        "kind": reading.kind.value,
        "width": reading.width,
        "height": reading.height,
        "quarter_turns": reading.quarter_turns,
        "fields": {field.name.value: field_as_dict(field) for field in reading.fields},
        "checks": [
            {
                "rule": check.rule,
                "verdict": check.verdict.value,
                "reason": check.reason,
                "return_code": check.return_code,
            }
            for check in reading.checks
        ],
        "quality": [
            {
                "name": metric.name,
                "value": round(metric.value, 4),
                "limit": metric.limit,
                "verdict": metric.verdict.value,
                "advice": metric.advice,
            }
            for metric in reading.quality
        ],
        "engine": {
            "version": reading.engine_version,
            "layout": reading.layout,
            "models": [asdict(model) for model in reading.models],
            "milliseconds": {k: round(v, 2) for k, v in reading.milliseconds.items()},
        },
    }


def field_as_dict(field: FieldReading) -> dict[str, Any]:
    """Return one field."""
    return {
        "value": field.value,
        "raw_text": field.raw_text,
        "confidence": round(field.confidence, 4),
        "accepted": field.accepted,
        "box": box_as_dict(field.box),
        "characters": [character_as_dict(character) for character in field.characters],
        "alternatives": [candidate_as_dict(candidate) for candidate in field.alternatives],
        "notes": list(field.notes),
    }


def character_as_dict(character: Character) -> dict[str, Any]:
    """Return one character; ``shape`` only where it was measured."""
    data: dict[str, Any] = {
        "value": character.value,
        "confidence": round(character.confidence, 4),
        "alternatives": [candidate_as_dict(candidate) for candidate in character.alternatives],
        "box": box_as_dict(character.box),
    }
    if character.shape is not None:
        data["shape"] = {k: round(v, 3) for k, v in asdict(character.shape).items()}
    return data


def candidate_as_dict(candidate: Candidate) -> dict[str, Any]:
    """Return one hypothesis."""
    return {"value": candidate.value, "confidence": round(candidate.confidence, 4)}


def box_as_dict(box: Box | None) -> dict[str, int] | None:
    """Return a rectangle in pixels, or ``None``."""
    return None if box is None else asdict(box)


def lie_as_dict(lie: Lie) -> dict[str, Any]:
    """Return how a sheet lies, exactly: it is read there again."""
    return asdict(lie)


def lie_from_dict(data: Mapping[str, Any]) -> Lie:
    """Return what ``lie_as_dict`` was made of; further entries are passed over.

    >>> lie = Lie(((0.0, 0.1),), (1.0, 0.0), 4, 3, 1.5, 200.0, 0.0)
    >>> lie_from_dict(lie_as_dict(lie) | {"page_width": 9}) == lie
    True
    """
    known = {one.name: data[one.name] for one in fields(Lie)}
    corners = tuple((x, y) for x, y in known.pop("corners"))
    return Lie(corners=corners, to_image=tuple(known.pop("to_image")), **known)
