"""What is wrong with an image is measured, judged and put into advice."""

from datetime import date

import cv2
import numpy as np
import pytest

from recognition.engine.image import split_planes
from recognition.engine.quality import assess
from recognition.engine.sheet import Sheet, sheet_by_edges
from recognition.engine.types import Kind, Verdict
from recognition.training.cheques.draw import draw_cheque

RNG = np.random.default_rng(5)
CHEQUE = split_planes(draw_cheque(Kind.CHEQUE, RNG, today=date(2026, 3, 1)).pixels).plain


def failed(grey: np.ndarray, sheet: Sheet | None = None) -> set[str]:
    sheet = sheet or sheet_by_edges(grey.shape[1], grey.shape[0])
    metrics = assess(grey, sheet, row_found=True)
    assert all(bool(m.advice) == (m.verdict is Verdict.FAILED) for m in metrics)
    return {metric.name for metric in metrics if metric.verdict is Verdict.FAILED}


def test_a_clean_scan_passes():
    assert failed(CHEQUE) == set()


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (lambda grey: cv2.GaussianBlur(grey, (0, 0), 6), "sharpness"),
        (lambda grey: (grey * 0.35).astype(np.uint8), "paper_brightness"),
        (lambda grey: (200 + grey * 0.15).astype(np.uint8), "contrast"),
        (lambda grey: cv2.resize(grey, None, fx=0.35, fy=0.35), "resolution_dpi"),
        (lambda grey: grey * (np.arange(grey.shape[1]) > grey.shape[1] / 3), "black_share"),
    ],
)
def test_each_defect_is_told_by_its_name(spoil, name):
    assert name in failed(np.ascontiguousarray(spoil(CHEQUE)))


def test_a_sheet_that_leaves_the_image_is_cut_off():
    assert "cut_off_mm" in failed(CHEQUE, Sheet(np.array([[8.0, 0, -120], [0, 8.0, 0]])))


def test_a_tilted_sheet_is_skewed():
    turn = np.radians(14)
    matrix = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0]]) * 8
    assert "skew_degrees" in failed(CHEQUE, Sheet(matrix))


def test_without_a_row_the_advice_is_to_show_it():
    metrics = assess(CHEQUE, sheet_by_edges(*CHEQUE.shape[::-1]), row_found=False)
    row = next(metric for metric in metrics if metric.name == "micr_row_found")
    assert row.verdict is Verdict.FAILED
    assert row.advice
