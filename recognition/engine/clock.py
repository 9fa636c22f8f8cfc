"""Milliseconds a stage, for the profile that every reading carries."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Adds up the time of named stages."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside to a stage."""
        start = time.perf_counter()
        yield
        spent = (time.perf_counter() - start) * 1000
        self.milliseconds[name] = self.milliseconds.get(name, 0.0) + spent
