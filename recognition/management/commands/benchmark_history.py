"""Time the history's pages and the API's list over a long history of one person.

The rows are made for the occasion, inside a transaction that is rolled back, so any database will
do. Times are the server's: from the request to the whole answer, without the network; the third is
this process's own share of the processor, which tells a busy machine from a slow page.
"""

import datetime as dt
import math
import uuid
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from recognition.desk.models import Item, State
from recognition.management.pace import (
    DOCUMENT,
    LIMIT_MILLISECONDS,
    LIMIT_QUERIES,
    TIMED_HEAD,
    circumstances,
    plain_static,
    table,
    time_page,
)
from recognition.models import (
    Correction,
    FieldName,
    FieldReading,
    Kind,
    RecognitionRun,
    RunState,
    Source,
    Submission,
)
from recognition.services.standing import standing
from recognition.training.report import replace_section

ITEMS_A_STEP = 2000
DOUBTFUL_EACH, CORRECTED_EACH, RETURNED_EACH, FAILED_EACH = 7, 50, 97, 101  # one in so many
PAGES = (
    ("the first page", "/history/"),
    ("page 100", "/history/?page=100"),
    ("the last page", "/history/?page=1000000"),
    ("by kind", "/history/?kind=cheque"),
    ("by state", "/history/?state=failed"),
    ("approved at the desk", "/history/?desk=approved"),
    ("returned by the desk", "/history/?desk=returned"),
    ("what needs a person", "/history/?needs_person=true"),
    ("submitted in one week", "/history/?submitted_from={week}&submitted_to={day}"),
    ("by cheque number", "/history/?cheque_number=049999"),
    ("by account number", "/history/?q=00000049999"),
    ("by file name", "/history/?q=scan-49999"),
    ("amounts between", "/history/?amount_min=49990&amount_max=49999"),
    ("dated in one week", "/history/?date_from={week}&date_to={day}"),
    ("by bank", "/history/?bank=229"),
    ("by a sort code", "/history/?bank=560229012"),
    ("by person", "/history/?person=benchmark"),
    ("search among what needs a person", "/history/?q=4999&needs_person=true"),
    ("a search without a find", "/history/?q=nowhere"),
    ("largest amount first", "/history/?order=-amount"),
    ("smallest amount first", "/history/?order=amount"),
    ("by file name, in order", "/history/?order=name"),
    ("the API's first page", "/api/v1/submissions"),
    ("the API's last page", "/api/v1/submissions?page_size=25&page={last}"),
    ("the API, approved at the desk", "/api/v1/submissions?desk=approved"),
    ("the API, by account number", "/api/v1/submissions?q=00000049999"),
)


class Command(BaseCommand):
    help = f"Time lists of a long history; {LIMIT_MILLISECONDS} ms and {LIMIT_QUERIES} queries."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--items", type=int, default=100_000)
        parser.add_argument("--repeats", type=int, default=7)
        parser.add_argument("--section", default="history", help="of the document; '' writes none")
        parser.add_argument("--document", type=Path, default=DOCUMENT)

    def handle(self, *, items: int, repeats: int, **options: Any) -> None:
        with transaction.atomic(), plain_static():
            call_command("createcachetable", verbosity=0)  # where the API counts its requests
            owner = User.objects.create_user(
                f"{uuid.uuid4().hex}@benchmark.invalid", role=Role.OFFICIAL
            )
            for start in range(0, items, ITEMS_A_STEP):
                _make(owner, start, min(ITEMS_A_STEP, items - start))
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            client = Client(headers={"host": "localhost"})
            client.force_login(owner, backend="accounts.login.LoginBackend")
            today = timezone.localdate()
            named = {
                "day": today,
                "week": today - dt.timedelta(days=6),
                "last": math.ceil(items / 25),
            }
            found = [time_page(client, name, path.format(**named), repeats) for name, path in PAGES]
            transaction.set_rollback(True)
        text = (
            f"## Lists of a history of {items} items\n\n"
            f"{repeats} times each, after a first one. The limits are {LIMIT_MILLISECONDS} ms of "
            f"the server's time and {LIMIT_QUERIES} queries. {circumstances()}\n\n"
        )
        text += table(
            TIMED_HEAD,
            [one.row for one in found],
        )
        self.stdout.write(text)
        if options["section"]:
            replace_section(options["document"], options["section"], text)
        if over := [one.row[0] for one in found if not one.holds]:
            raise CommandError(f"Over the limit: {', '.join(over)}.")


def _make(owner: User, start: int, count: int) -> None:
    """Store cheques that were read, some in doubt, corrected or failed, newest first."""
    now = timezone.now()
    submissions, runs, readings = [], [], []
    for number in range(start, start + count):
        at = now - dt.timedelta(minutes=number)
        is_failed = number % FAILED_EACH == 0
        submission = Submission(
            owner=owner,
            kind=Kind.CHEQUE,
            source=Source.UPLOAD,
            image="none.png",
            thumbnail="none.jpg",
            width=1600,
            height=720,
            file_name=f"scan-{number}.png",
            sha256=f"{number:064x}",
            created_at=at,
        )
        run = RecognitionRun(
            submission=submission,
            state=RunState.FAILED if is_failed else RunState.SUCCEEDED,
            error_code="no_cheque_found" if is_failed else "",
            queued_at=at,
            finished_at=at,
        )
        submission.latest_run = run
        submissions.append(submission)
        runs.append(run)
        if not is_failed:
            readings += _readings(run, number, at.date())
    # Each points at the other: the keys are checked at the commit alone.
    RecognitionRun.objects.bulk_create(runs)
    stored = FieldReading.objects.bulk_create(readings)
    Correction.objects.bulk_create(
        Correction(reading=reading, value=reading.value, amount=reading.amount, made_by=owner)
        for reading in stored[::CORRECTED_EACH]
        if reading.name == FieldName.COURTESY_AMOUNT
    )
    prefetch_related_objects(stored, "corrections")
    of_run: dict[uuid.UUID, list[FieldReading]] = defaultdict(list)
    for reading in stored:
        of_run[reading.run_id].append(reading)
    for submission, run in zip(submissions, runs, strict=True):
        for column, value in standing(submission.file_name, of_run[run.pk]).items():
            setattr(submission, column, value)
    Submission.objects.bulk_create(submissions)
    Item.objects.bulk_create(
        _item(run, is_returned=number % RETURNED_EACH == 0)
        for number, run in enumerate(runs, start)
        if run.state == RunState.SUCCEEDED
    )


def _item(run: RecognitionRun, *, is_returned: bool) -> Item:
    at = run.queued_at
    return Item(
        submission=run.submission,
        run=run,
        bank="Benchmark Bank",
        state=State.RETURNED if is_returned else State.APPROVED,
        comment="Which year?" if is_returned else "",
        settled_at=None if is_returned else at,
        needs_two_keys=False,
        due_at=at,
        rank_at=at,
    )


def _readings(run: RecognitionRun, number: int, day: dt.date) -> list[FieldReading]:
    amount = Decimal(number) + Decimal("0.50")
    bank = 229 if number % 1000 == 0 else 2
    values = {
        FieldName.COURTESY_AMOUNT: str(amount),
        FieldName.DATE: day.isoformat(),
        FieldName.ACCOUNT_NUMBER: f"{number:011}",
        FieldName.CHEQUE_NUMBER: f"{number:06}",
        FieldName.MICR_LINE: f"⑈{number:06}⑈ 560{bank:03}012⑆ 000123⑈ 31",
    }
    return [
        FieldReading(
            run=run,
            name=name,
            value=value,
            amount=amount if name == FieldName.COURTESY_AMOUNT else None,
            date=day if name == FieldName.DATE else None,
            confidence=0.99,
            is_accepted=number % DOUBTFUL_EACH != 0,
        )
        for name, value in values.items()
    ]
