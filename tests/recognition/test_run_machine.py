"""Whatever happens in whatever order, a run ends with exactly one outcome."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.models import User
from recognition.engine import types
from recognition.models import (
    TERMINAL_STATES,
    FieldReading,
    RecognitionRun,
    RunState,
    Submission,
)
from recognition.services import intake, processing, storing, upkeep
from tests.recognition.drawings import reading


class RunMachine(RuleBasedStateMachine):
    """Workers, sweeper and owner act on one submission; old claims may still be acted on."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        owner = User.objects.create_user(f"{uuid.uuid4()}@example.org")
        self.submission = Submission(
            owner=owner, kind="digit", source="upload", width=9, height=9, file_name="a",
            sha256="0" * 64, image="a.png", thumbnail="a.jpg",
        )  # fmt: skip
        run = RecognitionRun(submission=self.submission)
        self.submission.latest_run = run
        self.submission.save()
        run.save()
        self.claims: list[tuple[RecognitionRun, uuid.UUID]] = []
        self.ended: dict[uuid.UUID, tuple[str, str, int]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @property
    def run_now(self) -> RecognitionRun:
        return RecognitionRun.objects.get(pk=self.submission.latest_run_id)

    @rule()
    def a_message_arrives(self) -> None:
        run = self.run_now
        was_queued = run.state == RunState.QUEUED
        claim = RecognitionRun.objects.claim(run.pk, worker="w")
        assert (claim is not None) == was_queued
        if claim is not None:
            self.claims.append((run, claim))

    @rule(data=st.data())
    def a_worker_succeeds(self, data: st.DataObject) -> None:
        if self.claims:
            storing.store(*data.draw(st.sampled_from(self.claims)), reading(types.Kind.DIGIT))

    @rule(data=st.data())
    def a_worker_fails(self, data: st.DataObject) -> None:
        if self.claims:
            processing._fail(*data.draw(st.sampled_from(self.claims)), "no_cheque_found", "")

    @rule(data=st.data())
    def a_worker_lets_go(self, data: st.DataObject) -> None:
        if self.claims:
            processing.release(*data.draw(st.sampled_from(self.claims)))

    @rule()
    def the_sweeper_comes(self) -> None:
        upkeep.sweep()

    @rule()
    def an_hour_passes(self) -> None:
        running = RecognitionRun.objects.filter(state=RunState.RUNNING)
        running.update(started_at=timezone.now() - timedelta(hours=1))

    @rule()
    def the_owner_cancels(self) -> None:
        was_queued = self.run_now.state == RunState.QUEUED
        try:
            intake.cancel(self.submission)
        except intake.WrongState:
            assert not was_queued
        else:
            assert was_queued

    @rule()
    def the_owner_asks_again(self) -> None:
        was_terminal = self.run_now.is_terminal
        try:
            intake.rerun(self.submission)
        except intake.WrongState:
            assert not was_terminal
        else:
            assert was_terminal

    @invariant()
    def an_outcome_never_changes(self) -> None:
        for run in RecognitionRun.objects.filter(submission=self.submission):
            outcome = (run.state, run.error_code, run.readings.count())
            if run.pk in self.ended:
                assert self.ended[run.pk] == outcome
            elif run.state in TERMINAL_STATES:
                self.ended[run.pk] = outcome

    @invariant()
    def readings_belong_to_success(self) -> None:
        mine = FieldReading.objects.filter(run__submission=self.submission)
        assert not mine.exclude(run__state=RunState.SUCCEEDED).exists()

    @invariant()
    def at_most_one_run_is_open(self) -> None:
        runs = RecognitionRun.objects.filter(submission=self.submission)
        assert runs.exclude(state__in=TERMINAL_STATES).count() <= 1


class TestRunMachine(TestCase, RunMachine.TestCase):
    settings = hypothesis_settings(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": RunState.FAILED, "finished_at": timezone.now()},
        {"state": RunState.SUCCEEDED},
        {"state": RunState.QUEUED, "finished_at": timezone.now()},
    ],
)
def test_the_database_refuses_what_no_code_may_store(individual, submit, changed) -> None:
    run = submit(individual).latest_run
    with pytest.raises(IntegrityError), transaction.atomic():
        RecognitionRun.objects.filter(pk=run.pk).update(**changed)


def test_the_database_refuses_a_second_open_run(individual, submit) -> None:
    submission = submit(individual)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecognitionRun.objects.create(submission=submission)
