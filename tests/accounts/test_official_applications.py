"""Bank officials apply, moderators decide, applicants hear of it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import applications
from accounts.models import ApplicationState, OfficialApplication, Role, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

EMAIL = "asha@bank.example"
DETAILS = {
    "full_name": "Asha Rao",
    "bank": "Bank of Examples",
    "branch": "Park Street",
    "branch_code": "exam 0001234",
    "employee_number": "E-1234/5",
}
LOGIN = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
CHANGELIST = "admin:accounts_officialapplication_changelist"


@pytest.fixture
def apply_for(make_user):
    """Return a function that stores a person with a waiting application."""

    def make(email: str = EMAIL, *, verified: bool = True) -> OfficialApplication:
        application = OfficialApplication(**DETAILS | {"branch_code": "EXAM0001234"})
        user = make_user(email, verified=verified)
        return applications.apply(application=application, applicant=user)

    return make


@pytest.fixture
def decide(client_of, moderator, django_capture_on_commit_callbacks):
    """Return a function that decides in the admin site and returns the page after it."""

    def make(decision: str, *chosen: OfficialApplication, reason: str = "", by: User = moderator):
        fields = {
            "action": decision,
            "_selected_action": [str(application.pk) for application in chosen],
        }
        client = client_of(by)
        question = client.post(reverse(CHANGELIST), fields)
        assert question.status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(
                reverse(CHANGELIST), fields | {"confirmed": "1", "reason": reason}, follow=True
            )

    return make


def test_who_registers_as_an_official_waits_as_an_individual(client):
    client.post(reverse("official_signup"), DETAILS | LOGIN)
    application = OfficialApplication.objects.get()
    assert application.applicant.email == EMAIL
    assert application.applicant.role == Role.INDIVIDUAL
    assert application.branch_code == "EXAM0001234"
    page = client.get(reverse("account_home")).content.decode()
    assert "waiting for a decision" in page
    assert "Bank of Examples, Park Street (EXAM0001234)" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"branch_code": "EXAM1001234"}, "neither an IFSC"),
        ({"branch_code": ""}, "required"),
        ({"employee_number": "<script>"}, "Use letters, digits"),
        ({"full_name": ""}, "required"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"email": "nobody"}, "valid email"),
    ],
)
def test_a_mistake_is_named_and_nobody_is_stored(client, changes, sentence):
    page = client.post(reverse("official_signup"), DETAILS | LOGIN | changes)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not User.objects.exists()


def test_every_mistake_shows_at_once(client):
    page = client.post(reverse("official_signup"), LOGIN | {"email": ""}).content.decode()
    assert page.count("This field is required") == 6


def test_registering_does_not_tell_who_is_registered_already(client, make_user, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    make_user(EMAIL)
    taken = client.post(reverse("official_signup"), DETAILS | LOGIN)
    free = Client().post(reverse("official_signup"), DETAILS | LOGIN | {"email": "b@bank.example"})
    assert taken["Location"] == free["Location"]
    assert OfficialApplication.objects.get().applicant.email == "b@bank.example"


def test_an_individual_applies_from_the_account_page(client_of, individual):
    client = client_of(individual)
    page = client.post(reverse("official_application"), DETAILS, follow=True).content.decode()
    assert "Your application was sent" in page
    assert "<form" not in page.partition("<h1>")[2]  # nothing more to fill in
    client.post(reverse("official_application"), DETAILS)
    assert OfficialApplication.objects.count() == 1


def test_an_official_has_nothing_to_apply_for(client_of, official):
    client = client_of(official)
    assert "bank staff already" in client.get(reverse("official_application")).content.decode()
    client.post(reverse("official_application"), DETAILS)
    assert not OfficialApplication.objects.exists()


def test_the_admin_index_counts_what_waits(apply_for, client_of, moderator):
    index = reverse("admin:index")
    assert "application waits" not in client_of(moderator).get(index).content.decode()
    apply_for()
    assert "1 application waits" in client_of(moderator).get(index).content.decode()


def test_an_approved_applicant_becomes_an_official_and_is_told(apply_for, decide, moderator):
    application = apply_for()
    page = decide("approve", application, reason="Welcome.")
    assert "Done for 1 official" in page.content.decode()
    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED
    assert application.decided_by == moderator
    assert application.applicant.role == Role.OFFICIAL
    (message,) = mail.outbox
    assert message.to == [EMAIL]
    assert "was approved" in message.body
    assert "Welcome." in message.body
    assert LogEntry.objects.get().user == moderator


def test_a_rejected_applicant_reads_why_and_can_apply_again(apply_for, decide, client_of):
    application = apply_for()
    decide("reject", application, reason="The branch does not know you.")
    application.refresh_from_db()
    applicant = application.applicant
    assert application.state == ApplicationState.REJECTED
    assert applicant.role == Role.INDIVIDUAL
    assert "The branch does not know you." in mail.outbox[0].body
    client = client_of(applicant)
    assert "The branch does not know you." in client.get(reverse("account_home")).content.decode()
    client.post(reverse("official_application"), DETAILS)
    assert OfficialApplication.objects.pending().get().applicant == applicant


def test_many_are_decided_at_once(apply_for, decide):
    first, second = apply_for(), apply_for("ravi@bank.example")
    page = decide("approve", first, second)
    assert "Done for 2 official" in page.content.decode()
    assert User.objects.filter(role=Role.OFFICIAL).count() == 2
    assert len(mail.outbox) == 2


def test_a_rejection_needs_a_reason(apply_for, decide):
    application = apply_for()
    page = decide("reject", application, reason="  ")
    assert "This field is required" in page.content.decode()
    application.refresh_from_db()
    assert application.is_pending


def test_of_two_moderators_the_first_decides(apply_for, decide):
    application = apply_for()
    decide("reject", application, reason="No.")
    page = decide("approve", application)
    assert "already decided" in page.content.decode()
    application.refresh_from_db()
    assert application.state == ApplicationState.REJECTED
    assert application.applicant.role == Role.INDIVIDUAL
    assert len(mail.outbox) == 1


def test_nobody_is_approved_at_an_unverified_address(apply_for, decide, settings):
    application = apply_for(verified=False)
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    page = decide("approve", application)
    assert "not verified yet" in page.content.decode()
    application.refresh_from_db()
    assert application.is_pending


def test_a_decision_stands_when_the_mail_server_is_down(apply_for, decide, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    application = apply_for()
    decide("approve", application)
    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED


def test_what_an_applicant_said_cannot_be_edited(apply_for, client_of, moderator):
    application = apply_for()
    url = reverse("admin:accounts_officialapplication_change", args=[application.pk])
    client = client_of(moderator)
    assert client.get(url).status_code == 200
    client.post(url, {"bank": "Another bank", "state": "approved"})
    application.refresh_from_db()
    assert application.bank == "Bank of Examples"
    assert application.is_pending


@pytest.mark.parametrize("who", ["individual", "official", "checker"])
def test_only_moderators_see_applications(request, apply_for, client_of, who):
    apply_for()
    response = client_of(request.getfixturevalue(who)).get(reverse(CHANGELIST), follow=True)
    assert response.status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "approved"},
        {"state": "unknown"},
        {"decided_at": timezone.now()},
        {"branch_code": "nonsense"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(apply_for, changes):
    application = apply_for()
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialApplication.objects.filter(pk=application.pk).update(**changes)


def test_the_database_refuses_a_second_waiting_application(apply_for):
    first = apply_for()
    with pytest.raises(applications.CannotApplyError):
        applications.apply(
            application=OfficialApplication(**DETAILS | {"branch_code": "110002001"}),
            applicant=first.applicant,
        )
