"""What stands on a drawn cheque or draft: invented, and plausible for its form's country."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from recognition.engine.micr.grammar import Country
from recognition.engine.micr.symbols import ON_US, TRANSIT
from recognition.engine.types import Kind
from recognition.training.cheques.layouts import Layout
from recognition.training.cheques.words import in_american_words, in_words

_LETTERED = (
    "%d %b %Y", "%d-%b-%y", "%d/%b/%Y", "%b %d, %Y", "%B %d, %Y", "%b %d %y", "{nth} %B %Y",
    "%B {nth}, %Y", "%d %B %Y",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """What stands on a cheque or draft."""

    cheque_number: str
    account_number: str
    amount: int  # whole units
    amount_text: str  # as written
    issued: date
    transaction_code: str
    account_part: str
    cents: int = 0
    date_text: str = ""  # as written where there are no boxes

    @property
    def value(self) -> str:
        """The amount in canonical form."""
        return f"{self.amount}.{self.cents:02}"


def indian_groups(amount: int) -> str:
    """Return an amount with commas as India sets them.

    >>> indian_groups(5340000), indian_groups(75000), indian_groups(12)
    ('53,40,000', '75,000', '12')
    """
    text = str(amount)
    head, tail = text[:-3], text[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


def random_item(kind: Kind, layout: Layout, rng: np.random.Generator, today: date) -> Item:
    """Return a plausible item issued within the last two months."""
    if layout.country is Country.UNITED_STATES:
        return _american(layout, rng, today)
    return _indian(kind, layout, rng, today)


def with_month_in_letters(item: Item, rng: np.random.Generator) -> Item:
    """Return the same item with its date written in one of the ways that name the month."""
    form = _LETTERED[rng.integers(len(_LETTERED))]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(item.issued.day % 10, "th")
    nth = f"{item.issued.day}{'th' if 11 <= item.issued.day <= 13 else ending}"
    text = item.issued.strftime(form).replace("{nth}", nth)
    return replace(item, date_text=text)


def words_of(layout: Layout, item: Item, rng: np.random.Generator) -> str:
    """Return the amount in words."""
    if layout.country is Country.UNITED_STATES:
        return in_american_words(item.amount, item.cents)
    return in_words(item.amount, rng)


def micr_line(layout: Layout, item: Item) -> str:
    """Return the item's line with one blank between its fields.

    The account number of a demand draft is the bank's own, so that its form is the same.
    """
    if layout.country is Country.UNITED_STATES:
        routing = f"{TRANSIT}{layout.sort_code}{TRANSIT}"
        if layout.is_business:
            return f"{ON_US}{item.cheque_number}{ON_US} {routing} {item.account_number}{ON_US}"
        return f"{routing} {item.account_number}{ON_US} {item.cheque_number}"
    account = f" {item.account_part}{ON_US}" if item.account_part else ""
    return (
        f"{ON_US}{item.cheque_number}{ON_US} {layout.sort_code}{TRANSIT}{account}"
        f" {item.transaction_code}"
    )


def spaced(line: str, layout: Layout) -> str:
    """Return the line as it is printed: with the empty cells of an absent account part."""
    if layout.line_account_part or layout.country is Country.UNITED_STATES:
        return line
    head, code = line.rsplit(" ", 1)
    return f"{head}{' ' * 9}{code}"


def _digits(rng: np.random.Generator, count: int) -> str:
    return "".join(map(str, rng.integers(0, 10, count)))


def _indian(kind: Kind, layout: Layout, rng: np.random.Generator, today: date) -> Item:
    amount = int(10 ** rng.uniform(2, 7.5))
    if rng.random() < 0.7:
        amount = max(1, amount // 1000) * 1000
    is_draft = kind is Kind.DEMAND_DRAFT
    ending = ".00" if is_draft else str(rng.choice(["/-", "/-", "-", ""]))
    number = _digits(rng, 6)
    account = str(rng.integers(1, 10)) + _digits(rng, layout.account_digits - 1)
    issued = today - timedelta(days=int(rng.integers(0, 60)))
    return Item(
        cheque_number=number,
        account_number=account,
        amount=amount,
        amount_text=indian_groups(amount) + ending,
        issued=issued,
        transaction_code="16" if is_draft else "31",
        account_part=_digits(rng, 6) if layout.line_account_part else "",
        date_text=f"{issued.day:02}/{issued.month:02}/{issued.year}",
    )


def _american(layout: Layout, rng: np.random.Generator, today: date) -> Item:
    amount, cents = int(10 ** rng.uniform(1, 5)), int(rng.integers(0, 100))
    if rng.random() < 0.4:
        cents = 0
    issued = today - timedelta(days=int(rng.integers(0, 60)))
    year = issued.year if rng.random() < 0.5 else f"{issued.year % 100:02}"
    return Item(
        cheque_number=_digits(rng, 6) if layout.is_business else f"0{rng.integers(101, 1000)}",
        account_number=str(rng.integers(1, 10)) + _digits(rng, layout.account_digits - 1),
        amount=amount,
        amount_text=f"{amount:,}.{cents:02}",
        issued=issued,
        transaction_code="",
        account_part="",
        cents=cents,
        date_text=f"{issued.month}/{issued.day}/{year}",
    )
