"""How well the engine reads labelled cheques: exact rates with intervals, errors, time a stage."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from recognition.engine.errors import EngineError
from recognition.engine.image import decode
from recognition.engine.micr.grammar import DEMAND_DRAFT_CODE, parse_line
from recognition.engine.pipeline import Reader
from recognition.engine.sheet import HEIGHT_MM, WIDTH_MM
from recognition.engine.types import CHEQUE_FIELDS, FieldName, Kind, Reading, Verdict
from recognition.engine.words.reconcile import RULE
from recognition.training.cheques.photos import Paper, photograph, scan_page
from recognition.training.cheques.truth import LabelledCheque, load_labelled
from recognition.training.report import rate_with_interval

_FOUR = (
    FieldName.COURTESY_AMOUNT,
    FieldName.DATE,
    FieldName.ACCOUNT_NUMBER,
    FieldName.CHEQUE_NUMBER,
)


_LIDS = (20, 244, 250, 255)
_PAGE_QUALITY = 80

_MEASURED = (*CHEQUE_FIELDS, FieldName.LEGAL_AMOUNT)


@dataclass(slots=True)
class Tally:
    """Counts for one field."""

    count: int = 0
    exact: int = 0
    accepted: int = 0
    accepted_wrong: int = 0
    located: int = 0


@dataclass(slots=True)
class Agreement:
    """How words and figures were held against each other, by what is on the paper."""

    compared: int = 0
    agreeing: int = 0
    agreeing_wrong: int = 0
    differing: int = 0
    differing_flagged: int = 0
    differing_accepted: int = 0
    flagged_wrong: int = 0


@dataclass(slots=True)
class Evaluation:
    """What was found on one folder."""

    count: int = 0
    failed: int = 0
    all_four: int = 0
    fields: dict[FieldName, Tally] = field(
        default_factory=lambda: {name: Tally() for name in _MEASURED}
    )
    agreement: Agreement = field(default_factory=Agreement)
    milliseconds: dict[str, list[float]] = field(default_factory=dict)


def evaluate(
    reader: Reader,
    data: Path,
    report: Callable[[str], None],
    shown: Callable[[bytes], bytes] | None = None,
) -> Evaluation:
    """Read every labelled cheque below ``data``; ``report`` is told of every wrong field.

    ``shown`` makes of each image file the one that is read, as ``as_photos`` does.

    What is reported may quote real cheques: it is for the terminal and never for a document.
    """
    result = Evaluation()
    for cheque in load_labelled(data):
        result.count += 1
        today = date.fromisoformat(cheque.truth[FieldName.DATE])
        try:
            data_read = cheque.file.read_bytes()
            if shown is not None:
                data_read = shown(data_read)
            reading = reader.read(data_read, _kind(cheque), today=today)
        except EngineError as error:
            result.failed += 1
            report(f"{cheque.file.name}: {error.code}")
            continue
        for stage, spent in reading.milliseconds.items():
            result.milliseconds.setdefault(stage, []).append(spent)
        right = set()
        _compare(cheque, reading, result.agreement)
        for name, truth in cheque.truth.items():
            tally = result.fields[name]
            tally.count += 1
            read = reading.field(name)
            if read is None:
                continue
            is_right = read.value == truth
            tally.exact += is_right
            tally.accepted += read.accepted
            tally.accepted_wrong += read.accepted and not is_right
            tally.located += read.box is not None
            if is_right:
                right.add(name)
            else:
                mark = "ACCEPTED " if read.accepted else ""
                report(
                    f"{cheque.file.name}: {mark}{name} {truth} read as {read.value}"
                    f" ({read.raw_text!r}, {read.confidence:.3f})"
                )
        result.all_four += right >= set(_FOUR)
    return result


def as_photos(seed: int) -> Callable[[bytes], bytes]:
    """Return what makes of a scan of an Indian cheque a photograph of it, by chance from a seed."""
    rng = np.random.default_rng(seed)

    def shown(data: bytes) -> bytes:
        paper = Paper(decode(data), (WIDTH_MM, HEIGHT_MM))
        quality = int(rng.integers(72, 94))
        pixels = photograph(paper, rng).pixels
        _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return encoded.tobytes()

    return shown


def as_pages(seed: int) -> Callable[[bytes], bytes]:
    """Return what makes of a scan of an Indian cheque an A4 scan at 200 dpi on which it lies.

    The lid is as white as paper or black, and on every second page the paper's edge casts no shadow
    on it, so that nothing tells where the sheet ends.
    """
    rng = np.random.default_rng(seed)

    def shown(data: bytes) -> bytes:
        paper = Paper(decode(data), (WIDTH_MM, HEIGHT_MM))
        shadow = float(rng.choice([0.0, 0.15]))
        pixels, _ = scan_page([paper], rng, lids=_LIDS, shadow=shadow)
        _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _PAGE_QUALITY])
        return encoded.tobytes()

    return shown


def _compare(cheque: LabelledCheque, reading: Reading, counts: Agreement) -> None:
    verdict = next((check.verdict for check in reading.checks if check.rule == RULE), None)
    figures = reading.field(FieldName.COURTESY_AMOUNT)
    if verdict is None or figures is None:
        return
    counts.compared += 1
    is_flagged = verdict is Verdict.FAILED
    if verdict is Verdict.PASSED:
        counts.agreeing += 1
        counts.agreeing_wrong += figures.value != cheque.truth[FieldName.COURTESY_AMOUNT]
    if cheque.words_differ:
        counts.differing += 1
        counts.differing_flagged += is_flagged
        counts.differing_accepted += figures.accepted
    else:
        counts.flagged_wrong += is_flagged


def _kind(cheque: LabelledCheque) -> Kind:
    line = parse_line(cheque.truth[FieldName.MICR_LINE])
    is_draft = line is not None and line.transaction_code == DEMAND_DRAFT_CODE
    return Kind.DEMAND_DRAFT if is_draft else Kind.CHEQUE


def as_tables(result: Evaluation, title: str) -> str:
    """Return the figures as Markdown, without anything that stood on a cheque."""
    explanation = (
        f"{result.count} cheques; {result.failed} not read at all. Exact: the canonical value, "
        "character for character; 95 % Wilson intervals. Accepted: by the reading policy, without "
        "a person."
    )
    rows = [
        f"| {name.value.replace('_', ' ')} | {tally.count} | {tally.located} | "
        f"{rate_with_interval(tally.exact, tally.count)} | {tally.accepted} | "
        f"{tally.accepted_wrong} |"
        for name, tally in result.fields.items()
        if tally.count and (name in CHEQUE_FIELDS or tally.located)  # words may be left unread
    ]
    all_four = (
        f"| amount, date, account and cheque number | {result.count} | | "
        f"{rate_with_interval(result.all_four, result.count)} | | |"
    )
    times = [
        f"| {stage} | {median(spent):.1f} | {max(spent):.1f} |"
        for stage, spent in result.milliseconds.items()
    ]
    lines = [
        f"### {title}",
        "",
        explanation,
        "",
        "| field | n | located | exact % | accepted | accepted and wrong |",
        "|---|--:|--:|--:|--:|--:|",
        *rows,
        all_four,
        "",
        *_agreement_lines(result.agreement),
        "| stage | median ms | longest ms |",
        "|---|--:|--:|",
        *times,
    ]
    return "\n".join(lines)


def _agreement_lines(counts: Agreement) -> list[str]:
    if not counts.compared:
        return []
    same = counts.compared - counts.differing
    return [
        "| words against figures | of | count |",
        "|---|--:|--:|",
        f"| agree | {counts.compared} | {counts.agreeing} |",
        f"| of these, the figures wrong | {counts.agreeing} | {counts.agreeing_wrong} |",
        f"| differ on the paper: flagged | {counts.differing} | {counts.differing_flagged} |",
        f"| differ on the paper: accepted | {counts.differing} | {counts.differing_accepted} |",
        f"| do not differ on the paper: flagged | {same} | {counts.flagged_wrong} |",
        "",
    ]
