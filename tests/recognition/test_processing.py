"""A run in a worker: every way it can end, and that it ends once."""

import uuid

import numpy as np
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from PIL import Image

from recognition import readers
from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.types import Box
from recognition.models import (
    FieldReading,
    Kind,
    ModelVersion,
    RecognitionRun,
    RunState,
    Source,
    Submission,
)
from recognition.services import intake, networks, processing, upkeep
from tests.recognition.drawings import FakeReader, encoded, field, reading, upload


@pytest.fixture
def run(individual, submit) -> RecognitionRun:
    return submit(individual).latest_run


def _execute(run: RecognitionRun) -> RecognitionRun:
    processing.execute_run(run.pk, worker="here/1")
    run.refresh_from_db()
    return run


def test_a_reading_is_stored_with_all_that_it_says(run, reader) -> None:
    _execute(run)
    assert (run.state, run.attempts, run.worker) == (RunState.SUCCEEDED, 1, "here/1")
    assert run.started_at <= run.finished_at
    assert run.engine_version == "test"
    assert run.milliseconds == {"decode": 1.5}
    stored = run.readings.get()
    assert (stored.name, stored.value, stored.confidence) == ("digit", "7", 0.93)
    assert run.verdicts.get().return_code == "31"
    assert len(reader.seen) == 1


def test_no_transaction_is_open_while_reading(run, reader, monkeypatch) -> None:
    depth_before, depths = len(connection.savepoint_ids), []

    def read(_data: bytes, kind: Kind, **_: object) -> object:
        depths.append(len(connection.savepoint_ids))
        return reading(kind)

    monkeypatch.setattr(reader, "read", read)
    _execute(run)
    assert depths == [depth_before]


def test_delivered_twice_is_read_once(run, reader) -> None:
    _execute(run)
    _execute(run)
    assert len(reader.seen) == 1
    assert run.attempts == 1


@pytest.mark.parametrize("code", list(ErrorCode))
def test_what_the_engine_means_fails_the_run_with_its_code(run, reader, code) -> None:
    reader.answer = EngineError(code, "The engine's own words.")
    _execute(run)
    assert (run.state, run.error_code) == (RunState.FAILED, code)
    assert run.failure
    assert run.failure != "The engine's own words."


def test_a_passing_fault_is_tried_again_and_in_the_end_fails(run, reader) -> None:
    reader.answer = OSError("the disk is away")
    for attempt in (1, 2):
        with pytest.raises(OSError, match="away"):
            _execute(run)
        run.refresh_from_db()
        assert (run.state, run.attempts) == (RunState.QUEUED, attempt)
    _execute(run)
    assert (run.state, run.error_code) == (RunState.FAILED, "storage_unavailable")


def test_a_passing_fault_that_passes_is_forgotten(run, reader) -> None:
    reader.answer = OSError()
    with pytest.raises(OSError):  # noqa: PT011 - any
        _execute(run)
    reader.answer = None
    assert _execute(run).state == RunState.SUCCEEDED


def test_an_image_that_is_gone_fails_the_run(run, reader) -> None:
    run.submission.image.delete(save=False)
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            _execute(run)
    _execute(run)
    assert run.error_code == "storage_unavailable"
    assert not reader.seen


def test_a_bug_fails_the_run_and_is_raised(run, reader) -> None:
    reader.answer = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        _execute(run)
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "internal_error")


def test_a_worker_that_was_given_up_for_lost_stores_nothing(run, reader, monkeypatch) -> None:
    def read(_data: bytes, kind: Kind, **_: object) -> object:
        later = uuid.uuid4()  # somebody took it back and claimed it anew
        RecognitionRun.objects.filter(pk=run.pk).update(claim=later)
        return reading(kind)

    monkeypatch.setattr(reader, "read", read)
    _execute(run)
    assert run.state == RunState.RUNNING
    assert not FieldReading.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        (field("digit"), field("digit")),
        (field("digit", confidence=1.5),),
        (field("digit", box=Box(np.int64(1), 2, 3, 4)),),
    ],
    ids=["twice", "no probability", "no JSON"],
)
def test_a_reading_that_cannot_be_stored_is_a_bug_and_leaves_nothing(run, reader, fields) -> None:
    reader.answer = reading(Kind.DIGIT, fields=fields)
    with pytest.raises((DatabaseError, TypeError)):
        _execute(run)
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "internal_error")
    assert not FieldReading.objects.exists()


def test_the_active_version_reads_and_a_worker_notices_a_change(
    run, moderator, monkeypatch
) -> None:
    built = []
    monkeypatch.setattr(readers, "_loaded", None)
    monkeypatch.setattr(
        readers, "build_reader", lambda versions: built.append(versions) or FakeReader()
    )
    ModelVersion.objects.all().delete()
    first, second = (
        ModelVersion.objects.create(name="digits", version=version, sha256="0" * 64)
        for version in "12"
    )
    networks.activate(first, by=None)
    readers.get_reader()
    readers.get_reader()
    networks.activate(second, by=moderator)
    readers.get_reader()
    networks.roll_back("digits", by=moderator)
    readers.get_reader()
    assert built == [{"digits": "1"}, {"digits": "2"}, {"digits": "1"}]


def test_what_was_never_sent_is_sent_by_the_sweeper(run, sent) -> None:
    sent.clear()
    upkeep.sweep()
    assert not sent
    RecognitionRun.objects.update(sent_at=None)
    upkeep.sweep()
    upkeep.sweep()
    assert sent == [(str(run.pk), "drawing")]


def test_what_was_sent_long_ago_is_sent_again(run, sent) -> None:
    sent.clear()
    RecognitionRun.objects.update(sent_at=timezone.now() - 2 * upkeep.RESEND_AFTER)
    upkeep.sweep()
    assert len(sent) == 1


def test_a_lost_run_is_taken_back_and_after_three_attempts_given_up(run, settings, sent) -> None:
    settings.RUN_LOST_SECONDS = -1
    for attempt in (1, 2, 3):
        assert RecognitionRun.objects.claim(run.pk, worker="gone")
        sent.clear()
        upkeep.sweep()
        run.refresh_from_db()
        assert run.attempts == attempt
        assert len(sent) == (attempt < 3)
    assert (run.state, run.error_code) == (RunState.FAILED, "worker_lost")


@pytest.mark.parametrize(
    ("turns", "size", "black"),
    [(1, (80, 120), (79, 0)), (2, (120, 80), (119, 79)), (3, (80, 120), (0, 119))],
)
def test_an_image_that_lay_on_its_side_is_stored_upright(
    individual, reader, stored_files, django_capture_on_commit_callbacks, turns, size, black
) -> None:
    image = Image.new("L", (120, 80), "white")
    image.putpixel((0, 0), 0)
    (outcome,) = intake.submit(
        owner=individual, uploads=[upload(encoded(image))], kind=Kind.DIGIT, source=Source.API
    )
    reader.answer = reading(Kind.DIGIT, quarter_turns=turns)
    with django_capture_on_commit_callbacks(execute=True):
        processing.execute_run(outcome.submission.latest_run_id, worker="w")

    submission = Submission.objects.get()
    upright = Image.open(submission.image.path)
    assert (submission.width, submission.height) == upright.size == size
    assert upright.getpixel(black) == 0
    assert len(stored_files()) == 3  # the image as it was read is kept, to be read again
