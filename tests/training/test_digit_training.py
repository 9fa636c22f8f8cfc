"""The commands that train, publish, measure and use the digit network, on small drawn sets."""

import json
from dataclasses import replace
from io import StringIO

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recognition.engine.digits import NOT_A_DIGIT
from recognition.engine.weights import find_weights
from recognition.training.datasets import DataFolders
from recognition.training.digits import evaluate as evaluation
from recognition.training.digits import negatives
from recognition.training.digits.evaluate import (
    answers_of,
    confusion_matrix,
    reliability,
    score_set,
)
from recognition.training.digits.plan import load_plan
from recognition.training.digits.preparation import prepare
from recognition.training.digits.train import _batches, read_curves, samples_per_epoch
from tests.training.digit_sets import draw_digit, write_digit_sets

# Keras 3.15 itself, with NumPy 2.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

STAGE = """
[[stages]]
epochs = 2
learning_rate = 4e-3
warm_up_epochs = 0.5
label_smoothing = 0.05
average = 0.5
weighs_places = false
learns_validation = false
[stages.augmentation]
rotation_degrees = 5.0
shear = 0.1
scale = 0.1
shift = 1.0
elastic = 0.5
stroke_share = 0.2
blur_share = 0.2
noise_share = 0.2
[stages.samples]
mnist = 200
usps = 20
semeion = 20
dida = 20
pen = 20
printed = 20
negatives = 40
"""
CONFIG = f"""
seed = 1
batch = 16
weight_decay = 1e-3
dropout = 0.0
blocks = [4, 4, 4]
[split]
seed = 3
validation = 0.2
calibration = 0.2
usps_test = 0.2
negatives = 48
{STAGE}
{STAGE.replace("false", "true")}
"""


@pytest.fixture
def arguments(tmp_path, monkeypatch):
    write_digit_sets(tmp_path, monkeypatch)
    for name in ("FONTS_TRAINING", "FONTS_TEST"):
        monkeypatch.setattr(negatives, name, ())  # a machine may have no such fonts
    monkeypatch.setattr(evaluation, "_NEGATIVES_OF_A_KIND", 4)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return {
        "data": [tmp_path],
        "config": tmp_path / "config.toml",
        "models": tmp_path / "models",
    }


def run(command: str, *words: object, **options: object) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, **options)
    return out.getvalue()


def test_one_command_trains_evaluates_exports_and_activates(arguments, tmp_path):
    printed = run("train_digits", "1", work=tmp_path / "work", **arguments)
    facts = json.loads(printed[printed.index("{\n") :])
    assert next(row["set"] for row in facts["test_sets"]) == "MNIST test"
    assert facts["side_by_side"][1]["network"].startswith("the report's")

    weights = find_weights(arguments["models"], "digits")
    assert weights.identity.version == "1"
    files = {path.name for path in weights.path.parent.iterdir()}
    assert files == {
        "model.tflite",
        "card.md",
        "card.json",
        "confusion_matrix.svg",
        "calibration.svg",
        "training_curves.svg",
        "worst_mistakes.png",
    }
    card = json.loads((weights.path.parent / "card.json").read_text(encoding="utf-8"))
    assert card["facts"] == facts

    curves = read_curves(tmp_path / "work")
    assert [row["epoch"] for row in curves] == [0, 1, 2, 3], "two stages of two epochs"

    # A finished run is not trained again, and gives the same network to another version.
    run("train_digits", "2", work=tmp_path / "work", **arguments)
    again = find_weights(arguments["models"], "digits")
    assert (again.identity.version, again.identity.sha256) == ("2", weights.identity.sha256)

    docs = tmp_path / "accuracy.md"
    docs.write_text("Before\n\n<!-- begin:digits -->\nold\n<!-- end:digits -->\nAfter\n")
    del arguments["config"]
    compared = run("evaluate_digits", "1", "2", docs=docs, **arguments)
    assert "network version 1" in compared
    assert "network version 2" in compared
    text = docs.read_text(encoding="utf-8")
    assert compared.strip() in text
    assert "old" not in text
    assert text.startswith("Before")

    image = tmp_path / "three.png"
    cv2.imwrite(str(image), 255 - draw_digit(3, 112, np.random.default_rng(1)))
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((80, 80), 255, np.uint8))
    lines = run("read_digit", image, blank, models=arguments["models"]).splitlines()
    drawn, empty = (json.loads(line) for line in lines)
    assert drawn["file"] == str(image)
    assert set(drawn) == set(empty)
    assert drawn["alternatives"]
    assert (empty["value"], empty["confidence"], empty["shape"]) == (None, 0.0, None)


def test_missing_data_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"mnist\.pkl\.gz is missing"):
        run("train_digits", "1", data=[tmp_path], cache=tmp_path, models=tmp_path)


def test_a_file_that_cannot_be_read_is_a_line_and_a_status(tmp_path):
    text = tmp_path / "letter.png"
    text.write_text("no image", encoding="utf-8")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("read_digit", text, tmp_path / "none.png", stdout=out)
    codes = [json.loads(line)["error"]["code"] for line in out.getvalue().splitlines()]
    assert codes == ["unreadable_image", "unreadable_image"]


def test_a_run_that_goes_on_sees_other_variations(arguments):
    plan = load_plan(arguments["config"])
    prepared = prepare(DataFolders(arguments["data"]), plan.split)
    first, again, *others = (
        np.asarray(next(iter(_batches(prepared, plan, stage, epochs_done)))[0])
        for stage, epochs_done in ((0, 0), (0, 0), (0, 1), (1, 0))
    )
    np.testing.assert_array_equal(first, again)
    assert all((first != other).any() for other in others)


def test_a_stage_after_all_choices_learns_from_the_validation_writers_too(arguments):
    plan = load_plan(arguments["config"])
    prepared = prepare(DataFolders(arguments["data"]), plan.split)
    everything = dict.fromkeys(prepared.training, 100_000)
    first, last = (
        samples_per_epoch(prepared, replace(stage, samples=everything)) for stage in plan.stages
    )
    assert last - first == sum(len(data.labels) for data in prepared.validation.values())


def rows(*probabilities: dict[int, float]) -> np.ndarray:
    table = np.zeros((len(probabilities), 11), np.float32)
    for row, given in zip(table, probabilities, strict=True):
        row[list(given)] = list(given.values())
    return table


def test_a_set_is_scored_with_and_without_the_answer_no_digit():
    given = rows({1: 0.9}, {2: 0.6, 3: 0.4}, {4: 0.2, NOT_A_DIGIT: 0.8}, {5: 1.0})
    result = score_set("some", answers_of(given, np.array([1, 3, 4, 5])))
    assert (result.count, result.forced_right, result.rejected, result.accepted_wrong) == (
        4,
        3,
        1,
        1,
    )
    assert result.calibration_error == pytest.approx((0.1 + 0.6 + 0.0) / 3)
    counts = confusion_matrix(given, np.array([1, 3, 4, 5]))
    assert counts[3, 2] == counts[4, NOT_A_DIGIT] == counts[1, 1] == 1
    assert counts.sum() == 4
    assert sum(count for *_, count in reliability(given, np.array([1, 3, 4, 5]))) == 4
