"""Train, calibrate, export, evaluate and activate a version of the digit network: one call."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tensorflow import keras

from recognition.engine.backends.litert import LiteRtSession
from recognition.training import datasets
from recognition.training.card import markdown_table, write_card
from recognition.training.datasets import DataFolders
from recognition.training.digits.calibration import as_ink, calibrate, run_session
from recognition.training.digits.evaluate import Evaluation, evaluate
from recognition.training.digits.figures import draw_figures
from recognition.training.digits.plan import Plan
from recognition.training.digits.preparation import NOT_A_DIGIT, Prepared, prepare
from recognition.training.digits.report_network import ReportResult, measure_report_network
from recognition.training.digits.train import read_curves, train
from recognition.training.export import FILE_NAME, record_model, to_tflite
from recognition.training.report import rate_with_interval, wilson

NAME = "digits"

_SUMMARY = [
    (
        "Reads one handwritten glyph (28 x 28 pixels, ink in [0, 1], brought to MNIST's form by "
        "recognition.engine.glyphs) as one of ten digits, or as no digit. Its scores are "
        "calibrated. The file has its weights in int8 (dynamic range)."
    ),
    (
        "Learnt from the writers of MNIST's training part, USPS, Semeion, DIDA and UCI pen "
        "strokes, and from letters, marks, pairs, fragments, scribbles and blanks as what is no "
        "digit. Writers are never shared between training, validation and calibration; once every "
        "choice was made on the validation writers, the last stage learnt from them as well. No "
        "test writer took part in any of it. The official USPS "
        "test set is not among the data: the last fifth of its training file, never trained on, "
        "stands in for it, and its writers are unknown."
    ),
]


def publish(
    *, models_dir: Path, version: str, folders: DataFolders, plan: Plan, work: Path, progress: int
) -> dict[str, Any]:
    """Make ``models/digits/<version>`` with its card, and make it active; return the facts."""
    prepared = prepare(folders, plan.split)
    model = train(prepared, plan, work, progress=progress)
    temperature = calibrate(model, prepared.calibration)
    content = to_tflite(model)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / FILE_NAME
        path.write_bytes(content)
        evaluation = evaluate(path, folders, plan.split)
        mnist = datasets.load_mnist_test(folders)
        in_int8 = run_session(LiteRtSession(path), mnist.images)
    in_float = model.predict(as_ink(mnist.images), batch_size=250, verbose=0)
    report = measure_report_network(datasets.load_mnist_train(folders), mnist, plan.seed)
    facts: dict[str, Any] = {
        "seed": plan.seed,
        "epochs": sum(stage.epochs for stage in plan.stages),
        "temperature": round(temperature, 3),
        "mnist_test_float_percent": _forced_percent(in_float, mnist.labels),
        "mnist_test_int8_percent": _forced_percent(in_int8, mnist.labels),
        **evaluation_facts(evaluation),
        "side_by_side": _side_by_side(evaluation, report, model.count_params()),
        "layers": _layers(model),
        "data": _data(prepared),
        "dropped": prepared.dropped,
    }
    folder = record_model(models_dir, NAME, version, content)
    draw_figures(folder, evaluation, read_curves(work))
    write_card(folder, f"Handwritten digits, version {version}", _SUMMARY, facts)
    return facts


def evaluation_facts(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as the facts and tables of a card."""
    rejected = sum(count for count, _ in evaluation.rejected_of_kind.values())
    negatives = sum(total for _, total in evaluation.rejected_of_kind.values())
    return {
        "kilobytes": round(evaluation.kilobytes, 1),
        "milliseconds_a_digit_in_a_batch_of_16": round(evaluation.milliseconds, 4),
        "no_digit_rejected_percent": rate_with_interval(rejected, negatives),
        "test_sets": [
            {
                "set": result.name,
                "n": result.count,
                "right %": _two(result.forced_right, result.count),
                "rejected %": _two(result.rejected, result.count),
                "wrong and not rejected": result.accepted_wrong,
                "calibration error %": round(100 * result.calibration_error, 2),
            }
            for result in evaluation.sets
        ],
        "what_is_no_digit": [
            {"kind": kind, "n": total, "rejected %": rate_with_interval(count, total)}
            for kind, (count, total) in evaluation.rejected_of_kind.items()
        ],
        "classification_report_of_the_mnist_test": _classification_report(evaluation.confusion),
    }


def evaluation_text(version: str, facts: dict[str, Any]) -> str:
    """Return the facts of an evaluation as the section of a document."""
    parts = [
        f"## Digits: network version {version}",
        (
            "Made by `manage.py train_digits` or `manage.py evaluate_digits` with `--docs`. No "
            "test set took part in training, calibration or any choice; intervals: Wilson, 95 %."
        ),
        markdown_table(facts["test_sets"]),
        (
            f"The network has {facts['kilobytes']} kB and takes "
            f"{facts['milliseconds_a_digit_in_a_batch_of_16']} ms a digit in a batch of 16 on "
            "one thread. “Right” is the best of the ten digits, also where the answer “no "
            "digit” was stronger. Drawings have the canvas size and line of the drawing page "
            "and go through the product's own image reader."
        ),
        "What is no digit, made from fonts and digits that training never saw:",
        markdown_table(facts["what_is_no_digit"]),
    ]
    if "side_by_side" in facts:
        parts += [
            "Beside the network of the student report, trained and measured in the same run:",
            markdown_table(facts["side_by_side"]),
        ]
    return "\n\n".join(parts)


def _two(right: int, count: int) -> str:
    """Return a rate in percent to two places, with its 95 % interval to two places."""
    low, high = wilson(right, count)
    return f"{100 * right / count:.2f} ({100 * low:.2f} to {100 * high:.2f})"


def _classification_report(confusion: NDArray[np.int64]) -> list[dict[str, Any]]:
    rows = []
    for digit in range(NOT_A_DIGIT):
        right = int(confusion[digit, digit])
        support, read = int(confusion[digit].sum()), int(confusion[:, digit].sum())
        precision, recall = right / max(read, 1), right / max(support, 1)
        rows.append(
            {
                "digit": digit,
                "precision": f"{precision:.4f}",
                "recall": f"{recall:.4f}",
                "f1": f"{2 * precision * recall / max(precision + recall, 1e-9):.4f}",
                "n": support,
            }
        )
    return rows


def _side_by_side(
    evaluation: Evaluation, report: ReportResult, parameters: int
) -> list[dict[str, Any]]:
    ours = evaluation.sets[0]
    return [
        {
            "network": "this one, int8",
            "parameters": parameters,
            "MNIST test right %": _two(ours.forced_right, ours.count),
            "kilobytes": round(evaluation.kilobytes, 1),
            "ms a digit": round(evaluation.milliseconds, 4),
        },
        {
            "network": "the report's, float, 3 epochs",
            "parameters": report.parameters,
            "MNIST test right %": _two(report.right, report.count),
            "kilobytes": round(report.kilobytes, 1),
            "ms a digit": round(report.milliseconds, 4),
        },
    ]


def _layers(model: keras.Model) -> list[dict[str, Any]]:
    return [
        {
            "layer": layer.__class__.__name__,
            "output": " x ".join(str(side) for side in layer.output.shape[1:]),
            "parameters": layer.count_params(),
        }
        for layer in model.layers
    ]


def _data(prepared: Prepared) -> list[dict[str, Any]]:
    return [
        {
            "source": name,
            "training": len(data.labels),
            "validation": len(prepared.validation[name].labels),
            "calibration": len(prepared.calibration[name].labels),
        }
        for name, data in prepared.training.items()
    ]


def _forced_percent(scores: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    return round(100 * float((scores[:, :NOT_A_DIGIT].argmax(axis=1) == labels).mean()), 2)
