"""The benchmark of the desk walks from item to item, and leaves nothing behind."""

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import User
from recognition.desk.management.commands.benchmark_desk import WHOLE
from recognition.desk.models import Item

pytestmark = pytest.mark.django_db


def test_each_role_is_timed_from_enter_to_the_next_image():
    output = StringIO()
    call_command("benchmark_desk", items=30, rounds=3, section="", stdout=output)
    rows = [line for line in output.getvalue().splitlines() if WHOLE in line]
    assert [row.split(":")[0] for row in rows] == ["| bank official", "| checker"]
    assert not Item.objects.exists()
    assert not User.objects.exists()
