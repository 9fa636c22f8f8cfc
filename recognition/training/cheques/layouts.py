"""Where generated cheques print and rule what; millimetres on the 202 x 92 mm sheet of CTS-2010.

The banks are invented. Places follow the standard's common practice and differ as banks differ.
"""

from dataclasses import dataclass

from recognition.engine.sheet import Region


@dataclass(frozen=True, slots=True)
class Layout:
    """One bank's form."""

    bank: str
    sort_code: str
    tint: tuple[int, int, int]  # BGR of the paper
    pattern: str  # "waves", "net" or "plain"
    date_comb: Region
    amount_box: Region
    sign_has_box: bool  # a divider stands right of the ₹ sign
    account_box: Region
    account_is_stamped: bool
    account_digits: int
    line_account_part: bool  # the MICR line has the six-digit account part


LAYOUTS = (
    Layout(
        bank="Bank of Green Valley", sort_code="500902003", tint=(222, 238, 220), pattern="waves",
        date_comb=Region(149.5, 6.5, 194.5, 12.5), amount_box=Region(143.0, 32.5, 192.5, 41.0),
        sign_has_box=True, account_box=Region(10.0, 43.5, 72.0, 51.5), account_is_stamped=True,
        account_digits=14, line_account_part=True,
    ),
    Layout(
        bank="Harbour & Hill Bank", sort_code="400903011", tint=(243, 226, 205), pattern="net",
        date_comb=Region(153.5, 7.0, 194.5, 13.0), amount_box=Region(144.5, 33.5, 196.5, 42.5),
        sign_has_box=True, account_box=Region(12.0, 44.0, 66.0, 51.5), account_is_stamped=False,
        account_digits=12, line_account_part=True,
    ),
    Layout(
        bank="Northern River Bank", sort_code="110904020", tint=(238, 245, 250), pattern="plain",
        date_comb=Region(152.0, 8.5, 192.0, 14.0), amount_box=Region(143.5, 35.0, 193.5, 43.5),
        sign_has_box=False, account_box=Region(11.0, 45.5, 65.0, 51.5), account_is_stamped=False,
        account_digits=15, line_account_part=True,
    ),
    Layout(
        bank="People's Canal Bank", sort_code="600905048", tint=(244, 222, 190), pattern="net",
        date_comb=Region(153.0, 7.5, 193.0, 13.0), amount_box=Region(142.5, 34.5, 194.0, 44.5),
        sign_has_box=True, account_box=Region(11.0, 46.5, 77.0, 53.5), account_is_stamped=True,
        account_digits=13, line_account_part=False,
    ),
)  # fmt: skip
