"""Bytes to a reading: the networks, the kinds, and what every reading says of how it was made."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import cv2

from recognition.engine.allocation import keep_freed_memory
from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.cheque import ChequeReader
from recognition.engine.clock import Clock
from recognition.engine.digit_image import read_digit_image
from recognition.engine.digits import DigitReader
from recognition.engine.image import Planes, decode, split_planes
from recognition.engine.layouts.layout import Anchor
from recognition.engine.layouts.measure import SampleFault, measure_anchor
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.micr.reader import MicrReader
from recognition.engine.number_image import read_number_image
from recognition.engine.policy import Policy
from recognition.engine.print_reader import PrintReader
from recognition.engine.strings import StringReader
from recognition.engine.terms import Terms
from recognition.engine.types import Kind, Lie, ModelIdentity, Reading
from recognition.engine.weights import find_weights
from recognition.engine.words.reader import WordsReader

ENGINE_VERSION = "12"
"""Raised when the same networks would read the same image otherwise than before."""


class Reader:
    """Reads images of every kind with one set of networks. Not thread-safe: one a process."""

    def __init__(
        self,
        models_dir: Path,
        *,
        versions: Mapping[str, str] | None = None,
        policy: Policy | None = None,
    ) -> None:
        """Load the active version of each network, or the one that ``versions`` names.

        ``policy`` holds for every image that is read without one of its own.

        Raises:
            EngineError: ``model_missing`` or ``model_corrupt``.
        """
        cv2.setNumThreads(1)  # parallelism comes from workers
        keep_freed_memory()
        self._models_dir = models_dir
        self._versions = versions or {}
        self._policy = policy or Policy()
        self._identities: list[ModelIdentity] = []
        self._digits = DigitReader(self._session("digits"))
        self._strings = StringReader(self._session("strings"), self._digits)
        self._micr = MicrReader(self._session("micr"))
        prints = PrintReader(self._session("print"))
        self._cheques = ChequeReader(
            self._micr,
            prints,
            self._digits,
            self._strings,
            cache(lambda: WordsReader(LineRecogniser())),
        )

    def read(
        self,
        data: bytes,
        kind: Kind,
        *,
        today: date | None = None,
        policy: Policy | None = None,
        terms: Terms | None = None,
        on_figures: Callable[[Reading], None] | None = None,
        at: Lie | None = None,
    ) -> Reading:
        """Return all that can be read in an encoded image.

        ``terms`` hold for the bank whose item it is. Of a page of several cheques ``at`` says which
        is to be read, as ``others`` of an earlier reading has it; else it is the first.
        Where the amount in words is read, which takes longest, ``on_figures`` is told the reading
        without them before.

        Raises:
            EngineError: the image cannot be opened, or holds no cheque where one was announced.
        """
        clock = Clock()
        today = today or datetime.now(UTC).date()
        policy = policy or self._policy
        with clock.stage("decode"):
            planes = split_planes(decode(data))
        if kind in {Kind.CHEQUE, Kind.DEMAND_DRAFT}:

            def before_words(figures: Reading) -> None:
                if on_figures is not None:
                    on_figures(self._signed(figures, clock))

            cheques = self._cheques if at is None else self._cheques.at(at)
            reading = cheques.read(
                planes, kind, today, policy, clock, before_words, terms or Terms()
            )
        else:
            with clock.stage("read"):
                reading = self._read_alone(planes, kind, policy)
        return self._signed(reading, clock)

    def measure_sample(
        self, data: bytes, size_mm: tuple[float, float], anchor: Anchor
    ) -> tuple[float, float] | SampleFault:
        """Return where the MICR line's anchor stands on a sample of a layout, or why none does.

        Raises:
            EngineError: the image cannot be opened.
        """
        return measure_anchor(split_planes(decode(data)), self._micr, size_mm, anchor)

    def _signed(self, reading: Reading, clock: Clock) -> Reading:
        """Add how the reading was made."""
        return replace(
            reading,
            engine_version=ENGINE_VERSION,
            models=(*self._identities, *reading.models),
            milliseconds=dict(clock.milliseconds),
        )

    def _read_alone(self, planes: Planes, kind: Kind, policy: Policy) -> Reading:
        """Read an image that shows a digit or a number and nothing else."""
        if kind is Kind.DIGIT:
            field = read_digit_image(planes.grey, self._digits, policy.accept_at)
        else:
            field = read_number_image(planes.grey, self._strings, policy.accept_at)
        width, height = planes.size
        return Reading(kind, width, height, (field,))

    def _session(self, name: str) -> LiteRtSession:
        weights = find_weights(self._models_dir, name, self._versions.get(name))
        self._identities.append(weights.identity)
        return LiteRtSession(weights.path)
