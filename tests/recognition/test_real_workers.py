"""Real Redis, real workers, and what can happen to them: still exactly one outcome each."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import kombu.pools
import pytest
import redis as redis_client
from celery import current_app
from django.db import connection

from recognition.models import Kind, RecognitionRun, RunState, Source, Submission
from recognition.services import intake, queue, upkeep
from tests.recognition.drawings import upload
from tests.recognition.redis_server import until

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parent.parent.parent


def database_url() -> str:
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    password = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
    place = f"{facts['HOST']}:{facts['PORT']}" if facts["PORT"] else facts["HOST"]
    return f"postgres://{facts['USER']}{password}@{place}/{facts['NAME']}"


@pytest.fixture
def sent() -> None:
    """Here messages are really sent."""


@pytest.fixture
def broker(redis, monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(queue, "_resting_until", 0.0)
    was = current_app.conf.broker_url
    _use_broker(redis.url)
    yield
    _use_broker(was)


def _use_broker(url: str) -> None:
    kombu.pools.reset()  # it keeps closed pools by address, and a port may come again
    current_app._pool = None
    current_app.amqp._producer_pool = None
    current_app.conf.broker_url = current_app.conf.broker_write_url = url
    current_app.conf.broker_read_url = url


@pytest.fixture
def desk(tmp_path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


@pytest.fixture
def start_worker(redis, broker, desk, tmp_path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    workers: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis.url,
        "HDR_VAR_DIR": str(tmp_path),  # whose media folder is that of the tests
        "SLOW_READER": str(desk),
    }

    def start() -> subprocess.Popen[bytes]:
        command = ["celery", "-A", "tests.recognition.slow_reader", "--quiet", "worker"]
        options = [
            "--concurrency",
            "1",
            "--loglevel",
            "ERROR",
            "--hostname",
            f"{len(workers)}@test",
        ]
        worker = subprocess.Popen(
            [sys.executable, "-m", *command, *options],
            cwd=ROOT, env=environment, start_new_session=True,
        )  # fmt: skip
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def submit(owner, count: int = 1, kind: Kind = Kind.DIGIT) -> list[Submission]:
    uploads = [upload() for _ in range(count)]
    outcomes = intake.submit(owner=owner, uploads=uploads, kind=kind, source=Source.API)
    return [outcome.submission for outcome in outcomes if outcome.submission]


def states() -> list[str]:
    return list(RecognitionRun.objects.values_list("state", flat=True))


def all_read() -> bool:
    return set(states()) == {RunState.SUCCEEDED}


def readings_of(run: RecognitionRun) -> int:
    return run.readings.count()


def begun(desk: Path) -> int:
    return len(list(desk.glob("begun-*")))


def test_what_is_submitted_is_read_and_the_worker_gives_a_sign(individual, start_worker) -> None:
    start_worker()
    submit(individual, 3)
    until(all_read, "all are read")
    assert queue.queue_state().is_answered


def kill_all(worker: subprocess.Popen[bytes]) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def kill_who_reads(worker: subprocess.Popen[bytes]) -> None:
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_all, kill_who_reads])
def test_a_worker_killed_while_reading_costs_nothing(
    individual, start_worker, desk, settings, kill
) -> None:
    settings.RUN_LOST_SECONDS = 1
    (desk / "hold").touch()
    first = start_worker()
    (submission,) = submit(individual)
    until(lambda: begun(desk) == 1, "the first worker reads")

    kill(first)
    (desk / "hold").unlink()
    start_worker()
    time.sleep(1.1)
    upkeep.sweep()

    until(all_read, "the second worker has read it")
    run = submission.runs.get()
    assert (run.attempts, readings_of(run)) == (2, 1)


@pytest.mark.parametrize("kill", [kill_all, kill_who_reads])
def test_a_worker_killed_while_reading_words_leaves_the_figures(
    official, start_worker, desk, settings, kill
) -> None:
    settings.RUN_LOST_SECONDS = 1
    (desk / "hold").touch()
    worker = start_worker()
    (submission,) = submit(official, kind=Kind.CHEQUE)
    until(lambda: begun(desk) == 1, "the figures are in, the words are being read")

    kill(worker)
    time.sleep(1.1)
    upkeep.sweep()

    run = submission.runs.get()
    assert (run.state, run.attempts, readings_of(run)) == (RunState.SUCCEEDED, 1, 5)
    assert not run.readings.get(name="courtesy_amount").is_accepted


def test_a_message_delivered_twice_is_read_once(individual, start_worker, desk, redis) -> None:
    (desk / "hold").touch()
    start_worker()
    start_worker()
    (submission,) = submit(individual)
    for _ in range(4):
        queue.send(submission.latest_run_id, submission.kind)
    until(lambda: begun(desk) == 1, "one worker reads")
    with redis_client.Redis.from_url(redis.url) as client:
        until(lambda: client.llen("drawing") == 0, "all messages are taken")
    (desk / "hold").unlink()
    until(all_read, "it is read")
    time.sleep(0.5)
    assert begun(desk) == 1
    run = submission.runs.get()
    assert (run.attempts, readings_of(run)) == (1, 1)


def test_while_redis_is_away_submitting_goes_on_and_later_all_is_read(
    individual, start_worker, redis
) -> None:
    start_worker()
    submit(individual)
    until(all_read, "the worker works")

    redis.stop()
    before = time.monotonic()
    submit(individual, 5)
    took = time.monotonic() - before
    assert states().count(RunState.QUEUED) == 5
    redis.start()
    queue._resting_until = 0.0
    upkeep.sweep()

    until(all_read, "all are read")
    assert took < 5
    assert all(readings_of(run) == 1 for run in RecognitionRun.objects.all())


def test_messages_that_redis_forgot_are_sent_again(
    individual, start_worker, redis, monkeypatch
) -> None:
    submit(individual, 2)
    redis.stop()
    redis.start()
    start_worker()
    monkeypatch.setattr(upkeep, "RESEND_AFTER", -upkeep.RESEND_AFTER)
    upkeep.sweep()
    until(all_read, "all are read")
    assert all(run.attempts == 1 for run in RecognitionRun.objects.all())


def test_scores_come_back_from_a_worker(individual, api_of, start_worker, redis, settings) -> None:
    settings.REDIS_URL = redis.url
    start_worker()
    until(lambda: queue.queue_state().is_answered, "the worker gives a sign")
    images = {"name": "x", "shape": [2, 8, 8], "datatype": "UINT8", "data": [0] * 64 + [200] * 64}

    answer = api_of(individual).post("/api/v1/score", {"inputs": [images]}, format="json")

    assert answer.status_code == 200
    assert answer.json()["outputs"][0]["data"] == [0, 2]
