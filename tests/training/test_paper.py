"""Paper that is drawn to measure by, and the command that measures."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from recognition.management.commands import benchmark_paper
from recognition.training.datasets import PenDigit
from recognition.training.paper import PENS_MM, Paper, Sheet, photograph

ONE = PenDigit(1, 0, (np.array([[5, 0], [5, 40]], np.float32),))
SEVEN = PenDigit(7, 0, (np.array([[0, 0], [25, 0], [8, 40]], np.float32),))


@pytest.mark.parametrize("paper", Paper)
def test_a_seed_makes_the_same_photograph(paper):
    sheet = Sheet((SEVEN, ONE), paper, 0.8)
    assert sheet.text == "71"
    first, again = (photograph(sheet, np.random.default_rng(3)) for _ in range(2))
    assert first.dtype == np.uint8
    assert (first == again).all()


def test_the_benchmark_counts_each_paper_and_pen(monkeypatch):
    monkeypatch.setattr(benchmark_paper, "load_pen_test", lambda _folders: [SEVEN])
    output = StringIO()
    call_command("benchmark_paper", count=2, stdout=output)
    rows = [line.split(" | ") for line in output.getvalue().splitlines() if line[:2] == "| "]
    assert len(rows) == 1 + len(Paper) * len(PENS_MM)
    assert {row[3] for row in rows[1:]} == {"100.0 (34.2 to 100.0)"}  # digits right
