"""An item that was submitted before is told, to those alone who may see the earlier one."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApplicationState, OfficialApplication
from recognition.models import ItemIdentity, Kind, RuleVerdict, Submission
from recognition.services import intake
from tests.recognition.drawings import field, reading

LOOK = "0f" * 64


def _works_for(person, bank: str, moderator) -> None:
    OfficialApplication.objects.create(
        applicant=person,
        full_name="Somebody",
        bank=bank,
        branch="Sampleton",
        branch_code="EXMP0000001",
        employee_number="1",
        state=ApplicationState.APPROVED,
        decided_at=timezone.now(),
        decided_by=moderator,
    )


@pytest.fixture
def read(submit, work, reader):
    """Submit a cheque that reads so, and return it with its verdict on duplicates."""

    def read_one(owner, look: str = LOOK, line: str = "⑈004512⑈ 560229012⑆ 000123⑈ 31"):
        micr = field("micr_line", value=line or None)
        reader.answer = reading(Kind.CHEQUE, fields=(micr,), fingerprint=look)
        submission = submit(owner, Kind.CHEQUE, "cheque.png")
        work()
        return submission, _verdict(submission)

    return read_one


def _verdict(submission: Submission) -> RuleVerdict | None:
    submission.refresh_from_db()
    return submission.latest_run.verdicts.filter(rule="duplicate_item").first()


def test_the_same_number_is_told_with_the_day_and_the_earlier_item(read, official) -> None:
    first, verdict = read(official)
    assert verdict.verdict == "passed"
    _, verdict = read(official)
    assert (verdict.verdict, verdict.return_code, verdict.earlier) == ("failed", "41", first)
    assert str(first.created_at.date()) in verdict.reason
    assert verdict.reason.endswith("looks the same.")


def test_the_same_number_on_another_picture_is_told_too(read, official) -> None:
    read(official)
    _, verdict = read(official, look="f0" * 64)
    assert verdict.reason.endswith("looks different.")


@pytest.mark.parametrize(
    "line",
    [
        "⑈004513⑈ 560229012⑆ 000123⑈ 31",
        "⑈004512⑈ 560229013⑆ 000123⑈ 31",
        "⑈004512⑈ 560229012⑆ 000124⑈ 31",
    ],
    ids=["cheque number", "bank", "account"],
)
def test_another_number_is_another_item_however_alike(read, official, line) -> None:
    read(official)
    assert read(official, line=line)[1].verdict == "passed"


def test_without_a_line_the_look_tells(read, official) -> None:
    first, _ = read(official, line="")
    slightly = "0e" + LOOK[2:]
    assert read(official, line="", look=slightly)[1].earlier == first
    assert read(official, line="", look="f0" * 64)[1].verdict == "passed"
    assert read(official, line="", look="")[1] is None


def test_reading_the_first_again_does_not_make_it_the_duplicate(read, official, work) -> None:
    first, _ = read(official)
    second, _ = read(official)
    for one, expected in ((first, "passed"), (second, "failed")):
        intake.rerun(one)
        work()
        assert _verdict(one).verdict == expected


def test_what_was_deleted_does_not_count(read, official) -> None:
    first, _ = read(official)
    intake.delete(first)
    assert read(official)[1].verdict == "passed"


def test_no_digit_has_an_identity(submit, work, individual) -> None:
    submit(individual)
    work()
    assert not ItemIdentity.objects.exists()


def test_a_colleague_is_told_and_led_nowhere_a_stranger_nothing(
    read, official, checker, moderator, client
) -> None:
    _works_for(official, "Green Valley", moderator)
    first, _ = read(official)
    _works_for(checker, "Harbour", moderator)
    assert read(checker)[1].verdict == "passed"
    OfficialApplication.objects.filter(applicant=checker).update(bank="Green Valley")
    second, verdict = read(checker)
    assert verdict.earlier is not None
    address = reverse("submission", args=[second.pk])
    for person, is_led in ((checker, verdict.earlier.owner == checker), (moderator, True)):
        client.force_login(person)
        page = client.get(address).content.decode()
        assert "41" in page
        assert (reverse("submission", args=[verdict.earlier_id]) in page) == is_led
    assert verdict.earlier == first


def test_no_certainty_outweighs_the_rule(read, official, client) -> None:
    first, _ = read(official)
    second, _ = read(official)
    first.latest_run.verdicts.exclude(rule="duplicate_item").delete()
    client.force_login(official)
    pages = [
        client.get(reverse("submission", args=[one.pk])).content.decode() for one in (first, second)
    ]
    assert ["a rule speaks against the item" in page for page in pages] == [False, True]


def test_the_api_names_the_earlier_item(read, official, client) -> None:
    first, _ = read(official)
    second, _ = read(official)
    client.force_login(official)
    answer = client.get(reverse("api:result", args=[second.pk])).json()
    checks = {check["rule"]: check for check in answer["result"]["checks"]}
    assert checks["duplicate_item"]["earlier"] == str(first.pk)
    assert checks["stale"]["earlier"] is None
