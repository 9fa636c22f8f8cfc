"""What the characters of a MICR line mean, in India and in the United States.

India (CTS-2010): ``⑈cheque 6⑈ sort code 9⑆ account part 6⑈ transaction code 2``; the account part
may be absent. United States (ANSI X9.100-160): ``⑆routing 9⑆`` with the on-us field at its right
and, on business cheques, the cheque number between on-us symbols at its left.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from recognition.engine.micr.symbols import AMOUNT, DASH, EMPTY, ON_US, TRANSIT


class Country(StrEnum):
    """Whose line it is, by ISO 3166."""

    INDIA = "IN"
    UNITED_STATES = "US"


@dataclass(frozen=True, slots=True)
class MicrFields:
    """The parts of a line; an absent part is an empty string.

    ``bank`` is the Indian sort code (city, bank, branch) or the US routing transit number.
    """

    country: Country
    cheque_number: str
    bank: str
    account: str
    transaction_code: str = ""
    has_auxiliary: bool = False
    """The US line has the cheque number left of the routing number, as business cheques do."""

    @property
    def own_number(self) -> str:
        """What some Indian banks print on the face as well ("SAN"): a number, but no account's."""
        return self.account + self.cheque_number


_INDIA = re.compile(
    rf"{ON_US}?(?P<cheque>\d{{6}}){ON_US}(?P<bank>\d{{9}}){TRANSIT}"
    rf"(?:(?P<account>\d{{6}}){ON_US})?(?P<code>\d{{2}})"
)
_UNITED_STATES = re.compile(
    rf"(?:{ON_US}(?P<auxiliary>[\d{DASH}]+){ON_US})?{TRANSIT}(?P<bank>\d{{9}}){TRANSIT}"
    rf"(?P<own>[\d{DASH}{EMPTY}]*){ON_US}(?P<after>[\d{DASH}]*)"
    rf"(?:{AMOUNT}\d*{AMOUNT})?"
)

TRANSACTION_CODES = {
    "10": "savings account",
    "11": "current account",
    "12": "banker's cheque",
    "13": "cash credit",
    "14": "dividend warrant",
    "15": "traveller's cheque",
    "16": "demand draft",
    "17": "pay order",
    "18": "gift cheque",
    "19": "interest warrant",
    "28": "refund order",
    "29": "current account, payable at par",
    "30": "cash credit, payable at par",
    "31": "savings account, payable at par",
    "49": "income tax refund",
}
"""Indian codes that name the instrument."""

DEMAND_DRAFT_CODE = "16"


def parse_line(text: str) -> MicrFields | None:
    """Return the parts of a line, or ``None`` where it follows neither country's form.

    >>> parse_line("⑈417203⑈ 400012056⑆ 310078⑈ 31").bank
    '400012056'
    >>> parse_line("⑆021000021⑆ 123456789⑈ 0101").cheque_number
    '0101'
    """
    packed = text.replace(EMPTY, "")
    if match := _INDIA.fullmatch(packed):
        return MicrFields(
            Country.INDIA, match["cheque"], match["bank"], match["account"] or "", match["code"]
        )
    if match := _UNITED_STATES.fullmatch(text.strip()) or _UNITED_STATES.fullmatch(packed):
        own = re.sub(rf"[{DASH}]", "", match["own"]).split()
        cheque = (match["auxiliary"] or match["after"] or "").replace(DASH, "")
        if not cheque and len(own) > 1:
            cheque = own.pop(0 if len(own[0]) < len(own[-1]) else -1)
        return MicrFields(
            Country.UNITED_STATES, cheque, match["bank"], "".join(own),
            has_auxiliary=match["auxiliary"] is not None,
        )  # fmt: skip
    return None


def is_valid_routing_number(digits: str) -> bool:
    """Check an ABA routing transit number by its 3-7-1 weighted checksum and its first two digits.

    >>> is_valid_routing_number("021000021"), is_valid_routing_number("021000012")
    (True, False)
    """
    if not re.fullmatch(r"[0-9]{9}", digits):
        return False
    first_two = int(digits[:2])
    is_assigned = first_two <= 12 or 21 <= first_two <= 32 or 61 <= first_two <= 72  # noqa: PLR2004
    weighted = sum(w * int(d) for w, d in zip((3, 7, 1) * 3, digits, strict=True))
    return (is_assigned or first_two == 80) and weighted % 10 == 0  # noqa: PLR2004
