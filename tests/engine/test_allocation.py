"""Memory that is kept for the next image."""

import resource

import numpy as np
import pytest

from recognition.engine import allocation


def test_blocks_of_an_image_s_size_are_not_asked_for_anew() -> None:
    allocation.keep_freed_memory()
    np.ones((8 << 20,), np.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt

    for _ in range(10):
        np.ones((8 << 20,), np.uint8)

    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    assert faults < 10 * 512  # all pages of each block would be 2048


def test_another_c_library_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocation.ctypes, "CDLL", lambda _name: object())

    allocation.keep_freed_memory()
