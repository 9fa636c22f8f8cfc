"""Bytes to a reading: the order of the stages, and nothing else."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import cv2

from recognition.engine.account import read_account_number
from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.courtesy_amount import cut_amount
from recognition.engine.date_cells import cut_date
from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.image import Planes, decode, split_planes
from recognition.engine.micr.fields import cheque_number_reading, micr_line_reading
from recognition.engine.micr.reader import MicrReader
from recognition.engine.policy import Policy
from recognition.engine.print_reader import PrintReader
from recognition.engine.quality import assess
from recognition.engine.rules import IMAGE_CLEAR, check_item
from recognition.engine.sheet import Sheet, sheet_by_edges, sheet_by_row
from recognition.engine.types import (
    Box,
    FieldName,
    FieldReading,
    Kind,
    ModelIdentity,
    Reading,
    Verdict,
)
from recognition.engine.upright import Upright, set_upright
from recognition.engine.weights import find_weights

ENGINE_VERSION = "1"
"""Raised when the same networks would read the same image otherwise than before."""


class Reader:
    """Reads images of every kind with one set of networks. Not thread-safe: one a process."""

    def __init__(self, models_dir: Path, *, versions: Mapping[str, str] | None = None) -> None:
        """Load the active version of each network, or the one that ``versions`` names.

        Raises:
            EngineError: ``model_missing`` or ``model_corrupt``.
        """
        cv2.setNumThreads(1)  # parallelism comes from workers
        self._models_dir = models_dir
        self._versions = versions or {}
        self._identities: list[ModelIdentity] = []
        self._micr = MicrReader(self._session("micr"))
        self._print = PrintReader(self._session("print"))

    def read(
        self,
        data: bytes,
        kind: Kind,
        *,
        today: date | None = None,
        policy: Policy | None = None,
    ) -> Reading:
        """Return all that can be read in an encoded image.

        Raises:
            EngineError: the image cannot be opened, or holds no cheque where one was announced.
        """
        clock = _Clock()
        today = today or datetime.now(UTC).date()
        policy = policy or Policy()
        with clock.stage("decode"):
            planes = split_planes(decode(data))
        if kind in {Kind.CHEQUE, Kind.DEMAND_DRAFT}:
            return self._read_cheque(planes, kind, today, policy, clock)
        width, height = planes.size
        return Reading(
            kind=kind,
            width=width,
            height=height,
            fields=(_not_read(FieldName(kind.value), None),),
            engine_version=ENGINE_VERSION,
            models=tuple(self._identities),
            milliseconds=clock.milliseconds,
        )

    def _session(self, name: str) -> LiteRtSession:
        weights = find_weights(self._models_dir, name, self._versions.get(name))
        self._identities.append(weights.identity)
        return LiteRtSession(weights.path)

    def _read_cheque(
        self, planes: Planes, kind: Kind, today: date, policy: Policy, clock: "_Clock"
    ) -> Reading:
        with clock.stage("micr"):
            upright = set_upright(planes, self._micr)
        planes = upright.planes
        sheet = _sheet_of(upright)
        with clock.stage("layout"):
            amount_cut = cut_amount(planes, sheet)
            date_cut = cut_date(planes, sheet)
        if upright.line is None and date_cut is None and not amount_cut.is_framed:
            message = "No cheque was found in this image."
            raise EngineError(ErrorCode.NO_CHEQUE_FOUND, message)
        with clock.stage("account"):
            account = read_account_number(planes.plain, sheet, self._print, policy.accept_at)
        amount = _not_read(FieldName.COURTESY_AMOUNT, amount_cut.box)
        written = _not_read(FieldName.DATE, date_cut.box if date_cut else None)
        with clock.stage("quality"):
            quality = assess(planes.plain, sheet, row_found=upright.line is not None)
        fields: tuple[FieldReading, ...] = (
            amount,
            written,
            account,
            cheque_number_reading(upright.line, policy.accept_at),
            micr_line_reading(upright.line, policy.accept_at),
        )
        micr = upright.line.fields if upright.line else None
        width, height = planes.size
        checks = check_item(kind, micr, amount, written, quality, today)
        if any(check.rule == IMAGE_CLEAR and check.verdict is Verdict.FAILED for check in checks):
            fields = tuple(replace(field, accepted=False) for field in fields)
        return Reading(
            kind=kind,
            width=width,
            height=height,
            fields=fields,
            checks=checks,
            quality=quality,
            quarter_turns=upright.quarter_turns,
            engine_version=ENGINE_VERSION,
            models=tuple(self._identities),
            milliseconds=clock.milliseconds,
        )


def _not_read(name: FieldName, box: Box | None) -> FieldReading:
    return FieldReading(name, None, "", 0.0, accepted=False, box=box, notes=("not_read",))


def _sheet_of(upright: Upright) -> Sheet:
    """Return the sheet's place: by its MICR row where that reads as one, or by the edges."""
    if upright.line is not None and upright.line.fields is not None:
        return sheet_by_row(upright.line.row)
    return sheet_by_edges(*upright.planes.size)


class _Clock:
    """Milliseconds a stage."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.milliseconds[name] = (time.perf_counter() - start) * 1000
