"""The model card: what a network is, what it learnt from, how well it does, as text and as data."""

import json
from pathlib import Path
from typing import Any


def write_card(folder: Path, title: str, paragraphs: list[str], facts: dict[str, Any]) -> None:
    """Write ``card.md`` for people and ``card.json`` for the page that shows it."""
    rows = [f"| {name.replace('_', ' ')} | {value} |" for name, value in facts.items()]
    table = ["| fact | value |", "|---|---|", *rows]
    text = "\n\n".join([f"# {title}", *paragraphs, "\n".join(table)])
    (folder / "card.md").write_text(text + "\n", encoding="utf-8")
    card = {"title": title, "summary": paragraphs, "facts": facts}
    content = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / "card.json").write_text(content, encoding="utf-8")
