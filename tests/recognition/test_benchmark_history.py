"""The benchmark of long lists walks every page, and leaves nothing behind."""

from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from recognition.management.commands.benchmark_history import PAGES
from recognition.management.pace import LIMIT_QUERIES
from recognition.models import Submission

pytestmark = pytest.mark.django_db


def test_no_list_takes_more_queries_than_it_may():
    output = StringIO()
    with suppress(CommandError):  # of the times on a busy machine
        call_command("benchmark_history", items=110, repeats=1, section="", stdout=output)
    rows = [line.split("|")[1:-1] for line in output.getvalue().splitlines() if line[:2] == "| "]
    assert len(rows) == len(PAGES) + 2
    queries = [int(row[-1]) for row in rows[2:]]
    assert max(queries) <= LIMIT_QUERIES
    assert not Submission.objects.exists()
    assert not User.objects.exists()
