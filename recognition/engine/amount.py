"""The grammar of amounts in figures: what stands on the paper → a decimal value, or a refusal.

Western and Indian groups (1,250,000 and 12,50,000), any of ``. , '`` between them, decimals, a sign
of a currency before, and the marks behind that stop additions (``/-``, ``-``, ``=``, ``**``). The
digits are never changed: the grammar only decides which marks part groups and which part decimals,
and notes each place where the writing is not regular.
"""

import re
from dataclasses import dataclass

_BODY = re.compile(r"^[-$*=./,]*(?P<body>\d(?:.*\d)?)[-$*=./,]*$")
_MAX_DIGITS = 12

IRREGULAR_GROUPS = "irregular_groups"
"""The note of an amount whose commas do not stand where they usually do."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A value as a plain decimal string with two places, and what was irregular about it."""

    value: str
    digits: str
    notes: tuple[str, ...] = ()


def parse_amount(text: str) -> Amount | None:
    """Return the amount that a text over ``ctc.ALPHABET`` states, or ``None`` if it is none.

    >>> parse_amount("$53,40,000/-").value, parse_amount("1.250,50").value
    ('5340000.00', '1250.50')
    >>> parse_amount("2,0650000/-")
    Amount(value='20650000.00', digits='20650000', notes=('irregular_groups',))
    """
    match = _BODY.match(text)
    if match is None:
        return None
    body = match["body"]
    notes: list[str] = []
    whole, decimals = _split(body)
    groups = [group for group in re.split(r"\D+", whole) if group]
    digits = "".join(groups)
    if not digits or len(digits) > _MAX_DIGITS:
        return None
    if re.search(r"[^\d.,]", whole):
        notes.append("stray_marks")
    if not _is_regular(groups):
        notes.append(IRREGULAR_GROUPS)
    if len(digits) > 1 and digits[0] == "0":
        notes.append("leading_nought")
    value = f"{int(digits)}.{decimals or '00'}"
    return Amount(value, digits + decimals, tuple(notes))


def _split(body: str) -> tuple[str, str]:
    """Part the decimals off: two digits at the end behind a mark, where the rest is regular."""
    match = re.fullmatch(r"(?P<whole>.*\d)[^\d]+(?P<decimals>\d{2})", body)
    if match is None:
        return body, ""
    groups = re.split(r"\D+", match["whole"])
    return (match["whole"], match["decimals"]) if _is_regular(groups) else (body, "")


def _is_regular(groups: list[str]) -> bool:
    """Tell whether groups are western (3, 3, ...) or Indian (2, 2, ..., 3), or there are none."""
    if len(groups) == 1:
        return True
    sizes = [len(group) for group in groups]
    western = all(size == 3 for size in sizes[1:]) and sizes[0] <= 3  # noqa: PLR2004
    indian = sizes[-1] == 3 and all(size == 2 for size in sizes[1:-1]) and sizes[0] <= 3  # noqa: PLR2004
    return western or indian
