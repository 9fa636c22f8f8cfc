"""The benchmarks of the desk walk through its pages, and leave nothing behind."""

from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from recognition.desk.management.commands.benchmark_accuracy import PAGES
from recognition.desk.management.commands.benchmark_desk import WHOLE
from recognition.desk.models import Item, Judgement
from recognition.management.pace import LIMIT_QUERIES

pytestmark = pytest.mark.django_db


def test_each_role_is_timed_from_enter_to_the_next_image():
    output = StringIO()
    with suppress(CommandError):  # of the times on a busy machine
        call_command("benchmark_desk", items=30, rounds=3, section="", stdout=output)
    rows = [line for line in output.getvalue().splitlines() if WHOLE in line]
    assert [row.split(":")[0] for row in rows] == ["| bank official", "| checker"]
    assert not Item.objects.exists()
    assert not User.objects.exists()


def test_the_pages_about_accuracy_are_timed():
    output = StringIO()
    with suppress(CommandError):  # of the times on a busy machine
        call_command("benchmark_accuracy", values=80, repeats=1, section="", stdout=output)
    rows = [line.split("|")[1:-1] for line in output.getvalue().splitlines() if line[:2] == "| "]
    assert len(rows) == len(PAGES) + 2
    assert max(int(row[-1]) for row in rows[2:]) <= LIMIT_QUERIES
    assert not Judgement.objects.exists()
