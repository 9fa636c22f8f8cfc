"""The benchmark of long lists walks every page, and leaves nothing behind."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import User
from recognition.management.commands.benchmark_history import LIMIT_QUERIES, PAGES
from recognition.models import Submission

pytestmark = pytest.mark.django_db


def test_no_list_takes_more_queries_than_it_may():
    output = StringIO()
    call_command("benchmark_history", items=110, repeats=1, stdout=output)
    lines = output.getvalue().splitlines()[2:]
    assert len(lines) == len(PAGES)
    queries = [int(re.search(r"ms +(\d+)(  over the limit)?$", line)[1]) for line in lines]
    assert max(queries) <= LIMIT_QUERIES
    assert not Submission.objects.exists()
    assert not User.objects.exists()
