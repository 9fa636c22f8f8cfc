"""People take their data away, and have themselves erased; the audit log stays whole."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.audit import chain
from accounts.audit.models import Event
from accounts.models import OfficialApplication, User
from recognition.models import LegalHold, Submission
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(individual) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": individual.email, "password": PASSWORD})
    return client


def confirm(browser: Client, name: str):
    """Ask for it, and give the password once more, which is asked for."""
    response = browser.post(reverse(name))
    assert "reauthenticate" in response["Location"]
    response = browser.post(response["Location"], {"password": PASSWORD})
    return browser.get(response["Location"]) if response.status_code == 302 else response


@pytest.fixture
def item(submit, work, individual) -> Submission:
    found = submit(individual)
    work()
    return found


def test_everything_about_oneself_comes_in_one_file(browser, individual, official, item, submit):
    submit(official, name="of-somebody-else.png")
    response = confirm(browser, "personal_data_export")
    assert response["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        account = json.loads(archive.read("account.json"))
        items = json.loads(archive.read("items.json"))
        events = json.loads(archive.read("events.json"))
        image = archive.read(items[0]["image"])
    assert account["email"] == individual.email
    assert [one["id"] for one in items] == [str(item.pk)]
    assert items[0]["fields"]["digit"]["read"] == "7"
    assert image.startswith(b"\x89PNG")
    assert "login.succeeded" in [event["what"] for event in events]
    assert Event.objects.filter(code="account.exported", actor=individual.pk).exists()


def test_nothing_happens_without_the_password(browser, individual):
    for name in ("personal_data_export", "account_erase"):
        response = browser.post(reverse(name))
        assert response.status_code == 302
        assert "reauthenticate" in response["Location"]
    individual.refresh_from_db()
    assert individual.is_active


def test_an_erased_person_is_nowhere_and_the_chain_holds(
    browser, individual, item, stored_files, django_capture_on_commit_callbacks, api_of
):
    address, api = individual.email, api_of(individual)
    browser.post(
        reverse("official_application"),
        {
            "full_name": "A Person",
            "bank": "A Bank",
            "branch": "A Branch",
            "branch_code": "SBIN0001234",
            "employee_number": "1",
        },
    )
    assert "Erase your account?" in browser.get(reverse("account_erase")).text
    with django_capture_on_commit_callbacks(execute=True):
        response = confirm(browser, "account_erase")
    assert "were erased" in response.text
    assert not Submission.objects.exists()
    assert not OfficialApplication.objects.exists()
    assert stored_files() == []
    assert api.get(reverse("api:submissions")).status_code == 401
    assert address not in str(User.objects.values()) + str(Event.objects.values())
    kept = User.objects.get(pk=individual.pk)
    assert (kept.full_name, kept.is_active) == ("", False)
    Client().post(reverse("account_login"), {"login": address, "password": PASSWORD})
    assert not list(chain.faults())
    assert Event.objects.filter(code="account.erased", subject_id=str(kept.pk)).exists()


def test_what_is_under_a_legal_hold_is_not_erased(browser, individual, moderator, item):
    LegalHold.objects.create(submission=item, reason="a court asked", set_by=moderator)
    response = confirm(browser, "account_erase")
    assert "legal reasons" in response.text
    individual.refresh_from_db()
    assert individual.email == "individual@example.org"
    assert Submission.objects.exists()


def test_bank_staff_give_up_their_role_first(official):
    client = Client()
    client.post(reverse("account_login"), {"login": official.email, "password": PASSWORD})
    assert "end your role" in confirm(client, "account_erase").text
    with pytest.raises(CommandError, match="Bank staff"):
        call_command("erase_account", official.email, yes=True)


def test_somebody_who_asks_by_letter_is_erased_by_a_command(individual, capsys):
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_account", individual.email)
    call_command("erase_account", individual.email, yes=True)
    individual.refresh_from_db()
    assert not individual.is_active
    with pytest.raises(CommandError, match="Nobody"):
        call_command("erase_account", "individual@example.org", yes=True)
