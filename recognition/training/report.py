"""Sections of generated documents: replaced as a whole by the command that measures."""

from pathlib import Path

from recognition.rates import wilson

__all__ = ["rate_with_interval", "replace_section", "wilson"]


def replace_section(path: Path, name: str, text: str) -> None:
    """Put ``text`` between ``<!-- begin:NAME -->`` and ``<!-- end:NAME -->``, anew at the end.

    The file is made where it is missing.
    """
    begin, end = f"<!-- begin:{name} -->", f"<!-- end:{name} -->"
    content = path.read_text(encoding="utf-8") if path.exists() else ""
    section = f"{begin}\n{text.strip()}\n{end}"
    if begin in content and end in content:
        head, rest = content.split(begin, 1)
        content = head + section + rest.split(end, 1)[1]
    else:
        content = f"{content.rstrip()}\n\n{section}\n".lstrip()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def rate_with_interval(right: int, count: int) -> str:
    """Return a rate in percent with its interval, for a table.

    >>> rate_with_interval(19, 20)
    '95.0 (76.4 to 99.1)'
    """
    if count == 0:
        return "n/a"
    low, high = wilson(right, count)
    return f"{100 * right / count:.1f} ({100 * low:.1f} to {100 * high:.1f})"
