"""Our string reader on the bench: whole, without each of its parts, and on crops of nothing."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.confidence import Evidence
from recognition.engine.digits import DigitReader
from recognition.engine.line import HEIGHT
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.weights import Weights
from recognition.training.report import rate_with_interval
from recognition.training.strings import nothing
from recognition.training.strings.crops import Crop
from recognition.training.strings.measures import Answer

_TIMED_WIDTH, _TIMED_RUNS = 256, 40

Noted = list[Evidence | None]
Read = Callable[[NDArray[np.uint8]], tuple[str, float]]

_NOTHING_NOTE = (
    "Right is that there is no value. Drawn by `recognition/training/strings/nothing.py`, which no "
    "training uses; the limit of what is legible was set on other crops of the same kinds."
)


class Bench:
    """Our reader, whole and in parts, of one version of its networks."""

    def __init__(self, strings: Weights, digits: Weights) -> None:
        self._session = LiteRtSession(strings.path)
        self.digits = DigitReader(LiteRtSession(digits.path))
        self.name = f"ours, strings/{strings.identity.version}, digits/{digits.identity.version}"
        self._whole = StringReader(self._session, self.digits)
        self.evidence: dict[str, Noted] = {}

    def ours(self) -> dict[str, Read]:
        """Return the readers that ship: all three, our two, the first pass of our network alone."""
        three, two = f"{self.name}, and {LineRecogniser.NAME}", self.name
        return {
            three: self._noting(three, self._whole, LineRecogniser()),
            two: self._noting(two, self._whole),
            "ours, one pass of the network": self._whole.read_once,
        }

    def ablations(self) -> dict[str, Read]:
        """Return the reader without each of its parts."""
        parts = {
            "without the second reader": StringReader(self._session),
            "three views": StringReader(self._session, self.digits, views=3),
            "one view": StringReader(self._session, self.digits, views=1),
            "one view without the second reader": StringReader(self._session, views=1),
        }
        return {
            f"ours, {name}": self._noting(f"ours, {name}", each) for name, each in parts.items()
        }

    def _noting(
        self, name: str, reader: StringReader, recogniser: LineRecogniser | None = None
    ) -> Read:
        """Return a reader that keeps the evidence of all that it reads."""
        evidence = self.evidence.setdefault(name, [])

        def read(grey: NDArray[np.uint8]) -> tuple[str, float]:
            reading = reader.read(grey, Grammar.NUMBER, recogniser)
            evidence.append(reading.evidence)
            return reading.value or "", reading.confidence

        return read

    def pass_note(self) -> str:
        """Measure the network alone, and say so."""
        batch = np.zeros((1, HEIGHT, _TIMED_WIDTH, 1), np.float32)
        self._session.run(batch)
        spent = []
        for _ in range(_TIMED_RUNS):
            start = time.perf_counter()
            self._session.run(batch)
            spent.append((time.perf_counter() - start) * 1000)
        return (
            f" The network alone takes {median(spent):.2f} ms for a line of {_TIMED_WIDTH} pixels."
        )

    def nothing(self, count: int) -> str:
        """Return the table of crops that hold no number."""
        recogniser = LineRecogniser()
        rows = []
        refused = np.zeros(2, int)
        for kind in nothing.KINDS:
            crops = list(nothing.crops(kind, count))
            cells = []
            for number, third in enumerate((None, recogniser)):
                readings = [self._whole.read(crop, Grammar.NUMBER, third) for crop in crops]
                none = sum(reading.value is None for reading in readings)
                surest = max((r.confidence for r in readings if r.value is not None), default=0.0)
                refused[number] += none
                cells.append(f"{rate_with_interval(none, count)} | {surest:.2f}")
            rows.append(f"| {kind} | {count} | {' | '.join(cells)} |")
        total = count * len(nothing.KINDS)
        all_refused = " | | ".join(rate_with_interval(int(each), total) for each in refused)
        rows.append(f"| all | {total} | {all_refused} | |")
        head = (
            "| what | n | nothing to read %, our two readers | surest other | with the third "
            "| surest other |\n|---|--:|--:|--:|--:|--:|"
        )
        title = f"## Crops without a number: {self.name.removeprefix('ours, ')}"
        return "\n".join([title, "", head, *rows, "", _NOTHING_NOTE])


def measure(read: Read, crops: list[Crop]) -> list[Answer]:
    """Return what a reader makes of each crop, and the milliseconds that it takes."""
    answers = []
    for grey, truth in crops:
        start = time.perf_counter()
        text, confidence = read(grey)
        answers.append(Answer(truth, text, confidence, (time.perf_counter() - start) * 1000))
    return answers
