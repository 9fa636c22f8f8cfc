"""Sections of generated documents: replaced as a whole by the command that measures."""

import math
from pathlib import Path


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


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a rate (Wilson 1927, score interval).

    >>> tuple(round(bound, 3) for bound in wilson(19, 20))
    (0.764, 0.991)
    """
    if count == 0:
        return 0.0, 1.0
    z = 1.959964
    rate = right / count
    centre = rate + z * z / (2 * count)
    spread = z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def rate_with_interval(right: int, count: int) -> str:
    """Return a rate in percent with its interval, for a table.

    >>> rate_with_interval(19, 20)
    '95.0 (76.4 to 99.1)'
    """
    if count == 0:
        return "n/a"
    low, high = wilson(right, count)
    return f"{100 * right / count:.1f} ({100 * low:.1f} to {100 * high:.1f})"
