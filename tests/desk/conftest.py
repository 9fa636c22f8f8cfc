"""Cheques that were read without networks, and people who decide on them."""

import itertools
from collections.abc import Callable

import pytest

from accounts.models import Role, User
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
