"""The policy of a bank, its page for moderators, and what was measured."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import ApplicationState, OfficialApplication
from recognition.desk import dial, policies
from recognition.desk.models import Item, Policy
from tests.desk.conftest import READ
from tests.desk.test_keys import key, other


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
    assert not dial.measure("")
    for changed in ({}, {"cheque_number": "777777"}):
        item = arrive(official, **sure)
        key(item, official, other(**changed))
        key(item, checker, other(**changed))
    one_per_cent = dial.measure("")[0]
    assert (one_per_cent.alone, one_per_cent.wrong) == (dial.Rate(8, 8), dial.Rate(1, 8))
    assert str(one_per_cent.wrong) == "12.5 % (2.2 to 47.1), 1 of 8"


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
    assert "of those were wrong" in admin.get(address).text
    assert admin.get(reverse("admin:desk_item_changelist")).status_code == 200
    page = admin.get(reverse("admin:desk_item_change", args=[item.pk]))
    assert "checker@bank.example" in page.text
    assert client_of(official).get(address).status_code == 302
