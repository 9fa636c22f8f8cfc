"""A network's card, as its training wrote it: facts, tables and figures."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, TypedDict

from django import template

register = template.Library()


class Fact(TypedDict):
    """One line of a card."""

    name: str
    value: str


class Table(TypedDict):
    """One table of a card."""

    name: str
    columns: list[str]
    rows: list[list[str]]


@register.filter
def card_facts(card: Mapping[str, Any]) -> list[Fact]:
    """Return a card's facts in single values, those inside an object under its name."""
    return [
        {"name": _title(name), "value": _said(value)}
        for name, value in _flat(card.get("facts", {}))
        if not isinstance(value, list)
    ]


@register.filter
def card_tables(card: Mapping[str, Any]) -> list[Table]:
    """Return a card's facts in lists of objects with the same keys."""
    return [
        {
            "name": _title(name),
            "columns": [_title(column) for column in rows[0]],
            "rows": [[_said(row.get(column, "")) for column in rows[0]] for row in rows],
        }
        for name, rows in _flat(card.get("facts", {}))
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)
    ]


@register.filter
def figure_title(file_name: str) -> str:
    """Return what a figure shows, from the name that it was written under.

    >>> figure_title("confusion_matrix.svg")
    'Confusion matrix'
    """
    return _title(PurePath(file_name).stem)


def _flat(card: Mapping[str, Any], under: str = "") -> list[tuple[str, Any]]:
    flat = []
    for key, value in card.items():
        name = f"{under} {key}".strip()
        flat += _flat(value, name) if isinstance(value, dict) else [(name, value)]
    return flat


def _title(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def _said(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
