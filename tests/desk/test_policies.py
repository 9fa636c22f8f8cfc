"""The policy of a bank, its page for moderators, and what was measured."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApplicationState, OfficialApplication
from recognition.desk import dial, policies
from recognition.desk.learning.figures import Rate
from recognition.desk.models import Basis, Item, Judgement, Key, Policy
from tests.desk.conftest import READ
from tests.desk.judged import judge_many
from tests.desk.test_keys import key, other

NOW = timezone.now()


@pytest.fixture
def bank(official, moderator) -> str:
    OfficialApplication.objects.create(
        applicant=official, full_name="O", bank="Bank of Examples", branch="B",
        branch_code="EXAM0000001", employee_number="1", state=ApplicationState.APPROVED,
        decided_at="2026-01-01T00:00Z", decided_by=moderator,
    )  # fmt: skip
    return "Bank of Examples"


def test_a_bank_has_its_own_policy_else_the_one_for_all(official, arrive, bank):
    assert policies.policy_of(bank).pk is None
    for_all = Policy.objects.create(two_keys_from=1)
    assert policies.policy_of(bank) == for_all
    own = Policy.objects.create(bank=bank, two_keys_from=10**9, two_keys_share=0)
    assert policies.policy_of(bank) == own
    item = arrive(official)
    assert (item.bank, item.needs_two_keys) == (bank, False)


def test_a_sample_is_near_its_share_and_always_the_same(official, arrive):
    items = [Item(pk=f"{number:032x}") for number in range(4000)]
    drawn = [policies.is_drawn(one, Decimal(5), "two-keys") for one in items]
    assert 150 < sum(drawn) < 250
    assert drawn == [policies.is_drawn(one, Decimal(5), "two-keys") for one in items]
    assert drawn != [policies.is_drawn(one, Decimal(5), "audit") for one in items]


def test_the_dial_makes_more_fields_doubtful(official, arrive, client_of):
    item = arrive(official, date={"confidence": 0.995}, courtesy_amount={"confidence": 0.999})
    readings = {one.name: one for one in item.run.readings.all()}
    strict = Policy(max_error=Decimal("0.2"))
    assert policies.is_certain(Policy(), readings["date"])
    assert not policies.is_certain(strict, readings["date"])
    assert policies.is_certain(strict, readings["courtesy_amount"])
    with pytest.raises(ValidationError):
        Policy(max_error=Decimal(2)).full_clean()


def test_the_dial_is_measured_on_what_two_people_settled(official, checker, arrive):
    sure = {name: {"confidence": 0.999} for name in READ}
    assert dial.measure(Policy()).settings[0].alone.total == 0
    for changed in ({}, {"cheque_number": "777777"}):
        item = arrive(official, **sure)
        key(item, official, other(**changed))
        key(item, checker, other(**changed))
    one_per_cent = dial.measure(Policy()).settings[0]
    assert (one_per_cent.alone, one_per_cent.wrong) == (Rate(8, 8), Rate(1, 8))
    assert str(one_per_cent.wrong) == "12.50 % (2.24 to 47.09), 1 of 8"
    Policy.objects.create(bank="Harbour Bank")
    assert dial.measure(Policy()).settings[0].alone.total == 0  # that bank has its own by now


@pytest.mark.django_db
def test_until_a_bank_has_enough_the_dial_says_what_was_shipped_and_assumed():
    found = dial.measure(Policy(two_keys_share=0, audit_share=0))
    assert (found.is_own, found.keying.is_measured) == (False, False)
    by_error = {str(one.max_error): one for one in found.settings}
    assert by_error["1"].items == Rate(101, 200)
    # 495 of 1,000 items, 25 seconds each
    assert by_error["1"].minutes == pytest.approx(206.25)
    assert by_error["0.05"].minutes is None


def test_minutes_come_from_the_banks_own_items_and_keys(official):
    judge_many(official, 420)
    items = [
        Item(
            submission_id=submission,
            run_id=run,
            bank="Harbour Bank",
            due_at=NOW,
            rank_at=NOW,
            worth=5,
        )
        for run, submission in Judgement.objects.values_list("run", "run__submission").distinct()
    ]
    Item.objects.bulk_create(items)
    Key.objects.bulk_create(
        Key(item=item, round=1, person=official, role="maker", verdict="accept", seconds=seconds)
        for item, seconds in zip(items[:60], [10, 20, 90] * 20, strict=True)
    )
    found = dial.measure(Policy(bank="Harbour Bank", two_keys_share=0, audit_share=0))
    assert (found.keying.seconds, found.keying.is_measured, found.is_own) == (20, True, True)
    least = {}
    for one in Judgement.objects.exclude(basis=Basis.AUDIT):
        least[one.run_id] = min(least.get(one.run_id, 1), one.confidence)
    for one in found.settings:
        alone = sum(sure >= 1 - float(one.max_error) / 100 for sure in least.values())
        assert one.items == Rate(alone, len(least))
        assert one.minutes == pytest.approx(1000 * (1 - alone / len(least)) * 20 / 60)
    minutes = [one.minutes for one in found.settings]
    assert minutes == sorted(minutes)


def test_moderators_set_policies_and_look_at_decisions(
    moderator, official, checker, arrive, client_of
):
    item = arrive(official)
    key(item, official)
    key(item, checker)
    admin = client_of(moderator)
    data = {
        "bank": "", "two_keys_from": "1000", "two_keys_share": "10", "max_error": "0.5",
        "audit_share": "3", "minutes_to_decide": "60",
    }  # fmt: skip
    page = admin.post(reverse("admin:desk_policy_add"), data, follow=True)
    assert page.status_code == 200
    policy = Policy.objects.get()
    assert (policy.two_keys_from, policy.auto_accept) == (1000, False)
    address = reverse("admin:desk_policy_change", args=[policy.pk])
    text = admin.get(address).text
    assert "of those were wrong" in text
    assert "A key is assumed to take 25 seconds" in text
    assert admin.get(reverse("admin:desk_item_changelist")).status_code == 200
    page = admin.get(reverse("admin:desk_item_change", args=[item.pk]))
    assert "checker@bank.example" in page.text
    assert client_of(official).get(address).status_code == 302
