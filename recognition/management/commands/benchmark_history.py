"""Time the history's pages and the API's list over a long history of one person.

The rows are made for the occasion, inside a transaction that is rolled back, so any database will
do. Times are the server's: from the request to the whole answer, without the network; the third is
this process's own share of the processor, which tells a busy machine from a slow page.
"""

import datetime as dt
import statistics
import time
import uuid
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
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

LIMIT_MILLISECONDS, LIMIT_QUERIES = 150, 12
ITEMS_A_STEP = 2000
DOUBTFUL_EACH, CORRECTED_EACH, FAILED_EACH = 7, 50, 101  # one in so many
PAGES = (
    ("the first page", "/history/"),
    ("page 100", "/history/?page=100"),
    ("the last page", "/history/?page=last"),
    ("by state", "/history/?state=failed"),
    ("what needs a person", "/history/?needs_person=true"),
    ("submitted in one week", "/history/?submitted_from={week}&submitted_to={day}"),
    ("by cheque number", "/history/?cheque_number=049999"),
    ("by account number", "/history/?q=00000049999"),
    ("by file name", "/history/?q=scan-49999"),
    ("amounts between", "/history/?amount_min=49990&amount_max=49999"),
    ("dated in one week", "/history/?date_from={week}&date_to={day}"),
    ("by bank", "/history/?bank=229"),
    ("largest amount first", "/history/?order=-amount"),
    ("the API's first page", "/api/v1/submissions"),
)


class Command(BaseCommand):
    help = f"Time lists of a long history; {LIMIT_MILLISECONDS} ms and {LIMIT_QUERIES} queries."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--items", type=int, default=100_000)
        parser.add_argument("--repeats", type=int, default=7)

    def handle(self, *, items: int, repeats: int, **_options: Any) -> None:
        with transaction.atomic():
            owner = User.objects.create_user(
                f"{uuid.uuid4().hex}@benchmark.invalid", role=Role.OFFICIAL
            )
            for start in range(0, items, ITEMS_A_STEP):
                _make(owner, start, min(ITEMS_A_STEP, items - start))
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            self.stdout.write(f"{items} items, {connection.vendor}, {repeats} repeats a page")
            self.stdout.write(f"{'':24} {'median':>8} {'slowest':>8} {'own':>8}  queries")
            client = Client(headers={"host": "localhost"})
            client.force_login(owner, backend="accounts.login.LoginBackend")
            today = timezone.localdate()
            days = {"day": today, "week": today - dt.timedelta(days=6)}
            for name, address in PAGES:
                self._time(client, name, address.format(**days), repeats)
            transaction.set_rollback(True)

    def _time(self, client: Client, name: str, address: str, repeats: int) -> None:
        taken, own, queries = [], [], 0
        for _ in range(repeats + 1):
            with CaptureQueriesContext(connection) as seen:
                begin, begin_own = time.perf_counter(), time.process_time()
                status = client.get(address, secure=True).status_code
                taken.append((time.perf_counter() - begin) * 1000)
                own.append((time.process_time() - begin_own) * 1000)
            if status != 200:  # noqa: PLR2004 - HTTP's
                raise RuntimeError(f"{address} answers {status}")
            queries = max(queries, len(seen))
        warm = taken[1:]  # the first one compiles the templates
        median, slowest = statistics.median(warm), max(warm)
        is_over = median > LIMIT_MILLISECONDS or queries > LIMIT_QUERIES
        mark = "  over the limit" if is_over else ""
        times = f"{median:5.0f} ms {slowest:5.0f} ms {statistics.median(own[1:]):5.0f} ms"
        self.stdout.write(f"{name:24} {times}  {queries:4}{mark}")
        self.stdout.flush()


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
    Submission.objects.bulk_create(submissions)
    RecognitionRun.objects.bulk_create(runs)
    stored = FieldReading.objects.bulk_create(readings)
    Correction.objects.bulk_create(
        Correction(reading=reading, value=reading.value, amount=reading.amount, made_by=owner)
        for reading in stored[::CORRECTED_EACH]
        if reading.name == FieldName.COURTESY_AMOUNT
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
