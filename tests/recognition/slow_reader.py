"""A worker with a reader that takes its time: ``celery -A tests.recognition.slow_reader worker``.

``SLOW_READER`` names a folder. Each reading leaves a file there when it begins, and goes on for as
long as a file called ``hold`` is there; by then the figures of a cheque have been told.
"""

import os
import time
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path

import django

from hdr_site.celery import app
from recognition.engine.terms import Terms
from recognition.engine.types import Kind, Lie, Reading
from tests.recognition.drawings import FakeScorer, reading

django.setup()
from recognition import readers  # noqa: E402 - its models want the applications first

__all__ = ["app"]

FOLDER = Path(os.environ["SLOW_READER"])


class SlowReader:
    def read(
        self,
        data: bytes,
        kind: Kind,
        *,
        today: date | None = None,
        terms: Terms | None = None,
        on_figures: Callable[[Reading], None] | None = None,
        at: Lie | None = None,
    ) -> Reading:
        assert data
        assert today
        assert terms
        assert at is None
        if kind is Kind.CHEQUE and on_figures is not None:
            on_figures(reading(kind))
        (FOLDER / f"begun-{uuid.uuid4()}").touch()
        while (FOLDER / "hold").exists():
            time.sleep(0.02)
        return reading(kind)


readers.build_reader = lambda _versions: SlowReader()
readers.build_scorer = lambda _versions: FakeScorer()
