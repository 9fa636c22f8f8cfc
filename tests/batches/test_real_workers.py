"""A batch with real Redis and a real worker: taken in, paused, resumed, read."""

import pytest

from recognition.batches.models import Batch, BatchState
from recognition.models import RunState
from recognition.services import processing, queue
from tests.batches.conftest import picture, zip_of
from tests.recognition.redis_server import until
from tests.recognition.test_real_workers import (  # noqa: F401 - fixtures
    all_read,
    begun,
    broker,
    desk,
    sent,
    start_worker,
    states,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_takes_in_and_reads_and_a_pause_holds(
    hand_in,
    client_of,
    official,
    start_worker,  # noqa: F811 - a fixture
    desk,  # noqa: F811 - a fixture
) -> None:
    (desk / "hold").touch()
    processing.give_sign("test")
    batch = hand_in(zip_of({f"{n}.png": picture() for n in range(4)}))
    page = f"/batches/{batch.pk}/"
    start_worker()
    until(lambda: begun(desk) == 1, "the worker reads the first one")
    until(lambda: batch.items.count() > 0, "it was taken in")

    client_of(official).post(f"{page}pause/")
    (desk / "hold").unlink()
    until(lambda: RunState.RUNNING not in states(), "what was being read is read")
    assert Batch.objects.get().state == BatchState.PAUSED
    assert begun(desk) == 1
    assert states().count(RunState.SUCCEEDED) == 1

    client_of(official).post(f"{page}resume/")
    until(lambda: batch.items.count() == 4 and all_read(), "the rest is taken in and read")
    assert queue.queue_state().waiting == 0
    assert "4 of 4 done" in client_of(official).get(page).text
