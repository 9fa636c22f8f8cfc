"""A labelled set of what people said: who gets it, what is in it, and who reads it."""

import csv
import io
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.models import Role
from recognition.models import Correction, FieldReading, Kind, Submission
from recognition.services import review
from recognition.training.strings.crops import labelled
from tests.desk.test_keys import key, other

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(official, checker, arrive):
    """One item that two people keyed: its amount was misread."""
    item = arrive(official)
    said = other(courtesy_amount="126000.50")
    key(item, official, said)
    key(item, checker, said)
    return item


def table(text):
    return {row["field"]: row for row in csv.DictReader(io.StringIO(text), delimiter="\t")}


@pytest.mark.usefixtures("settled")
def test_the_trainings_loader_reads_the_folder(tmp_path):
    call_command("export_corrections", out=tmp_path, stdout=io.StringIO())
    rows = table((tmp_path / "labels.tsv").read_text())
    assert set(rows) == {"courtesy_amount", "date", "cheque_number"}
    amount = rows["courtesy_amount"]
    assert (amount["person"], amount["machine"]) == ("126000.50", "125000.50")
    assert (amount["digits"], amount["judged_by"], amount["bank"]) == (
        "12600050",
        "two",
        "Harbour Bank",
    )
    digits = {text for image, text in labelled(tmp_path) if image.size}
    assert digits == {"12600050", "31012026", "004512"}
    event = Event.objects.get(code=EventCode.CORRECTIONS_EXPORTED)
    assert event.details == {"labels": 3, "with_account_numbers": False}


@pytest.mark.usefixtures("settled")
def test_a_second_set_does_not_mix_with_the_first(tmp_path):
    call_command("export_corrections", out=tmp_path, stdout=io.StringIO())
    with pytest.raises(CommandError, match="already"):
        call_command("export_corrections", out=tmp_path, stdout=io.StringIO())


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("options", [{}, {"by": "moderator"}, {"by": "nobody@bank.example"}])
def test_account_numbers_need_somebody_who_may_have_them(tmp_path, moderator, options):
    if options.get("by") == "moderator":
        options = {"by": moderator.email}
    with pytest.raises(CommandError):
        call_command("export_corrections", out=tmp_path / "set", account_numbers=True, **options)
    assert not (tmp_path / "set").exists()


def taken(client, **data):
    answer = client.post(reverse("desk:export"), data)
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    return table(archive.read("labels.tsv").decode()), archive.namelist()


@pytest.mark.usefixtures("settled")
def test_moderators_take_it_away_without_account_numbers(client_of, moderator):
    rows, names = taken(client_of(moderator), account_numbers="on")
    assert set(rows) == {"courtesy_amount", "date", "cheque_number"}
    assert sorted(names) == sorted(["labels.tsv", *(row["file"] for row in rows.values())])
    event = Event.objects.get(code=EventCode.CORRECTIONS_EXPORTED)
    assert (event.actor, event.details["with_account_numbers"]) == (moderator.pk, False)
    assert "have not been given" in client_of(moderator).get(reverse("desk:export")).text


@pytest.mark.usefixtures("settled")
def test_who_was_given_the_permission_takes_account_numbers_too(client_of, moderator):
    moderator.user_permissions.add(Permission.objects.get(codename="export_account_numbers"))
    assert "account_number" not in taken(client_of(moderator))[0]
    rows, _names = taken(client_of(moderator), account_numbers="on")
    assert rows["account_number"]["person"] == "00123456789"
    event = Event.objects.filter(code=EventCode.CORRECTIONS_EXPORTED).latest("sequence")
    assert event.details == {"labels": 4, "with_account_numbers": True}


@pytest.mark.parametrize("role", [Role.INDIVIDUAL, Role.OFFICIAL, Role.CHECKER])
def test_it_is_for_moderators_alone(client_of, make_user, role):
    client = client_of(make_user("other@bank.example", role))
    assert client.get(reverse("desk:export")).status_code == 404
    assert client.post(reverse("desk:export")).status_code == 404


@pytest.mark.parametrize("column", ["deleted_at", "is_hidden"])
def test_what_was_deleted_or_hidden_is_left_out(settled, client_of, moderator, column):
    value = timezone.now() if column == "deleted_at" else True
    Submission.objects.filter(pk=settled.pk).update(**{column: value})
    assert taken(client_of(moderator))[0] == {}


def test_one_label_a_reading_as_last_corrected(official, arrive, client_of, moderator):
    item = arrive(official)
    reading = FieldReading.objects.get(run=item.run, name="cheque_number")
    for value in ("1", "004599"):
        review.record(reading, value, official)
    rows, names = taken(client_of(moderator))
    assert len(names) == Correction.objects.count() == 2  # one label and the table
    assert (rows["cheque_number"]["person"], rows["cheque_number"]["judged_by"]) == (
        "004599",
        "one",
    )


def test_what_people_submitted_for_themselves_is_left_out(
    make_user, submit, work, client_of, moderator
):
    person = make_user("one@home.example")
    submit(person, Kind.DIGIT, "seven.png")
    work()
    review.record(FieldReading.objects.get(), "7", person)
    assert taken(client_of(moderator))[0] == {}
