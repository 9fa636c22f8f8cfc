"""Read a cheque or a demand draft: its five fields, the rules about them, the image's quality."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from recognition.engine.account import read_account_number
from recognition.engine.clock import Clock
from recognition.engine.courtesy_amount import AmountReader, cut_amount
from recognition.engine.date_field import DateReader
from recognition.engine.digits import DigitReader
from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.fingerprint import fingerprint
from recognition.engine.image import Planes
from recognition.engine.micr.fields import (
    american_account_reading,
    cheque_number_reading,
    micr_line_reading,
)
from recognition.engine.micr.grammar import DEMAND_DRAFT_CODE, Country
from recognition.engine.micr.reader import MicrLine, MicrReader
from recognition.engine.policy import Policy
from recognition.engine.print_reader import PrintReader
from recognition.engine.quality import assess
from recognition.engine.rules import IMAGE_CLEAR, check_item
from recognition.engine.sheet import Sheet, sheet_by_edges, sheet_by_row
from recognition.engine.signature import is_signed
from recognition.engine.strings import StringReader
from recognition.engine.types import Check, FieldReading, Kind, Reading, Verdict
from recognition.engine.upright import Upright, set_upright
from recognition.engine.words.lines import cut_lines
from recognition.engine.words.reader import WordsReader
from recognition.engine.words.reconcile import reconcile


class ChequeReader:
    """Reads whole cheques with the four networks."""

    def __init__(
        self,
        micr: MicrReader,
        prints: PrintReader,
        digits: DigitReader,
        strings: StringReader,
        words: Callable[[], WordsReader],
    ) -> None:
        self._micr = micr
        self._prints = prints
        self._words = words  # loaded when first needed: it takes most of the memory
        self._dates = DateReader(digits, strings, prints)
        self._amounts = AmountReader(strings, prints)

    def read(
        self,
        planes: Planes,
        kind: Kind,
        today: date,
        policy: Policy,
        clock: Clock,
        before_words: Callable[[Reading], None],
    ) -> Reading:
        """Return the fields of the one cheque in an image, in any of four positions.

        They are five, and the legal amount as a sixth if the policy has it read; ``before_words``
        is then told the reading without it.

        Raises:
            EngineError: ``no_cheque_found``, where neither line, date boxes nor amount box is.
        """
        with clock.stage("micr"):
            upright = set_upright(planes, self._micr)
        planes, line = upright.planes, upright.line
        sheet = _sheet_of(upright)
        with clock.stage("amount"):
            cut = cut_amount(planes, sheet)
            is_printed = kind is Kind.DEMAND_DRAFT or _is_draft(line)
            amount = self._amounts.read(cut, policy.accept_at, is_printed=is_printed)
        with clock.stage("date"):
            written = self._dates.read(planes, sheet, policy.accept_at, is_printed=is_printed)
        if line is None and written.box is None and not cut.is_framed:
            message = "No cheque was found in this image."
            raise EngineError(ErrorCode.NO_CHEQUE_FOUND, message)
        with clock.stage("account"):
            account = self._read_account(upright, sheet, policy)
        with clock.stage("quality"):
            quality = assess(planes.plain, sheet, row_found=line is not None)
        micr = line.fields if line else None
        # Where officers sign a draft, and Americans their cheques, is another place.
        is_indian = micr is not None and micr.country is Country.INDIA
        signed = is_signed(planes.grey, sheet) if is_indian and not is_printed else None
        width, height = planes.size

        def rules(amount: FieldReading) -> tuple[Check, ...]:
            return check_item(kind, micr, amount, written, quality, today, is_signed=signed)

        others = (
            written,
            account,
            cheque_number_reading(line, policy.accept_at),
            micr_line_reading(line, policy.accept_at),
        )
        reading = Reading(
            kind=kind,
            width=width,
            height=height,
            fields=(amount, *others),
            checks=rules(amount),
            quality=quality,
            quarter_turns=upright.quarter_turns,
            fingerprint=fingerprint(planes.grey, sheet),
        )
        if not policy.wants_words(amount.value, is_accepted=amount.accepted):
            return _as_clear_as_it_is(reading)
        before_words(_as_clear_as_it_is(reading))
        words = self._words()
        with clock.stage("words"):
            said = words.read(cut_lines(planes, sheet, cut.room))
            amount, legal, verdict = reconcile(amount, said, policy.accept_at)
        return _as_clear_as_it_is(
            replace(
                reading,
                fields=(amount, *others, legal),
                checks=(*rules(amount), verdict),
                models=(words.identity,),
            )
        )

    def _read_account(self, upright: Upright, sheet: Sheet, policy: Policy) -> FieldReading:
        line = upright.line
        if line and line.fields and line.fields.country is Country.UNITED_STATES:
            return american_account_reading(line, line.fields, policy.accept_at)
        return read_account_number(upright.planes.plain, sheet, self._prints, policy.accept_at)


def _as_clear_as_it_is(reading: Reading) -> Reading:
    """Leave every field of an unfit image to a person."""
    checks = reading.checks
    if any(check.rule == IMAGE_CLEAR and check.verdict is Verdict.FAILED for check in checks):
        fields = tuple(replace(field, accepted=False) for field in reading.fields)
        return replace(reading, fields=fields)
    return reading


def _is_draft(line: MicrLine | None) -> bool:
    return bool(line and line.fields and line.fields.transaction_code == DEMAND_DRAFT_CODE)


def _sheet_of(upright: Upright) -> Sheet:
    """Return the sheet's place: by its MICR row where that reads as one, or by the edges."""
    line = upright.line
    if line and line.fields and line.fields.country is Country.INDIA:
        return sheet_by_row(line.row)
    return sheet_by_edges(*upright.planes.size)
