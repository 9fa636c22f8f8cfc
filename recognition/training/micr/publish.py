"""Train, calibrate, measure and publish the E-13B network, with a card that says what was found."""

from pathlib import Path

import numpy as np

from recognition.engine.backends.litert import LiteRtSession
from recognition.training.calibrate import (
    best_temperature,
    calibration_error,
    scale_scores,
    softmax_loss,
)
from recognition.training.card import write_card
from recognition.training.export import FILE_NAME, record_model, to_tflite
from recognition.training.micr.cells import draw_cells
from recognition.training.micr.train import TrainingPlan, train

_SUMMARY = [
    (
        "Reads one cell of a straightened MICR line (32 x 24 pixels, ink in [0, 1]) as one of the "
        "14 E-13B characters or as nothing. Its scores are calibrated."
    ),
    (
        "Learnt from drawn cells alone: glyphs on the grid of ANSI X9.100-160, their print worn, "
        "their scan blurred, coarse, tilted and noisy; no font and no real cheque was used. The "
        "figures below are of drawn cells that neither training nor calibration saw; "
        "`manage.py evaluate` measures whole lines of real cheques."
    ),
]


def publish(models_dir: Path, version: str, plan: TrainingPlan) -> dict[str, float]:
    """Make ``models/micr/<version>`` and make it active; return what its card says."""
    model = train(plan)
    # Other seeds draw other cells; drawn data cannot run out, so none is shared.
    images, classes = draw_cells(plan.held_out_cells, np.random.default_rng(plan.seed + 1))
    temperature = best_temperature(softmax_loss(model.predict(images, verbose=0), classes))
    scale_scores(model, temperature)
    content = to_tflite(model)
    folder = record_model(models_dir, "micr", version, content)
    images, classes = draw_cells(plan.held_out_cells, np.random.default_rng(plan.seed + 2))
    session = LiteRtSession(folder / FILE_NAME)
    scores = np.concatenate([session.run(part) for part in np.array_split(images, 40)])
    probability = np.exp(scores - scores.max(axis=1, keepdims=True)).astype(np.float64)
    probability /= probability.sum(axis=1, keepdims=True)
    is_right = scores.argmax(axis=1) == classes
    facts = {
        "parameters": model.count_params(),
        "kilobytes": round(len(content) / 1000, 1),
        "cells_learnt_from": plan.cells,
        "epochs": plan.epochs,
        "seed": plan.seed,
        "temperature": round(temperature, 3),
        "test_cells": len(classes),
        "test_cells_wrong": int((~is_right).sum()),
        "calibration_error_percent": round(
            100 * calibration_error(probability.max(axis=1), is_right), 3
        ),
    }
    write_card(folder, f"E-13B cells, version {version}", _SUMMARY, facts)
    return facts
