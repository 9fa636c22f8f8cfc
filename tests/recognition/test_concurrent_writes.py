"""Web and workers write at once, and nobody is told that the database is locked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import User
from recognition.models import Kind, RecognitionRun, RunState, Source, Submission
from recognition.services import intake, processing, upkeep
from tests.recognition.drawings import drawing, encoded, upload

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6
EACH = 5


def _in_threads(act, arguments: list) -> list:
    def one(argument):
        try:
            return act(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(one, arguments))


@pytest.mark.usefixtures("reader")
def test_many_submit_while_workers_store_and_the_sweeper_sweeps(make_user) -> None:
    people = [make_user(f"{number}@example.org") for number in range(PEOPLE)]

    def act(part: User | str) -> None:
        for _ in range(EACH):
            if isinstance(part, User):
                intake.submit(owner=part, uploads=[upload()], kind=Kind.DIGIT, source=Source.UPLOAD)
            elif part == "worker":
                for run_id in RecognitionRun.objects.filter(state=RunState.QUEUED).values_list(
                    "pk", flat=True
                ):
                    processing.execute_run(run_id, worker=part)
            else:
                upkeep.sweep()
                processing.give_sign(part)

    _in_threads(act, [*people, "worker", "worker", "sweeper"])
    act("worker")

    assert Submission.objects.count() == PEOPLE * EACH
    assert set(RecognitionRun.objects.values_list("state", "attempts")) == {("succeeded", 1)}


def test_the_same_file_at_the_same_time_is_stored_once(individual, stored_files) -> None:
    data = encoded(drawing())

    def act(_number: int) -> str:
        (outcome,) = intake.submit(
            owner=individual, uploads=[upload(data)], kind=Kind.DIGIT, source=Source.API
        )
        return outcome.status

    statuses = _in_threads(act, list(range(5)))

    assert sorted(statuses) == ["accepted"] + ["duplicate"] * 4
    assert Submission.objects.count() == 1
    assert len(stored_files()) == 2


def test_a_run_is_claimed_by_one_of_many(individual, submit) -> None:
    run = submit(individual).latest_run
    claims = _in_threads(
        lambda name: RecognitionRun.objects.claim(run.pk, worker=name), list("abcdef")
    )
    assert len([claim for claim in claims if claim is not None]) == 1
