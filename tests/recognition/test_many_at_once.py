"""Twenty people draw at the same moment: HTTP, Redis, a worker and networks are the real ones."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image, ImageDraw

from accounts.tokens import issue_token
from recognition.models import RecognitionRun, RunState, Submission
from recognition.services import queue
from tests.recognition.drawings import upload
from tests.recognition.redis_server import until
from tests.recognition.test_real_workers import ROOT, broker, database_url, sent

__all__ = ["broker", "sent"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Person:
    address: str
    key: str

    def ask(self, path: str, form: dict | None = None) -> tuple[int, dict]:
        body = None if form is None else encode_multipart(BOUNDARY, form)
        headers = {"Authorization": f"Bearer {self.key}", "Prefer": "wait=30"}
        if body is not None:
            headers["Content-Type"] = MULTIPART_CONTENT
        request = urllib.request.Request(self.address + path, body, headers)  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            return answer.status, json.load(answer)

    def draw(self, number: int, start: threading.Barrier) -> str | None:
        """Send a drawing when everybody does, and return what was read in it."""
        form = {"kind": "digit", "source": "drawing", "file": upload(seven(number), "digit.png")}
        start.wait()
        status, told = self.ask("/api/v1/submissions", form)
        assert status in {200, 202}, told
        result = f"/api/v1/submissions/{told['outcomes'][0]['submission']['id']}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = self.ask(result)[1]["result"]
            if found is not None:
                return found["fields"]["digit"]["value"]
            time.sleep(0.2)
        return None


def seven(number: int) -> bytes:
    """Draw a 7 as the sheet does, each at another place."""
    image = Image.new("L", (320, 320), 255)
    left, top = 10 * (number % 5), 8 * (number // 5)
    points = [(70 + left, 60 + top), (200 + left, 60 + top), (165 + left, 150 + top)]
    line = [*points, (120 + left, 245 + top)]
    ImageDraw.Draw(image).line(line, 0, 18, joint="curve")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def worker(redis, broker, tmp_path) -> Iterator[None]:
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis.url,
        "HDR_VAR_DIR": str(tmp_path),  # whose media folder is that of the tests
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "hdr_site", "--quiet", "worker",
         "--concurrency", "1", "--loglevel", "ERROR"],
        cwd=ROOT, env=environment, start_new_session=True,
    )  # fmt: skip
    until(lambda: queue.queue_state().is_answered, "the worker gives a sign")
    yield
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.usefixtures("worker")
def test_twenty_people_draw_at_once_and_everybody_is_answered(make_user, live_server) -> None:
    people = []
    for number in range(PEOPLE):
        owner = make_user(f"person{number}@example.org")
        _token, key = issue_token(owner=owner, name=str(number), lifetime=timedelta(days=1))
        people.append(Person(live_server.url, key))
    start = threading.Barrier(PEOPLE)

    def draw(number: int) -> str | None:
        try:
            return people[number].draw(number, start)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as crowd:
        read = list(crowd.map(draw, range(PEOPLE)))

    assert read == ["7"] * PEOPLE
    runs = RecognitionRun.objects.all()
    assert [(run.state, run.attempts) for run in runs] == [(RunState.SUCCEEDED, 1)] * PEOPLE
    assert Submission.objects.values("owner").distinct().count() == PEOPLE
