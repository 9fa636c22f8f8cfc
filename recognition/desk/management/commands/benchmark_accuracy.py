"""Time the pages that say how well the machine reads, over many judgements.

The rows are made for the occasion, in a transaction that is rolled back.
"""

import random
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from recognition.desk.models import KEYED_FIELDS, Basis, Confusion, Found, Judgement
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
    FieldReading,
    RecognitionRun,
    RuleVerdict,
    RunState,
    Source,
    Submission,
)
from recognition.training.report import replace_section

BANKS = tuple(f"Benchmark Bank {number}" for number in range(5))
ITEMS_A_STEP = 1000
PAGES = (
    ("confidence and errors", "/desk/accuracy/"),
    ("the same, of one bank", f"/desk/accuracy/?bank={BANKS[0]}"),
    ("the same, the audited sample", "/desk/accuracy/?basis=audit"),
    ("where it errs", "/desk/accuracy/errors/"),
)


class Command(BaseCommand):
    """Say how long the pages take; fail where it is too long."""

    help = "Time the pages about accuracy over many judgements."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many values were judged, and how often each page is asked for."""
        parser.add_argument("--values", type=int, default=100_000)
        parser.add_argument("--repeats", type=int, default=10)
        parser.add_argument("--section", default="accuracy", help="of the document; '' writes none")
        parser.add_argument("--document", type=Path, default=DOCUMENT)

    def handle(self, *, values: int, repeats: int, **options: Any) -> None:
        """Judge, ask for each page, and print what that took."""
        with transaction.atomic(), plain_static():
            moderator = User.objects.create_user(
                f"{uuid.uuid4().hex}@benchmark.invalid", role=Role.MODERATOR
            )
            items = values // len(KEYED_FIELDS)
            for start in range(0, items, ITEMS_A_STEP):
                _judge(moderator, start, min(ITEMS_A_STEP, items - start))
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            client = Client(headers={"host": "localhost"})
            client.force_login(moderator, backend=settings.AUTHENTICATION_BACKENDS[0])
            found = [time_page(client, name, path, repeats) for name, path in PAGES]
            transaction.set_rollback(True)
        text = (
            f"## How well it reads, counted over {values} judgements\n\n"
            f"{repeats} times each, after a first one. The limits are {LIMIT_MILLISECONDS} ms of "
            f"the server's time and {LIMIT_QUERIES} queries. {circumstances()}\n\n"
        )
        text += table(TIMED_HEAD, [one.row for one in found])
        self.stdout.write(text)
        if options["section"]:
            replace_section(options["document"], options["section"], text)
        if over := [one.row[0] for one in found if not one.holds]:
            raise CommandError(f"Over the limit: {', '.join(over)}.")


def _judge(owner: User, start: int, count: int) -> None:
    """Store judgements of items of five banks, of which one value in fifty is wrong."""
    dice = random.Random(start)  # noqa: S311 - the same figures each time
    now = timezone.now()
    submissions = Submission.objects.bulk_create(
        Submission(
            owner=owner, kind="cheque", source=Source.API, width=1, height=1, sha256=f"{number:064}"
        )
        for number in range(start, start + count)
    )
    runs = RecognitionRun.objects.bulk_create(
        RecognitionRun(submission=one, state=RunState.SUCCEEDED, finished_at=now)
        for one in submissions
    )
    RuleVerdict.objects.bulk_create(
        RuleVerdict(run=run, rule=rule, verdict="failed" if dice.random() < 0.02 else "passed")  # noqa: PLR2004 - one of fifty
        for run in runs
        for rule in ("date_is_valid", "not_stale", "amounts_agree", "duplicate_item")
    )
    readings = FieldReading.objects.bulk_create(
        FieldReading(
            run=run, name=name, value="1", confidence=1 - dice.random() ** 4 / 2, is_accepted=True
        )
        for run in runs
        for name in KEYED_FIELDS
    )
    judgements = Judgement.objects.bulk_create(
        Judgement(
            reading=reading,
            run_id=reading.run_id,
            field=reading.name,
            bank=BANKS[number // len(KEYED_FIELDS) % len(BANKS)],
            source=dice.choice(Source.values),
            networks=dice.choice(("digits 2, strings 2", "digits 3, strings 3")),
            basis=dice.choice(Basis.values),
            confidence=reading.confidence,
            was_accepted=reading.is_accepted,
            found=Found.WRONG if dice.random() < 0.02 else Found.RIGHT,  # noqa: PLR2004 - as above
            characters=8,
            judged_at=now,
        )
        for number, reading in enumerate(readings)
    )
    Confusion.objects.bulk_create(
        Confusion(judgement=one, written=written, read=read)
        for one in judgements
        if one.found == Found.WRONG
        for written, read in [dice.sample("0123456789", 2)]
    )
