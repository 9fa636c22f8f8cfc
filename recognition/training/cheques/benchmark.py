"""Whole cheques under the conditions in which they are exchanged: exact rates, times, a peer."""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.engine.errors import EngineError
from recognition.engine.micr.grammar import Country
from recognition.engine.pipeline import Reader
from recognition.engine.types import CHEQUE_FIELDS, FieldName, Kind
from recognition.training.cheques.conditions import Condition, as_scanned
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.evaluate import Tally
from recognition.training.cheques.layouts import Part, layouts_of
from recognition.training.cheques.peer import PeerReader
from recognition.training.cheques.truth import load_labelled
from recognition.training.memory import peak_mib
from recognition.training.report import rate_with_interval

_DPI = 300.0
_FOUR = (
    FieldName.COURTESY_AMOUNT,
    FieldName.DATE,
    FieldName.ACCOUNT_NUMBER,
    FieldName.CHEQUE_NUMBER,
)
_TODAY = date(2026, 3, 1)
_EXPLANATION = (
    "Exact: the canonical value, character for character. Accepted: by the reading policy, without "
    "a person. Lost: points below 300 dpi colour. Intervals: 95 %, Wilson."
)
_HOW_TIMED = (
    "Words off, one thread, warm. Times of a core leave out when other processes had it; “peer's "
    "times” is how many times as long RapidOCR works on the same files in the same run."
)


@dataclass(frozen=True, slots=True)
class Scanned:
    """One cheque at 300 dpi in colour, its truth, and its file where it is one."""

    name: str
    pixels: NDArray[np.uint8]
    truth: dict[FieldName, str]
    country: Country
    file: bytes | None = None

    def under(self, condition: Condition) -> bytes:
        """Return the file that a scanner makes of it under a condition."""
        if condition is Condition.COLOUR_300 and self.file is not None:
            return self.file
        return as_scanned(self.pixels, _DPI, condition)


def drawn(count: int, seed: int) -> Iterator[Scanned]:
    """Draw cheques on the forms that nothing is tuned on, each form as often as the others."""
    rng = np.random.default_rng(seed)
    layouts = layouts_of(Part.TEST)
    for number in range(count):
        layout = layouts[number % len(layouts)]
        cheque = draw_cheque(Kind.CHEQUE, rng, today=_TODAY, layout=layout, pixels_a_mm=_DPI / 25.4)
        name = f"{layout.name} {number + 1}"
        truth = {name: cheque.truth[name] for name in CHEQUE_FIELDS}
        yield Scanned(name, cheque.pixels, truth, layout.country)


def real(data: Path) -> Iterator[Scanned]:
    """Return the labelled Indian 300 dpi scans below a folder.

    Raises:
        FileNotFoundError: there are none.
    """
    for cheque in load_labelled(data):
        file = cheque.file.read_bytes()
        pixels = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR)
        truth = {name: cheque.truth[name] for name in CHEQUE_FIELDS}
        yield Scanned(cheque.file.name, np.asarray(pixels, np.uint8), truth, Country.INDIA, file)


@dataclass(slots=True)
class Under:
    """What was read under one condition."""

    count: int = 0
    refused: int = 0
    all_four: int = 0
    fields: dict[FieldName, Tally] = field(
        default_factory=lambda: {name: Tally() for name in CHEQUE_FIELDS}
    )
    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Milliseconds of a core, which others' work on it does not add to."""

    stages: dict[str, list[float]] = field(default_factory=dict)


@dataclass(slots=True)
class Result:
    """Our readings by condition, and the peer's of the first files of each."""

    ours: dict[Condition, Under]
    peer: dict[Condition, Under]
    beside: dict[Condition, Under]
    """Our readings of the very files that the peer read, each right before the peer's."""

    peak_mib: float = 0.0
    """Of the process, before the peer was loaded."""


def run(
    reader: Reader,
    cheques: Callable[[], Iterator[Scanned]],
    peers: int,
    tell: Callable[[str], None],
) -> Result:
    """Read every cheque under every condition, and by the peer the first ``peers`` of them.

    ``tell`` hears of every wrong field: values of real cheques are for the terminal alone.
    """
    result = Result(
        {condition: Under() for condition in Condition},
        {condition: Under() for condition in Condition},
        {condition: Under() for condition in Condition},
    )
    for cheque in cheques():
        for condition, under in result.ours.items():
            data = cheque.under(condition)
            _read(reader, data, cheque, under, partial(_tell_under, condition, tell))
    result.peak_mib = peak_mib()
    if peers:
        peer = PeerReader()
        for number, cheque in enumerate(cheques()):
            if number >= peers:
                break
            for condition in Condition:
                data = cheque.under(condition)
                _read(reader, data, cheque, result.beside[condition], _say_nothing)
                _read_by_peer(peer, data, cheque, result.peer[condition])
    return result


def _tell_under(condition: Condition, tell: Callable[[str], None], text: str) -> None:
    tell(f"{condition.value}: {text}")


def _say_nothing(_text: str) -> None:
    """Wrong fields have been told of already."""


def _read(
    reader: Reader, data: bytes, cheque: Scanned, under: Under, tell: Callable[[str], None]
) -> None:
    under.count += 1
    for name in cheque.truth:
        under.fields[name].count += 1
    start, busy = time.perf_counter(), time.process_time()
    try:
        reading = reader.read(
            data, Kind.CHEQUE, today=date.fromisoformat(cheque.truth[FieldName.DATE])
        )
    except EngineError as error:
        under.refused += 1
        tell(f"{cheque.name}: {error.code}")
        return
    under.milliseconds.append((time.perf_counter() - start) * 1000)
    under.processor.append((time.process_time() - busy) * 1000)
    for stage, spent in reading.milliseconds.items():
        under.stages.setdefault(stage, []).append(spent)
    right = set()
    for name, truth in cheque.truth.items():
        read, tally = reading.field(name), under.fields[name]
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
            tell(f"{cheque.name}: {mark}{name} {truth} read as {read.value} ({read.raw_text!r})")
    under.all_four += right >= set(_FOUR)


def _read_by_peer(peer: PeerReader, data: bytes, cheque: Scanned, under: Under) -> None:
    under.count += 1
    with Image.open(io.BytesIO(data)) as image:
        size = image.size
    start, busy = time.perf_counter(), time.process_time()
    values = peer.read(data, size, cheque.country)
    under.milliseconds.append((time.perf_counter() - start) * 1000)
    under.processor.append((time.process_time() - busy) * 1000)
    for name in _FOUR:
        under.fields[name].count += 1
        under.fields[name].exact += values.get(name) == cheque.truth[name]
    under.all_four += all(values.get(name) == cheque.truth[name] for name in _FOUR)


def rates_table(result: Result, title: str) -> str:
    """Return how exact every field is under every condition, without anything that was read."""
    best = result.ours[Condition.COLOUR_300]
    rows = [
        f"| {condition.value} | {_field(name)} | {tally.count} | "
        f"{rate_with_interval(tally.exact, tally.count)} | {_lost(tally, best.fields[name])} | "
        f"{rate_with_interval(tally.accepted, tally.count)} | "
        f"{tally.accepted_wrong} | {_wrong_share(tally)} |"
        for condition, under in result.ours.items()
        for name, tally in under.fields.items()
    ]
    lines = [
        f"### {title}",
        "",
        f"{best.count} cheques, each brought into every condition. {_EXPLANATION}",
        "",
        "| condition | field | n | exact % | lost | accepted % | wrong of these | wrong % |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
        *rows,
    ]
    if any(under.count for under in result.peer.values()):
        lines += ["", *_peer_lines(result)]
    return "\n".join(lines)


def _field(name: FieldName) -> str:
    return name.value.replace("_", " ")


def _lost(tally: Tally, best: Tally) -> str:
    if not tally.count:
        return "n/a"
    return f"{100 * (best.exact / best.count - tally.exact / tally.count):.1f}"


def _wrong_share(tally: Tally) -> str:
    return rate_with_interval(tally.accepted_wrong, tally.accepted)


def _peer_lines(result: Result) -> list[str]:
    rows = []
    for condition, peers in result.peer.items():
        for who, under in (("this reader", result.beside[condition]), (PeerReader.name, peers)):
            rates = " | ".join(
                rate_with_interval(under.fields[name].exact, under.fields[name].count)
                for name in _FOUR
            )
            rows.append(
                f"| {condition.value} | {who} | {under.count} | {rates} | "
                f"{rate_with_interval(under.all_four, under.count)} | "
                f"{_middle(under.processor):.0f} |"
            )
    names = " | ".join(_field(name) for name in _FOUR)
    return [
        "Beside the peer, on the same files in turns, one thread each, words off; exact %:",
        "",
        f"| condition | reader | n | {names} | all four | ms of a core |",
        f"|---|---|--:|{'--:|' * len(_FOUR)}--:|--:|",
        *rows,
    ]


def _middle(values: list[float]) -> float:
    return median(values) if values else float("nan")


def speed_table(result: Result, title: str) -> str:
    """Return the profile of a reading by stage under every condition, and the ratio to the peer."""
    count = result.ours[Condition.COLOUR_300].count
    lines = [
        f"### {title}",
        "",
        f"{count} cheques, from encoded bytes to the full reading. {_HOW_TIMED}",
        f"Peak memory of the process: {result.peak_mib:.0f} MiB.",
        "",
        "| condition | median ms | 95 of 100, ms | ms of a core | a core a second | peer's times |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for condition, under in result.ours.items():
        spent = under.milliseconds
        own = _middle(under.processor)
        ratio = _middle(result.peer[condition].processor) / _middle(
            result.beside[condition].processor
        )
        lines.append(
            f"| {condition.value} | {_middle(spent):.1f} | {_tail(spent):.1f} | {own:.1f} | "
            f"{1000 / own:.1f} | {'n/a' if np.isnan(ratio) else f'{ratio:.0f}'} |"
        )
    stages = result.ours[Condition.COLOUR_300].stages
    lines += [
        "",
        f"Stages at {Condition.COLOUR_300.value}, by the clock:",
        "",
        "| stage | median ms | 95 of 100, ms |",
        "|---|--:|--:|",
        *(
            f"| {name} | {_middle(spent):.1f} | {_tail(spent):.1f} |"
            for name, spent in stages.items()
        ),
    ]
    return "\n".join(lines)


def _tail(values: list[float]) -> float:
    return float(np.quantile(values, 0.95)) if values else float("nan")
