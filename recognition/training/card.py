"""The model card: what a network is, what it learnt from, how well it does, as text and as data."""

import json
from pathlib import Path
from typing import Any


def write_card(folder: Path, title: str, paragraphs: list[str], facts: dict[str, Any]) -> None:
    """Write ``card.md`` for people and ``card.json`` for the page that shows it."""
    single, tables = _flat(facts)
    text = "\n\n".join(
        [
            f"# {title}",
            *paragraphs,
            markdown_table([{"fact": name, "value": value} for name, value in single.items()]),
            *(f"## {_title(name)}\n\n{markdown_table(rows)}" for name, rows in tables.items()),
        ]
    )
    (folder / "card.md").write_text(text + "\n", encoding="utf-8")
    card = {"title": title, "summary": paragraphs, "facts": facts}
    content = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / "card.json").write_text(content, encoding="utf-8")


def markdown_table(rows: list[dict[str, Any]]) -> str:
    """Return rows with the same keys as a table."""
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def _flat(facts: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Return the facts in single values, and those that are tables (lists of dictionaries)."""
    single: dict[str, Any] = {}
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, value in facts.items():
        if isinstance(value, dict):
            single |= {f"{name.replace('_', ' ')}, {key}": each for key, each in value.items()}
        elif isinstance(value, list):
            tables[name] = value
        else:
            single[name.replace("_", " ")] = value
    return single, tables


def _title(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
