"""Measure the desk with a full queue: from Enter to the next item, with its images.

Rows and one image are made for it and taken away again: all of it is one transaction that is rolled
back. Run it against PostgreSQL (``DATABASE_URL``); requests go through every middleware, but not
through a web server or a network.
"""

import io
import statistics
import time
import uuid
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import ApplicationState, OfficialApplication, Role, User
from recognition.desk.models import KEYED_FIELDS, Item, Key, KeyRole, State, Verdict
from recognition.management.pace import (
    DOCUMENT,
    circumstances,
    count_queries,
    p95,
    plain_static,
    table,
)
from recognition.models import FieldName, FieldReading, RecognitionRun, RunState, Submission
from recognition.training.report import replace_section

LIMIT_MS, MAX_QUERIES = 200, 12
BANK = "Benchmark Bank"
QUEUE_PAGE = "queue page"
WHOLE = "from Enter to the next image, nothing fetched ahead"
WORK = "of that, this process\N{RIGHT SINGLE QUOTATION MARK}s own work"
SIZE = (1600, 725)  # a cheque at 200 dpi
VALUES = {
    FieldName.COURTESY_AMOUNT: "125000.50",
    FieldName.DATE: "2026-01-31",
    FieldName.ACCOUNT_NUMBER: "00123456789",
    FieldName.CHEQUE_NUMBER: "004512",
    FieldName.MICR_LINE: "⑈004512⑈ 560229012⑆ 000123⑈ 31",
}
BOX = {"x": 1000, "y": 40, "width": 500, "height": 90}


class Command(BaseCommand):
    """Say how long a reviewer waits; fail where it is too long."""

    help = "Measure the desk with many items in its queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many items wait, and how many are decided on."""
        parser.add_argument("--items", type=int, default=10_000)
        parser.add_argument("--rounds", type=int, default=40)
        parser.add_argument("--section", default="desk", help="of the document; '' writes none")
        parser.add_argument("--document", type=Path, default=DOCUMENT)

    def handle(self, **options: Any) -> None:
        """Fill the queue, decide on some of it, and print what that took."""
        with transaction.atomic(), _image() as name, plain_static():
            maker = _colleague("maker@benchmark.invalid", Role.OFFICIAL)
            other = _colleague("other@benchmark.invalid", Role.OFFICIAL)
            checker = _colleague("checker@benchmark.invalid", Role.CHECKER)
            _fill(options["items"], name, maker, other)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            found = [_review(one, options["rounds"]) for one in (maker, checker)]
            transaction.set_rollback(True)
        text = (
            f"## The desk with {options['items']} items in its queue\n\n"
            f"{options['rounds']} times each, nothing fetched ahead. The limit from Enter to the "
            f"next image is {LIMIT_MS} ms, for the median and for 95 of 100. {circumstances()}\n\n"
        )
        text += table(
            ("step", "median, ms", "95 of 100, ms", "slowest, ms"),
            [row for one in found for row in one.rows],
        )
        self.stdout.write(text)
        if options["section"]:
            replace_section(options["document"], options["section"], text)
        if not all(one.holds for one in found):
            raise CommandError("Over a limit: see the rows from Enter to the next image.")


@dataclass(frozen=True, slots=True)
class Review:
    """How long one person waited, as rows of a table, and whether that is within the limits."""

    rows: list[tuple[str, ...]]
    holds: bool


def _review(person: User, rounds: int) -> Review:
    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    client.post(reverse("desk:next"))
    steps: dict[str, list[float]] = {}
    queries = 0
    for _ in range(rounds):
        with CaptureQueriesContext(connection) as seen:
            page = _took(partial(client.get, reverse("desk:queue")))
        queries = max(queries, count_queries(seen))
        for name, milliseconds in {QUEUE_PAGE: page, **_decide(client, person)}.items():
            steps.setdefault(name, []).append(milliseconds)
    label = person.get_role_display()
    rows = [
        (f"{label}: {name}", *(f"{of(taken):.0f}" for of in (statistics.median, p95, max)))
        for name, taken in steps.items()
    ]
    slow = statistics.median(steps[WHOLE]) >= LIMIT_MS or p95(steps[WHOLE]) >= LIMIT_MS
    return Review(rows, holds=queries <= MAX_QUERIES and not slow)


def _colleague(email: str, role: Role) -> User:
    person = User.objects.create_user(email, role=role)
    OfficialApplication.objects.create(
        applicant=person, full_name=email, bank=BANK, branch="Main", branch_code="HDRB0000001",
        employee_number="1", state=ApplicationState.APPROVED, decided_at=timezone.now(),
        decided_by=person,
    )  # fmt: skip
    return person


def _decide(client: Client, person: User) -> dict[str, float]:
    """Accept the open item, go on to the next, and return what each step took."""
    item = Item.objects.get(claimed_by=person)
    typed = {name.value: VALUES[name] for name in VALUES} | {"version": item.version}
    key = partial(client.post, reverse("desk:key", args=[item.pk]), typed)
    start = time.process_time()
    times = {
        "key": _took(partial(key, headers={"Accept": "application/json"})),
        "next item": _took(partial(client.post, reverse("desk:next"), {"fragment": "1"})),
    }
    item = Item.objects.get(claimed_by=person)
    image = reverse("desk:image", args=[item.pk])
    snippet = reverse("desk:snippet", args=[item.pk, FieldName.COURTESY_AMOUNT])
    times["its image"] = _took(lambda: client.get(image).getvalue())
    times |= {WHOLE: sum(times.values()), WORK: (time.process_time() - start) * 1000}
    times["image of a field"] = _took(partial(client.get, snippet))
    return times


def _took(act: Callable[[], Any]) -> float:
    """Return how many milliseconds a request took; it must have been answered well."""
    start = time.perf_counter()
    answer = act()
    milliseconds = (time.perf_counter() - start) * 1000
    if getattr(answer, "status_code", 200) != 200:  # noqa: PLR2004 - it is HTTP's
        raise RuntimeError(f"{answer.status_code}: {answer.content[:300]!r}")
    return milliseconds


@contextmanager
def _image() -> Iterator[str]:
    page = Image.effect_noise(SIZE, 4).convert("RGB")
    ImageDraw.Draw(page).text((1050, 70), VALUES[FieldName.COURTESY_AMOUNT], "black")
    encoded = io.BytesIO()
    page.save(encoded, "PNG")
    name = default_storage.save("benchmark.png", ContentFile(encoded.getvalue()))
    try:
        yield name
    finally:
        default_storage.delete(name)


def _fill(count: int, image: str, owner: User, other: User) -> None:
    """Make so many items: seven of ten for a maker, three that another person has keyed."""
    now = timezone.now()
    submissions = [
        Submission(
            owner=owner, kind="cheque", source="api", image=image, thumbnail=image, width=SIZE[0],
            height=SIZE[1], file_name=f"{number}.png", sha256=uuid.uuid4().hex * 2,
        )
        for number in range(count)
    ]  # fmt: skip
    Submission.objects.bulk_create(submissions, batch_size=1000)
    runs = [
        RecognitionRun(submission=one, state=RunState.SUCCEEDED, finished_at=now)
        for one in submissions
    ]
    RecognitionRun.objects.bulk_create(runs, batch_size=1000)
    FieldReading.objects.bulk_create(
        (
            FieldReading(
                run=run, name=name, value=value, confidence=0.97, is_accepted=False, box=BOX
            )
            for run in runs
            for name, value in VALUES.items()
        ),
        batch_size=2000,
    )
    items = [
        Item(
            submission=one, run=run, bank=BANK, worth=Decimal(number), due_at=now,
            rank_at=now + timedelta(seconds=number),
            state=State.SECOND_KEY if number % 10 < 3 else State.WAITING,  # noqa: PLR2004 - three of ten
            maker=other if number % 10 < 3 else None,  # noqa: PLR2004 - as above
        )
        for number, (one, run) in enumerate(zip(submissions, runs, strict=True))
    ]  # fmt: skip
    Item.objects.bulk_create(items, batch_size=1000)
    keyed = {name.value: VALUES[name] for name in KEYED_FIELDS}
    Key.objects.bulk_create(
        (
            Key(
                item=item, round=1, person=other, role=KeyRole.MAKER, verdict=Verdict.ACCEPT,
                values=keyed,
            )
            for item in items
            if item.maker is not None
        ),
        batch_size=2000,
    )  # fmt: skip
