"""Where generated cheques print and rule what; millimetres from the sheet's top left corner.

The banks are invented. Places follow each standard's common practice and differ as banks differ.
Every layout belongs to one part: those of ``Part.TEST`` are for measuring alone, and nothing of the
reader is tuned on them.
"""

from dataclasses import dataclass
from enum import StrEnum

from recognition.engine.layouts.library import CTS_2010, US_BUSINESS, US_PERSONAL, built_in
from recognition.engine.micr.grammar import Country
from recognition.engine.region import Region


class Part(StrEnum):
    """What a layout may be used for."""

    TUNING = "tuning"
    TEST = "test"


class DateStyle(StrEnum):
    """How a form asks for the date."""

    COMB = "comb"  # eight boxes in one frame
    LINE = "line"  # a rule to write on


class AmountStyle(StrEnum):
    """Where the sign of the currency stands."""

    SIGN_BOX = "sign_box"  # in the frame, with a divider behind it
    SIGN_INSIDE = "sign_inside"
    SIGN_BESIDE = "sign_beside"  # left of the frame
    RULE = "rule"  # no frame: left of a rule to write on


@dataclass(frozen=True, slots=True)
class Layout:
    """One bank's form. ``kind`` names the engine's layout whose standard it follows."""

    name: str
    bank: str
    sort_code: str  # or routing number
    tint: tuple[int, int, int]  # BGR of the paper
    pattern: str  # "waves", "net" or "plain"
    date: Region
    amount: Region
    amount_style: AmountStyle
    account_digits: int
    account_box: Region | None = None  # none: the number stands in the MICR line alone
    account_is_stamped: bool = False
    line_account_part: bool = True  # the Indian MICR line has the six-digit account part
    date_style: DateStyle = DateStyle.COMB
    payee_rule: float = 25.0
    words: tuple[tuple[float, float], ...] = ((26.0, 33.0), (22.0, 40.5))
    """Where the amount in words begins, and the rule it is written on, a line each."""

    signature: tuple[float, float] = (166.0, 64.0)
    number: tuple[float, float] | None = None  # where the cheque number is printed as well
    kind: str = CTS_2010
    part: Part = Part.TUNING

    @property
    def country(self) -> Country:
        """Whose form it is."""
        return built_in(self.kind).country

    @property
    def is_business(self) -> bool:
        """It has the cheque number left of the routing number."""
        return built_in(self.kind).has_auxiliary is True

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        standard = built_in(self.kind)
        return standard.width_mm, standard.height_mm


LAYOUTS = (
    Layout(
        name="green-valley", bank="Bank of Green Valley", sort_code="500902003",
        tint=(222, 238, 220), pattern="waves", date=Region(149.5, 6.5, 194.5, 12.5),
        amount=Region(143.0, 32.5, 192.5, 41.0), amount_style=AmountStyle.SIGN_BOX,
        account_box=Region(10.0, 43.5, 72.0, 51.5), account_is_stamped=True, account_digits=14,
    ),
    Layout(
        name="harbour-hill", bank="Harbour & Hill Bank", sort_code="400903011",
        tint=(243, 226, 205), pattern="net", date=Region(153.5, 7.0, 194.5, 13.0),
        amount=Region(144.5, 33.5, 196.5, 42.5), amount_style=AmountStyle.SIGN_BOX,
        account_box=Region(12.0, 44.0, 66.0, 51.5), account_digits=12,
    ),
    Layout(
        name="northern-river", bank="Northern River Bank", sort_code="110904020",
        tint=(238, 245, 250), pattern="plain", date=Region(152.0, 8.5, 192.0, 14.0),
        amount=Region(143.5, 35.0, 193.5, 43.5), amount_style=AmountStyle.SIGN_INSIDE,
        account_box=Region(11.0, 45.5, 65.0, 51.5), account_digits=15,
    ),
    Layout(
        name="peoples-canal", bank="People's Canal Bank", sort_code="600905048",
        tint=(244, 222, 190), pattern="net", date=Region(153.0, 7.5, 193.0, 13.0),
        amount=Region(142.5, 34.5, 194.0, 44.5), amount_style=AmountStyle.SIGN_BOX,
        account_box=Region(11.0, 46.5, 77.0, 53.5), account_is_stamped=True, account_digits=13,
        line_account_part=False,
    ),
)  # fmt: skip
"""The common forms of CTS-2010, all for tuning: what is drawn where no layout is asked for."""

OTHER_LAYOUTS = (
    Layout(
        name="coastal-trade", bank="Coastal Trade Bank", sort_code="560906007",
        tint=(226, 236, 244), pattern="waves", date=Region(150.0, 9.0, 193.0, 15.5),
        date_style=DateStyle.LINE, amount=Region(138.0, 44.0, 190.0, 53.0),
        amount_style=AmountStyle.SIGN_INSIDE, account_box=Region(88.0, 57.0, 146.0, 64.5),
        account_digits=11, payee_rule=27.0, words=((26.0, 36.0), (22.0, 44.5)),
    ),
    Layout(
        name="prairie-personal", bank="First Prairie Bank", sort_code="021900341",
        tint=(246, 232, 214), pattern="waves", date=Region(98.0, 11.5, 130.0, 18.0),
        date_style=DateStyle.LINE, amount=Region(120.0, 20.5, 148.0, 28.0),
        amount_style=AmountStyle.SIGN_BESIDE, account_digits=9, payee_rule=27.5,
        words=((10.0, 36.5),), signature=(98.0, 52.0), number=(136.0, 4.0), kind=US_PERSONAL,
    ),
    Layout(
        name="prairie-business", bank="First Prairie Bank", sort_code="021900341",
        tint=(228, 240, 226), pattern="net", date=Region(164.0, 15.5, 203.0, 22.5),
        date_style=DateStyle.LINE, amount=Region(172.0, 31.0, 208.0, 39.5),
        amount_style=AmountStyle.SIGN_BESIDE, account_digits=10, payee_rule=38.5,
        words=((14.0, 47.5),), signature=(150.0, 68.0), number=(190.0, 5.0), kind=US_BUSINESS,
    ),
    Layout(
        name="hill-station", bank="Hill Station Bank", sort_code="700907031",
        tint=(214, 234, 240), pattern="net", date=Region(140.5, 11.5, 183.0, 17.5),
        amount=Region(130.0, 41.0, 182.0, 50.5), amount_style=AmountStyle.SIGN_BOX,
        account_box=Region(70.0, 52.5, 128.0, 60.0), account_digits=14, payee_rule=26.5,
        words=((26.0, 35.5), (22.0, 43.0)), signature=(162.0, 66.0), part=Part.TEST,
    ),
    Layout(
        name="eastern-delta", bank="Eastern Delta Bank", sort_code="781908019",
        tint=(236, 228, 244), pattern="waves", date=Region(146.0, 7.0, 190.0, 13.5),
        date_style=DateStyle.LINE, amount=Region(146.0, 36.0, 197.0, 45.0),
        amount_style=AmountStyle.SIGN_BESIDE, account_box=Region(14.0, 50.0, 74.0, 57.5),
        account_is_stamped=True, account_digits=12, part=Part.TEST,
    ),
    Layout(
        name="mesa-personal", bank="Red Mesa Savings", sort_code="111900455",
        tint=(226, 238, 246), pattern="plain", date=Region(92.0, 9.5, 126.0, 16.5),
        date_style=DateStyle.LINE, amount=Region(117.0, 22.5, 147.0, 30.0),
        amount_style=AmountStyle.RULE, account_digits=10, payee_rule=30.0,
        words=((9.0, 39.0),), signature=(94.0, 54.0), number=(133.0, 3.5), kind=US_PERSONAL,
        part=Part.TEST,
    ),
    Layout(
        name="mesa-business", bank="Red Mesa Savings", sort_code="111900455",
        tint=(240, 236, 222), pattern="waves", date=Region(150.0, 18.0, 190.0, 25.0),
        date_style=DateStyle.LINE, amount=Region(168.0, 34.0, 206.0, 42.5),
        amount_style=AmountStyle.SIGN_INSIDE, account_digits=12, payee_rule=41.5,
        words=((12.0, 51.0),), signature=(148.0, 70.0), number=(186.0, 6.0), kind=US_BUSINESS,
        part=Part.TEST,
    ),
)  # fmt: skip

ALL_LAYOUTS = LAYOUTS + OTHER_LAYOUTS


def layouts_of(part: Part) -> tuple[Layout, ...]:
    """Return the layouts of one part."""
    return tuple(layout for layout in ALL_LAYOUTS if layout.part is part)
