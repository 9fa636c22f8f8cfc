"""Submissions, a reader without networks, and a queue that only takes notes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app

from accounts.models import User
from recognition import readers, tasks
from recognition.models import Kind, RecognitionRun, RunState, Source, Submission
from recognition.services import intake, processing, queue
from tests.recognition.drawings import FakeReader, upload
from tests.recognition.redis_server import Redis


@pytest.fixture
def stored_files(settings) -> Callable[[], list[Path]]:
    return lambda: [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def sent(monkeypatch) -> list[tuple[str, str]]:
    """What was handed to the workers: (run id, queue)."""
    messages: list[tuple[str, str]] = []

    def send_task(name: str, args: list[str], queue: str) -> None:
        assert name == tasks.recognise.name
        messages.append((args[0], queue))

    monkeypatch.setattr(current_app, "send_task", send_task)
    monkeypatch.setattr(queue, "_resting_until", 0.0)
    return messages


@pytest.fixture
def reader(monkeypatch) -> Iterator[FakeReader]:
    fake = FakeReader()
    monkeypatch.setattr(readers, "_loaded", None)
    monkeypatch.setattr(readers, "build_reader", lambda _versions: fake)
    return fake


@pytest.fixture
def work(reader) -> Callable[[], None]:
    """Do what workers would: read everything that waits."""

    def read_all() -> None:
        for run in RecognitionRun.objects.filter(state=RunState.QUEUED):
            processing.execute_run(run.pk, worker="test")

    return read_all


@pytest.fixture
def submit() -> Callable[..., Submission]:
    """Submit one drawing and return it."""

    def submit_one(owner: User, kind: Kind = Kind.DIGIT, name: str = "digit.png") -> Submission:
        (outcome,) = intake.submit(
            owner=owner, uploads=[upload(name=name)], kind=kind, source=Source.UPLOAD
        )
        assert outcome.submission is not None
        return outcome.submission

    return submit_one


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    server.start()
    yield server
    server.stop()
