"""Cheques that were read without networks, and people who decide on them."""

import itertools
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import ApplicationState, OfficialApplication, Role, User
from recognition.desk.models import Item
from recognition.engine import types
from recognition.models import Kind
from tests.recognition.conftest import reader, sent, submit, work  # noqa: F401 - fixtures
from tests.recognition.drawings import field, reading

READ = {
    "courtesy_amount": "125000.50",
    "date": "2026-01-31",
    "account_number": "00123456789",
    "cheque_number": "004512",
}


@pytest.fixture
def make_user(make_user) -> Callable[..., User]:
    """Return a function that makes users; those of banks all work for the same one."""

    def make(email: str, role: Role = Role.INDIVIDUAL, **options: object) -> User:
        user = make_user(email, role, **options)
        if role in {Role.OFFICIAL, Role.CHECKER}:
            works_for("Harbour Bank", user)
        return user

    return make


def works_for(bank: str, person: User) -> None:
    """Approve a person as an official of a bank."""
    OfficialApplication.objects.create(
        applicant=person,
        full_name="Ann Official",
        bank=bank,
        branch="Main branch",
        branch_code="HARB0000001",
        employee_number="1",
        state=ApplicationState.APPROVED,
        decided_at=timezone.now(),
        decided_by=person,
    )


@pytest.fixture
def second_checker(make_user) -> User:
    return make_user("second@bank.example", Role.CHECKER)


@pytest.fixture
def arrive(submit, work, reader) -> Callable[..., Item]:  # noqa: F811 - fixtures
    """Submit one cheque, no two alike, have it read with these values, and return its item."""
    accounts = itertools.count(1)

    def arrive_one(owner: User, **values: object) -> Item:
        line = f"⑈004512⑈ 560229012⑆ {next(accounts):06d}⑈ 31"
        values["micr_line"] = {"value": line} | values.get("micr_line", {})
        fields = tuple(field(name, **values.get(name, {})) for name in types.CHEQUE_FIELDS)
        checks = {"checks": values["checks"]} if "checks" in values else {}
        reader.answer = reading(types.Kind.CHEQUE, fields=fields, **checks)
        submission = submit(owner, Kind.CHEQUE, "cheque.png")
        work()
        return Item.objects.get(pk=submission.pk)

    return arrive_one
