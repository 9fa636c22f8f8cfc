"""Lines of print to learn from, and a training that goes on where it was interrupted."""

import shutil
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from recognition.engine.print_reader import LINE_HEIGHT, PRINT_ALPHABET
from recognition.training.print.train import TrainingPlan, draw_lines, train

TYPE = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("fonts")
    shutil.copy(TYPE, folder)
    return [folder]


def test_a_seed_draws_the_same_lines_of_figures_with_their_labels(fonts):
    lines, again = (draw_lines(fonts, 60, seed=3) for _ in range(2))

    for (grey, label), (same, _) in zip(lines, again, strict=True):
        assert np.array_equal(grey, same)
        assert (grey.shape[0], grey.dtype) == (LINE_HEIGHT, np.uint8)
        assert set(label) <= set(PRINT_ALPHABET)
    assert sum(label.isdigit() for _, label in lines) > 15


def test_a_training_goes_on_after_its_last_whole_epoch(fonts, tmp_path):
    told: list[str] = []
    plan = TrainingPlan(lines=48, epochs=1, batch=8)

    train(plan, fonts, tmp_path, told.append)
    learnt = train(TrainingPlan(lines=48, epochs=2, batch=8), fonts, tmp_path, told.append)

    assert [line.split(":")[0] for line in told] == ["epoch 1 of 1", "epoch 2 of 2"]
    same = train(TrainingPlan(lines=48, epochs=2, batch=8), fonts, tmp_path, told.append)
    assert len(told) == 2
    for one, other in zip(learnt.get_weights(), same.get_weights(), strict=True):
        assert np.array_equal(one, other)
