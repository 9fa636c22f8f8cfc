"""What the benchmarks of pages have in common: plain static files, percentiles, and a table."""

import os
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

LIMIT_MILLISECONDS, LIMIT_QUERIES = 150, 12
TIMED_HEAD = ("page", "median, ms", "95 of 100, ms", "slowest, ms", "own work, ms", "queries")
DOCUMENT = settings.BASE_DIR / "docs" / "pace.md"


def plain_static() -> override_settings:
    """Leave static files out of it: they are not the server's work, and may not be collected."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return override_settings(STORAGES=settings.STORAGES | {"staticfiles": storage})


def p95(taken: Sequence[float]) -> float:
    """Return what 95 of 100 do not exceed, between the two nearest of the sample.

    >>> p95([float(one) for one in range(101)])
    95.0
    """
    return (
        taken[0] if len(taken) == 1 else statistics.quantiles(taken, n=20, method="inclusive")[18]
    )


def count_queries(seen: CaptureQueriesContext) -> int:
    """Return how often the database was asked, not counting where transactions begin and end."""
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(marks) for query in seen.captured_queries)


@dataclass(frozen=True, slots=True)
class Timed:
    """One list as a row of a table, and whether it is within the limits."""

    row: tuple[str, ...]
    holds: bool


def time_page(client: Client, name: str, address: str, repeats: int) -> Timed:
    """Ask for a page once, and then so many times more, and return how long those took."""
    taken, own, queries = [], [], 0
    for _ in range(repeats + 1):
        with CaptureQueriesContext(connection) as seen:
            begin, begin_own = time.perf_counter(), time.process_time()
            status = client.get(address, secure=True).status_code
            taken.append((time.perf_counter() - begin) * 1000)
            own.append((time.process_time() - begin_own) * 1000)
        if status != 200:  # noqa: PLR2004 - HTTP's
            raise RuntimeError(f"{address} answers {status}")
        queries = max(queries, count_queries(seen))
    warm = taken[1:]  # the first one compiles the templates
    median = statistics.median(warm)
    times = (median, p95(warm), max(warm), statistics.median(own[1:]))
    return Timed(
        (name, *(f"{one:.0f}" for one in times), str(queries)),
        holds=median < LIMIT_MILLISECONDS and queries <= LIMIT_QUERIES,
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown: the first column to the left, numbers to the right."""
    marks = ("---", *("---:" for _ in head[1:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, marks, *rows))


def circumstances() -> str:
    """Say on what, when and how busy a machine it was measured."""
    version = ".".join(str(part) for part in connection.get_database_version())
    load = os.getloadavg()[0]
    return (
        f"{connection.vendor} {version}, {os.cpu_count()} virtual cores, load {load:.1f} at the "
        f"end, {timezone.now():%Y-%m-%d}."
    )
