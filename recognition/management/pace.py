"""What the benchmarks of pages have in common: plain static files, percentiles, and a table."""

import os
import statistics
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

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
