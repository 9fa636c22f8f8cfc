"""Whatever a mix of people does in whatever order, an item is decided on as it must be.

Nothing is approved by one person where two are needed, nothing twice, nothing is lost, and nothing
changes once it is settled.
"""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.models import Role, User
from recognition.desk import access
from recognition.desk.errors import DeskError
from recognition.desk.machine import THREE
from recognition.desk.models import OPEN, SETTLED, Item, Key, State, Verdict
from recognition.desk.presenting import put_on_desk
from recognition.desk.services import arrivals, claims
from recognition.desk.services.keys import Answer, give_key
from recognition.models import Correction, FieldReading, RecognitionRun, RunState, Submission
from recognition.services import intake, review
from tests.desk.conftest import works_for

AMOUNTS = ("100", "60000")
FEW = {"max_examples": 30, "stateful_step_count": 25, "deadline": None}


class DeskMachine(RuleBasedStateMachine):
    """Five people act on two items: one worth 100, one worth 60,000, which needs two keys."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        roles = (Role.OFFICIAL, Role.OFFICIAL, Role.CHECKER, Role.CHECKER, Role.MODERATOR)
        self.people = [
            User.objects.create_user(f"{uuid.uuid4()}@example.org", role=role) for role in roles
        ]
        for person in self.people[:4]:
            works_for("Harbour Bank", person)
        self.ids = [self._arrive(amount) for amount in AMOUNTS]
        self.settled: dict[uuid.UUID, tuple[object, ...]] = {}
        self.shown: set[tuple[uuid.UUID, uuid.UUID]] = set()

    def _arrive(self, amount: str) -> uuid.UUID:
        submission = Submission(
            owner=self.people[0], kind="cheque", source="upload", width=9, height=9, file_name="a",
            sha256=uuid.uuid4().hex * 2, image="a.png", thumbnail="a.jpg",
        )  # fmt: skip
        run = RecognitionRun(
            submission=submission, state=RunState.SUCCEEDED, finished_at=timezone.now()
        )
        submission.latest_run = run
        submission.save()
        run.save()
        FieldReading.objects.create(
            run=run, name="courtesy_amount", value=amount, amount=amount, confidence=0.9,
            is_accepted=False,
        )  # fmt: skip
        item = arrivals.open_item(run)
        Item.objects.filter(pk=item.pk).update(needs_two_keys=amount == AMOUNTS[1])
        return item.pk

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def item(self, data: st.DataObject) -> Item:
        return Item.objects.get(pk=data.draw(st.sampled_from(self.ids)))

    def person(self, data: st.DataObject) -> User:
        return data.draw(st.sampled_from(self.people))

    def look(self, item: Item, person: User) -> None:
        """Note what the page of an item that was just taken shows."""
        held = access.held_item_for(person, item.pk)
        if not put_on_desk(held).is_blind:
            self.shown.add((item.pk, person.pk))

    @rule(data=st.data())
    def somebody_takes_an_item(self, data: st.DataObject) -> None:
        item, person = self.item(data), self.person(data)
        is_held = item.claimed_until is not None and item.claimed_until > timezone.now()
        try:
            claims.claim(item, person)
        except DeskError:
            return
        assert not is_held or item.claimed_by == person
        self.look(item, person)

    @rule(data=st.data())
    def somebody_takes_the_next(self, data: st.DataObject) -> None:
        person = self.person(data)
        item = claims.claim_next(person)
        if item is not None:
            self.look(item, person)

    @rule(data=st.data())
    def somebody_entitled_looks_and_leaves(self, data: st.DataObject) -> None:
        item = self.item(data)
        Item.objects.filter(pk=item.pk).update(claimed_by=None, claimed_until=None)
        entitled = self.entitled_to(item)
        if entitled:
            person = data.draw(st.sampled_from(entitled))
            claims.claim(item, person)
            self.look(item, person)
            if data.draw(st.booleans()):
                claims.release(item.pk, person)
            else:
                self.an_hour_passes()

    @rule(data=st.data())
    def somebody_lets_go(self, data: st.DataObject) -> None:
        claims.release(data.draw(st.sampled_from(self.ids)), self.person(data))

    @rule()
    def time_goes_by(self) -> None:
        self.an_hour_passes()

    def an_hour_passes(self) -> None:
        held = Item.objects.exclude(claimed_until=None)
        held.update(claimed_until=timezone.now() - timedelta(hours=1))

    def entitled_to(self, item: Item) -> list[User]:
        return [
            person
            for person in self.people
            if Item.objects.for_person(person).filter(pk=item.pk).exists()
        ]

    @rule(
        data=st.data(),
        verdict=st.sampled_from(Verdict),
        amount=st.sampled_from(["100", "60000", "60001"]),
        code=st.sampled_from(["30", "31"]),
        behind=st.sampled_from([0, 0, 0, 1]),
        takes=st.booleans(),
    )
    def somebody_gives_a_key(self, data, verdict, amount, code, behind, takes) -> None:
        item, person = self.item(data), self.person(data)
        answer = Answer(
            verdict,
            {"courtesy_amount": amount},
            return_code=code if verdict is Verdict.REJECT else "",
            comment="Again, please.",
        )
        before = Key.objects.count()
        try:
            if takes:
                claims.claim(item, person)
                self.look(item, person)
            give_key(item_id=item.pk, person=person, version=item.version - behind, answer=answer)
        except DeskError:
            assert Key.objects.count() == before
        else:
            assert Key.objects.count() == before + 1
            assert not behind

    @rule(
        data=st.data(),
        amount=st.sampled_from(["60000", "60000", "60001"]),
        verdict=st.sampled_from([Verdict.ACCEPT] * 4 + [Verdict.REJECT, Verdict.RETURN]),
    )
    def somebody_entitled_gives_a_key(self, data, amount, verdict) -> None:
        item = self.item(data)
        Item.objects.filter(pk=item.pk).update(claimed_by=None, claimed_until=None)
        entitled = self.entitled_to(item)
        assert bool(entitled) <= (not item.is_settled)
        if not entitled:
            return
        person = data.draw(st.sampled_from(entitled))
        claims.claim(item, person)
        self.look(item, person)
        is_maker = item.state in {State.WAITING, State.RETURNED}
        answer = Answer(
            Verdict.ACCEPT if verdict is Verdict.RETURN and is_maker else verdict,
            {"courtesy_amount": amount},
            return_code="30" if verdict is Verdict.REJECT else "",
            comment="Again, please.",
        )
        give_key(item_id=item.pk, person=person, version=item.version, answer=answer)

    @rule(data=st.data())
    def the_owner_interferes(self, data: st.DataObject) -> None:
        item = self.item(data)
        change = data.draw(st.sampled_from(["correct", "rerun", "delete"]))
        if item.state == State.WAITING:  # allowed, and no matter of the desk
            return
        try:
            if change == "correct":
                review.correct(item.run.readings.get(), "5", self.people[0])
            elif change == "rerun":
                intake.rerun(item.submission)
            else:
                intake.delete(item.submission)
        except intake.WrongState:
            return
        raise AssertionError(f"{change} was allowed")

    @rule(data=st.data())
    def it_is_brought_again(self, data: st.DataObject) -> None:
        arrivals.open_item(self.item(data).run)

    @invariant()
    def nothing_is_lost(self) -> None:
        items = Item.objects.filter(pk__in=self.ids)
        assert items.count() == len(AMOUNTS)
        assert items.filter(state__in=(*OPEN, *SETTLED)).count() == len(AMOUNTS)

    @invariant()
    def the_settled_are_settled_by_as_many_as_are_needed_and_change_no_more(self) -> None:
        for item in Item.objects.filter(pk__in=self.ids).settled():
            keys = list(item.keys.filter(round=item.round))
            agreeing = [
                key.person_id
                for key in keys
                if (key.values, key.return_code) == (item.values, item.return_code)
            ]
            assert len(set(agreeing)) == len(agreeing) >= 1 + item.needs_two_keys
            is_large = str(item.values.get("courtesy_amount", "")).startswith("6000")
            assert item.needs_two_keys or not is_large
            corrections = Correction.objects.filter(reading__run=item.run)
            final = item.run.readings.get().final
            assert item.state == State.REJECTED or final == item.values["courtesy_amount"]
            now = (
                item.state, item.values, item.return_code, item.version, item.settled_at, len(keys),
                corrections.count(),
            )  # fmt: skip
            assert self.settled.setdefault(item.pk, now) == now

    @invariant()
    def nothing_is_settled_twice(self) -> None:
        codes = (EventCode.ITEM_APPROVED, EventCode.ITEM_REJECTED)
        for item_id in self.ids:
            told = Event.objects.filter(subject_id=str(item_id), code__in=codes).count()
            assert told == Item.objects.filter(pk=item_id).settled().count()

    @invariant()
    def everybody_has_one_part_in_an_item(self) -> None:
        for item in Item.objects.filter(pk__in=self.ids):
            parts = set(item.keys.values_list("person", "role"))
            assert len({person for person, _role in parts}) == len(parts)
            owner = self.people[0].pk
            assert all(role == "maker" for person, role in parts if person == owner)
            for number in range(1, item.round + 1):
                assert item.keys.filter(round=number).count() <= THREE

    @invariant()
    def nobody_keys_blind_what_they_were_shown_before(self) -> None:
        for item_id, person_id, role in Key.objects.values_list("item", "person", "role"):
            assert role == "maker" or (item_id, person_id) not in self.shown


class TestDeskMachine(TestCase, DeskMachine.TestCase):
    settings = hypothesis_settings(**FEW)
