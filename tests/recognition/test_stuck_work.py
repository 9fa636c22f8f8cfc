"""What no worker ends by itself, in the admin site: found, sent again, given up."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import Event
from recognition.models import RecognitionRun, RunState

LIST = reverse("admin:recognition_recognitionrun_changelist")
LONG_AGO = timedelta(hours=3)
THEN = "then"
QUEUED = {"state": "queued"}
RUNNING = {
    "state": "running",
    "started_at": THEN,
    "claim": "0" * 32,
    "worker": "gone",
    "attempts": 2,
}
LOST = {"state": "failed", "finished_at": THEN, "error_code": "worker_lost", "attempts": 3}


@pytest.fixture
def admin(client_of, moderator):
    return client_of(moderator)


@pytest.fixture
def run_of(submit, individual):
    """Return a function that submits and has the run stand somewhere for hours."""

    def make(changes, name="digit.png") -> RecognitionRun:
        run = submit(individual, name=name).latest_run
        then = timezone.now() - LONG_AGO
        changes = {key: then if value == THEN else value for key, value in changes.items()}
        RecognitionRun.objects.filter(pk=run.pk).update(queued_at=then, sent_at=then, **changes)
        run.refresh_from_db()
        return run

    return make


def act(admin, action, *runs, at=LIST, **data):
    body = {"action": action, "_selected_action": [run.pk for run in runs]} | data
    return admin.post(at, body, follow=True)


@pytest.mark.parametrize(
    ("stands", "cause"),
    [
        (QUEUED, "no worker has taken it"),
        (RUNNING, "its worker has not ended it"),
        (LOST, "worker_lost"),
        (LOST | {"error_code": "storage_unavailable"}, "storage_unavailable"),
    ],
    ids=["queued", "running", "lost", "storage"],
)
def test_what_is_stuck_is_counted_and_listed_with_age_and_cause(
    admin, run_of, submit, individual, stands, cause
) -> None:
    index = reverse("admin:index")
    submit(individual)
    assert "is stuck" not in admin.get(index).text
    run = run_of(stands)
    page = admin.get(index).text
    assert "1 reading is stuck" in page
    assert f"{LIST}?stuck=yes" in page
    found = admin.get(f"{LIST}?stuck=yes")
    assert [one.pk for one in found.context["cl"].result_list] == [run.pk]
    assert cause in found.text
    assert "3\xa0hours" in found.text


@pytest.mark.parametrize(
    "stands",
    [
        QUEUED | {"is_held": True},
        LOST | {"error_code": "no_cheque_found"},
        {"state": "cancelled", "finished_at": THEN},
        RUNNING | {"figures_at": THEN},
    ],
    ids=["held", "a fault of the image", "cancelled", "figures stored"],
)
def test_what_waits_for_nobody_is_not_stuck(admin, run_of, stands) -> None:
    run = run_of(stands)
    assert not admin.get(f"{LIST}?stuck=yes").context["cl"].result_list
    assert "It is not stuck." in act(admin, "requeue", run).text
    act(admin, "requeue", run, confirmed="1")
    assert run.submission.runs.count() == 1


@pytest.mark.parametrize("stands", [QUEUED, RUNNING], ids=["queued", "running"])
def test_an_open_run_is_sent_again_once(
    admin, moderator, run_of, sent, stands, django_capture_on_commit_callbacks
) -> None:
    run = run_of(stands)
    sent.clear()
    asked = act(admin, "requeue", run)
    assert [pk for pk, _called in asked.context["included"]] == [run.pk]
    assert not sent
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            act(admin, "requeue", run, confirmed="1")
    run.refresh_from_db()
    assert (run.state, run.attempts, run.claim) == (RunState.QUEUED, 0, None)
    assert [message[0] for message in sent] == [str(run.pk)]
    event = Event.objects.get(code="run.requeued")
    assert (event.actor, event.details) == (moderator.pk, {"state": stands["state"]})


def test_a_run_that_was_lost_is_followed_by_another_once(
    admin, run_of, work, django_capture_on_commit_callbacks
) -> None:
    run = run_of(LOST)
    with django_capture_on_commit_callbacks(execute=True):
        act(admin, "requeue", run, confirmed="1")
    assert "It is not stuck." in act(admin, "requeue", run, confirmed="1").text
    work()
    states = run.submission.runs.order_by("queued_at").values_list("state", flat=True)
    assert list(states) == [RunState.FAILED, RunState.SUCCEEDED]
    assert "is stuck" not in admin.get(reverse("admin:index")).text


@pytest.mark.parametrize("stands", [QUEUED, RUNNING, LOST], ids=["queued", "running", "lost"])
def test_what_is_given_up_leaves_the_queue_and_can_be_read_again(
    admin, client_of, individual, run_of, work, stands
) -> None:
    run = run_of(stands)
    assert "This field is required" in act(admin, "give_up", run, confirmed="1", reason="").text
    for _twice in range(2):
        act(admin, "give_up", run, confirmed="1", reason="the file is broken")
    run.refresh_from_db()
    assert (run.state, run.error_code, run.error_message) == (
        RunState.FAILED,
        "given_up",
        "the file is broken",
    )
    event = Event.objects.get(code="run.given_up")
    assert event.details == {"state": stands["state"], "cause": stands.get("error_code", "")}
    assert "is stuck" not in admin.get(reverse("admin:index")).text
    page = client_of(individual).get(reverse("submission", args=[run.submission_id])).text
    assert "given up by a moderator" in page
    submissions = reverse("admin:recognition_submission_changelist")
    act(admin, "read_again", run.submission, at=submissions, confirmed="1")
    work()
    assert run.submission.runs.latest("queued_at").state == RunState.SUCCEEDED


def test_a_worker_that_comes_back_after_all_changes_nothing(admin, run_of) -> None:
    run = run_of(RUNNING)
    act(admin, "give_up", run, confirmed="1", reason="gone")
    assert not RecognitionRun.objects.held(run.pk, run.claim).exists()


def test_the_list_takes_a_fixed_number_of_queries(admin, run_of) -> None:
    run_of(QUEUED)
    admin.get(f"{LIST}?stuck=yes")  # the session is written once
    with CaptureQueriesContext(connection) as one:
        admin.get(f"{LIST}?stuck=yes")
    for count in range(3):
        run_of(LOST, f"{count}.png")
    with CaptureQueriesContext(connection) as four:
        admin.get(f"{LIST}?stuck=yes")
    assert len(four) == len(one) <= 12
