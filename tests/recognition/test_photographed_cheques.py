"""A telephone's picture goes in over HTTP; values and places come out, in the picture as read."""

from datetime import date

import cv2
import numpy as np
import pytest
from django.conf import settings

from recognition import readers
from recognition.engine.pipeline import Reader
from recognition.engine.policy import Policy, ReadWords
from recognition.models import RecognitionRun, RunState, Submission
from recognition.services import intake, processing
from recognition.training.cheques.draw import DrawnCheque, draw_cheque
from recognition.training.cheques.layouts import LAYOUTS
from recognition.training.cheques.photos import Paper, Shot, photograph
from recognition.training.cheques.tables import draw_table
from tests.recognition.drawings import upload

URL = "/api/v1/submissions"
TODAY = date(2026, 3, 1)


@pytest.fixture
def send(api_of, official, monkeypatch, django_capture_on_commit_callbacks):
    """Submit a picture as a bank official, have it read for real, and return the answer."""
    reader = Reader(settings.MODELS_DIR, policy=Policy(words=ReadWords.NEVER))
    monkeypatch.setattr(readers, "get_reader", lambda: reader)

    def submit(pixels: np.ndarray):
        data = cv2.imencode(".jpg", pixels)[1].tobytes()
        file = upload(data, "photo.jpg")
        with django_capture_on_commit_callbacks(execute=True):
            api_of(official).post(URL, {"file": [file], "kind": "cheque"})
        run = RecognitionRun.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            processing.execute_run(run.pk, worker="test")
        return api_of(official).get(f"{URL}/{run.submission_id}/result")

    return submit


def test_a_photograph_gives_values_and_their_places_in_a_flat_view(
    send, stored_files, django_capture_on_commit_callbacks
) -> None:
    cheque = drawn()
    shot = Shot(tilt_degrees=25, turn_degrees=160, table="wood", finger=False, size=(3264, 2448))
    paper = Paper(cheque.pixels, cheque.layout.size)
    picture = photograph(paper, np.random.default_rng(8), shot)

    result = send(picture.pixels).json()["result"]

    submission = Submission.objects.get()
    flat_height, flat_width = cv2.imread(submission.image.path).shape[:2]
    assert (submission.width, submission.height) == (flat_width, flat_height)
    height, width = cheque.pixels.shape[:2]
    assert flat_width / flat_height == pytest.approx(width / height, rel=0.03)
    for name, truth in cheque.truth.items():
        if name not in result["fields"]:
            continue
        field = result["fields"][name]
        assert field["value"] == truth or not field["accepted"], name
        box, place = field["box"], cheque.boxes[name]
        x = (place.x + place.width / 2) / width * flat_width
        y = (place.y + place.height / 2) / height * flat_height
        assert box["x"] < x < box["x"] + box["width"], name
        assert box["y"] < y < box["y"] + box["height"], name
    assert result["fields"]["micr_line"]["value"] == cheque.micr_line
    assert cv2.imread(submission.original.path).shape[:2] == (2448, 3264)
    assert len(stored_files()) == 3

    with django_capture_on_commit_callbacks(execute=True):
        again = intake.rerun(submission)
        processing.execute_run(again.pk, worker="test")
    first, second = RecognitionRun.objects.order_by("queued_at")
    assert second.image_sha256 == first.image_sha256, "the photograph is read, not its flat view"
    assert second.quality == first.quality
    assert {r.name: r.box for r in second.readings.all()} == {
        r.name: r.box for r in first.readings.all()
    }
    submission.refresh_from_db()
    assert (submission.width, submission.height) == (flat_width, flat_height)
    assert len(stored_files()) == 3


def test_a_picture_without_a_cheque_says_so(send) -> None:
    table = draw_table("papers", (1600, 1200), np.random.default_rng(2))

    send(np.clip(table, 0, 255).astype(np.uint8))

    run = RecognitionRun.objects.get()
    assert (run.state, run.error_code) == (RunState.FAILED, "no_cheque_found")
    assert run.failure


def drawn() -> DrawnCheque:
    return draw_cheque(
        processing.types.Kind.CHEQUE, np.random.default_rng(1), today=TODAY, layout=LAYOUTS[0]
    )
