"""The chain of events: what is changed, deleted, reordered or cut off is found, and where."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.audit.chain import seal
from accounts.audit.codes import EventCode
from accounts.audit.models import AppendOnlyError, Event
from accounts.audit.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(individual) -> list[Event]:
    return [
        record(EventCode.ROLE_CHANGED, actor=None, subject=individual, role=role)
        for role in ("official", "checker", "individual", "official")
    ]


def verify(**options) -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("verify_audit", stdout=output, **options)
    except SystemExit as exit_:
        return int(str(exit_.code)), output.getvalue()
    return 0, output.getvalue()


def tamper(sql: str, *values) -> None:
    """Write past the triggers, as somebody who owns the database can."""
    with connection.cursor() as cursor:
        for name in ("audit_event_stands", "audit_event_stays"):
            on = " ON audit_event" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        cursor.execute(sql, values)


def test_an_untouched_chain_holds(events):
    status, text = verify()
    assert status == 0
    assert f"head {events[-1].sequence}:{events[-1].hash}" in text


def test_a_changed_row_is_found(events):
    tamper("UPDATE audit_event SET subject_id = 'x' WHERE sequence = %s", events[1].sequence)
    status, text = verify()
    assert status == 1
    assert f"event {events[1].sequence}: was changed" in text


def test_a_row_with_a_new_seal_is_found(events):
    changed = Event.objects.get(pk=events[1].pk)
    changed.code = EventCode.LOGGED_IN
    tamper(
        "UPDATE audit_event SET code = %s, hash = %s WHERE sequence = %s",
        changed.code,
        seal(changed),
        changed.sequence,
    )
    status, text = verify()
    assert status == 1
    assert f"event {events[2].sequence}: does not follow" in text


def test_a_deleted_row_is_found(events):
    tamper("DELETE FROM audit_event WHERE sequence = %s", events[1].sequence)
    status, text = verify()
    assert status == 1
    assert f"event {events[1].sequence}: missing" in text


def test_reordered_rows_are_found(events):
    first, second = events[1].sequence, events[2].sequence
    tamper("UPDATE audit_event SET sequence = 0 WHERE sequence = %s", first)
    tamper("UPDATE audit_event SET sequence = %s WHERE sequence = %s", first, second)
    tamper("UPDATE audit_event SET sequence = %s WHERE sequence = 0", second)
    status, text = verify()
    assert status == 1
    assert f"event {first}: was changed" in text


def test_a_cut_tail_is_found_by_the_head(events):
    tamper("DELETE FROM audit_event WHERE sequence >= %s", events[2].sequence)
    assert verify()[0] == 1


def test_a_cut_tail_with_its_head_is_found_by_a_head_kept_elsewhere(events):
    kept = f"{events[-1].sequence}:{events[-1].hash}"
    tamper("DELETE FROM audit_event WHERE sequence >= %s", events[2].sequence)
    tamper(
        "UPDATE audit_chainhead SET sequence = %s, hash = %s", events[1].sequence, events[1].hash
    )
    assert verify()[0] == 0
    status, text = verify(head=kept)
    assert status == 1
    assert f"missing up to {events[-1].sequence}" in text


def test_with_a_key_nobody_without_it_can_seal(settings, individual):
    record(EventCode.LOGGED_IN, actor=individual)
    settings.AUDIT_KEYS = ["first key"]
    keyed = record(EventCode.LOGGED_IN, actor=individual)
    settings.AUDIT_KEYS = ["second key", "first key"]
    record(EventCode.LOGGED_OUT, actor=individual)
    assert verify()[0] == 0
    settings.AUDIT_KEYS = []
    plain = record(EventCode.LOGGED_IN, actor=individual)
    settings.AUDIT_KEYS = ["second key"]
    status, text = verify()
    assert status == 1
    assert f"event {keyed.sequence}: can't be checked" in text
    assert f"event {plain.sequence}: is sealed without a key" in text


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET code = 'x'", "DELETE FROM audit_event"]
)
def test_the_database_itself_refuses(events, statement):
    with (
        pytest.raises(DatabaseError, match="only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert verify()[0] == 0


def test_the_models_refuse(events):
    with pytest.raises(AppendOnlyError):
        events[0].save()
    with pytest.raises(AppendOnlyError):
        events[0].delete()
    with pytest.raises(AppendOnlyError):
        Event.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        Event.objects.update(code="x")


def test_what_is_rolled_back_was_never_told(individual):
    before = Event.objects.count()
    with transaction.atomic():
        record(EventCode.LOGGED_IN, actor=individual)
        transaction.set_rollback(True)
    assert Event.objects.count() == before
    record(EventCode.LOGGED_IN, actor=individual)
    assert verify()[0] == 0


def test_details_come_back_as_they_went_in(individual):
    made = record(
        EventCode.CONTROL_TOTAL_SET,
        actor=individual,
        total=Decimal("12.50"),
        day=date(2026, 1, 2),
        lines=[1, True, None, "₹"],
    )
    assert Event.objects.get(pk=made.pk).details == {
        "total": "12.50",
        "day": "2026-01-02",
        "lines": [1, True, None, "₹"],
    }
    assert verify()[0] == 0
    with pytest.raises(TypeError):
        record(EventCode.CONTROL_TOTAL_SET, actor=individual, total=12.5)


def test_no_row_names_a_person(individual):
    made = record(EventCode.LOGGED_IN, actor=individual, subject=individual)
    user = get_user_model().objects.get(pk=individual.pk)
    user.email = "erased@example.org"
    user.save()
    assert individual.email not in str(Event.objects.filter(pk=made.pk).values())
    assert verify()[0] == 0


def test_moderators_search_events_and_change_none(client_of, moderator, individual):
    made = record(EventCode.ROLE_CHANGED, actor=individual, subject=moderator, role="moderator")
    admin = client_of(moderator)
    page = admin.get("/admin/audit/event/", {"q": individual.email}).content.decode()
    assert "role changed" in page
    assert admin.get("/admin/audit/event/", {"code": "role.none"}).status_code == 200
    one = f"/admin/audit/event/{made.pk}"
    assert made.hash in admin.get(f"{one}/change/").content.decode()
    assert admin.post(f"{one}/change/", {"code": "x"}).status_code == 403
    assert admin.post(f"{one}/delete/", {"post": "yes"}).status_code == 403
    assert client_of(individual).get("/admin/audit/event/").status_code in {302, 403}
