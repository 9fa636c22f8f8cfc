"""Read a cheque or a demand draft: its five fields, the rules about them, the image's quality."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import date
from functools import partial

from recognition.engine.account import read_account_number
from recognition.engine.alterations import check_alterations
from recognition.engine.amount_place import Seen, cut_amount
from recognition.engine.clock import Clock
from recognition.engine.courtesy_amount import AmountReader
from recognition.engine.date_field import DateReader
from recognition.engine.digits import DigitReader
from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.finding.find import Found, cheque_at, find_cheque
from recognition.engine.fingerprint import fingerprint
from recognition.engine.image import Planes
from recognition.engine.layouts.layout import PlaceName
from recognition.engine.layouts.library import Located, anywhere, locate, standard_of
from recognition.engine.micr.cmc7 import is_cmc7
from recognition.engine.micr.fields import (
    CMC7_READING,
    american_account_reading,
    cheque_number_reading,
    micr_line_reading,
)
from recognition.engine.micr.grammar import DEMAND_DRAFT_CODE
from recognition.engine.micr.reader import MicrLine, MicrReader
from recognition.engine.policy import Policy
from recognition.engine.print_reader import PrintReader
from recognition.engine.printed_number import check_printed_number
from recognition.engine.quality import ROW_FOUND, assess
from recognition.engine.region import Region
from recognition.engine.rules import CMC7, IMAGE_CLEAR, check_item
from recognition.engine.sheet import Snippet
from recognition.engine.signature import is_signed
from recognition.engine.strings import StringReader
from recognition.engine.terms import Terms
from recognition.engine.types import (
    Check,
    FieldReading,
    Kind,
    Lie,
    QualityMetric,
    Reading,
    Verdict,
)
from recognition.engine.upright import Upright
from recognition.engine.words.lines import cut_lines, cut_place
from recognition.engine.words.reader import WordsReader
from recognition.engine.words.reconcile import reconcile

_LEVEL_MM = 5.0  # print shifts by less


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
        self.find: Callable[[Planes, MicrReader], Found] = find_cheque

    def at(self, lie: Lie) -> "ChequeReader":
        """Return a reader of the one cheque of several that lies so in an image."""
        placed = copy(self)
        placed.find = partial(cheque_at, lie)
        return placed

    def read(
        self,
        planes: Planes,
        kind: Kind,
        today: date,
        policy: Policy,
        clock: Clock,
        before_words: Callable[[Reading], None],
        terms: Terms,
    ) -> Reading:
        """Return the fields of the first cheque in an image, in any position.

        They are five, and the legal amount as a sixth if the policy has it read; ``before_words``
        is then told the reading without it. ``terms`` hold for the bank whose item it is.

        Raises:
            EngineError: ``no_cheque_found``, where neither line, date boxes nor amount box is.
        """
        with clock.stage("micr"):
            found, cmc7 = self._find(planes)
            upright = found.upright
        planes, line = upright.planes, upright.line
        located = locate(line, planes.size, terms.layouts)
        sheet, layout = located.sheet, located.layout
        own = terms.of(layout.country)
        layout = replace(layout, date_order=own.date_order or layout.date_order)
        with clock.stage("amount"):
            cut = cut_amount(planes, sheet, layout)
            unaltered = check_alterations(cut)
            is_printed = kind is Kind.DEMAND_DRAFT or _is_draft(line)
            amount = self._amounts.read(cut, policy.accept_at, is_printed=is_printed)
        with clock.stage("date"):
            written, has_boxes = self._dates.read(
                planes, sheet, layout, policy.accept_at, is_printed=is_printed
            )
        with clock.stage("quality"):
            quality = assess(found.as_lit, sheet, row_found=line is not None, lie=found.lie)
        nothing = line is None and written.box is None and cut.seen is Seen.NOTHING
        if nothing and not _hides_what_it_is(found, quality):
            message = "No cheque was found in this image."
            raise EngineError(ErrorCode.NO_CHEQUE_FOUND, message)
        with clock.stage("account"):
            account = self._read_account(planes, line, located, policy, found.lie)
        micr = line.fields if line else None
        place = None if is_printed else layout.places.get(PlaceName.SIGNATURE)
        # Officers sign drafts somewhere else.
        signed = is_signed(planes.grey, sheet, place.window) if place and micr else None
        width, height = planes.size

        number = cheque_number_reading(line, policy.accept_at)
        printed = self._check_printed(planes, located, number, clock)

        def rules(amount: FieldReading, written: FieldReading) -> tuple[Check, ...]:
            checks = check_item(
                kind, micr, amount, written, quality, today,
                is_signed=signed, valid_months=own.valid_months,
            )  # fmt: skip
            checks = tuple(CMC7 if cmc7 and c.rule == CMC7.rule else c for c in checks)
            return (*checks, *unaltered, *printed)

        others = (
            account,
            number,
            CMC7_READING if cmc7 else micr_line_reading(line, policy.accept_at),
        )
        reading = Reading(
            kind=kind,
            width=width,
            height=height,
            fields=(amount, written, *others),
            checks=rules(amount, written),
            quality=quality,
            quarter_turns=upright.quarter_turns,
            lie=found.lie,
            others=found.others,
            fingerprint=fingerprint(planes.grey, sheet),
            layout=layout.name,
        )
        has_letters = not has_boxes and not written.accepted  # perhaps
        is_clear = amount.accepted and not has_letters
        if not policy.wants_words(amount.value, is_accepted=is_clear):
            return _as_clear_as_it_is(reading)
        before_words(_as_clear_as_it_is(reading))
        words = self._words()
        with clock.stage("third"):
            amount = self._amounts.read(
                cut, policy.accept_at, is_printed=is_printed, recogniser=words.recogniser
            )
        if has_letters:
            with clock.stage("letters"):
                written = self._dates.read_letters(planes, sheet, layout, written, words.recogniser)
        with clock.stage("words"):
            said = words.read(_lines_of(planes, located, cut.room))
            amount, legal, verdict = reconcile(amount, said, policy.accept_at)
        return _as_clear_as_it_is(
            replace(
                reading,
                fields=(amount, written, *others, legal),
                checks=(*rules(amount, written), verdict),
                models=(words.identity,),
            )
        )

    def _find(self, planes: Planes) -> tuple[Found, bool]:
        """Return what was found, and whether its line is printed in CMC-7, whichever way up."""
        found = self.find(planes, self._micr)
        as_it_lies = planes if found.lie is None else found.upright.planes
        # What is no line of a known form may be one of another font, whichever way it was read.
        if not found.upright.has_no_form or not is_cmc7(as_it_lies.plain):
            return found, False
        return replace(found, upright=Upright(as_it_lies, 0, None)), True

    def _check_printed(
        self, planes: Planes, located: Located, number: FieldReading, clock: Clock
    ) -> tuple[Check, ...]:
        """Hold the number of the line against the one printed elsewhere, where a form has one."""
        place = located.layout.places.get(PlaceName.CHEQUE_NUMBER)
        if place is None or not number.value:
            return ()
        with clock.stage("number"):
            return (
                check_printed_number(
                    planes, located.sheet, place.window, number.value, self._prints
                ),
            )

    def _read_account(
        self,
        planes: Planes,
        line: MicrLine | None,
        located: Located,
        policy: Policy,
        lie: Lie | None,
    ) -> FieldReading:
        """Return the account number from its box, or from the line where it has none."""
        layout = located.layout
        place = layout.places.get(PlaceName.ACCOUNT_NUMBER)
        if place is None and line and line.fields:
            return american_account_reading(line, line.fields, policy.accept_at)
        far = anywhere(layout).places[PlaceName.ACCOUNT_NUMBER].window
        near = far if place is None else place.window
        found = read_account_number(
            planes.plain, located.sheet, near, self._prints, policy.accept_at
        )
        if lie is not None and not found.accepted:
            # What a camera blurred reads in one grey where it does not in the other.
            other = read_account_number(
                planes.grey, located.sheet, near, self._prints, policy.accept_at
            )
            if found.value in {None, other.value}:
                found = other
            elif other.accepted:
                found = replace(other, accepted=False, notes=("two_readers_differ",))
        if found.value is not None or near == far:
            return found
        elsewhere = read_account_number(
            planes.plain, located.sheet, far, self._prints, policy.accept_at
        )
        of_line = line.fields if line else None
        if elsewhere.value is None or (of_line and elsewhere.value == of_line.own_number):
            return found
        # Other long numbers stand on a cheque, and nothing tells which of them this is.
        notes = (*elsewhere.notes, "not_where_it_usually_stands")
        return replace(elsewhere, accepted=False, notes=notes)


def _lines_of(planes: Planes, located: Located, amount_box: Region) -> list[Snippet]:
    """Cut the amount in words: where the layout has it, or by the amount box."""
    layout = located.layout
    standard = standard_of(layout)
    place = layout.places.get(PlaceName.LEGAL_AMOUNT) or standard.places.get(PlaceName.LEGAL_AMOUNT)
    if place is not None:
        return cut_place(planes, located.sheet, place.usual)
    # The lines run level with the box; where it is not level with others', they may be anywhere.
    usual = standard.places[PlaceName.COURTESY_AMOUNT].usual
    is_level = abs(amount_box.top - usual.top) < _LEVEL_MM
    return cut_lines(planes, located.sheet, amount_box if is_level else usual)


def _hides_what_it_is(found: Found, quality: tuple[QualityMetric, ...]) -> bool:
    """Tell whether a sheet lies there, too dark or too blurred to show that it is a cheque."""
    return found.lie is not None and any(
        metric.verdict is Verdict.FAILED and metric.name != ROW_FOUND for metric in quality
    )


def _as_clear_as_it_is(reading: Reading) -> Reading:
    """Leave every field of an unfit image to a person."""
    checks = reading.checks
    if any(check.rule == IMAGE_CLEAR and check.verdict is Verdict.FAILED for check in checks):
        fields = tuple(replace(field, accepted=False) for field in reading.fields)
        return replace(reading, fields=fields)
    return reading


def _is_draft(line: MicrLine | None) -> bool:
    return bool(line and line.fields and line.fields.transaction_code == DEMAND_DRAFT_CODE)
