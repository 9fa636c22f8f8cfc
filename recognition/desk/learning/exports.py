"""A labelled set of what people said: snippets, and a table that the training's loaders read.

``labels.tsv`` lies beside the snippets and has a line each; its columns ``file`` and ``digits`` are
those of ``recognition.training.strings.crops.labelled``, so that ``manage.py benchmark_strings``
measures on such a folder.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO

from django.db.models import Q

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import Role, User
from recognition.images import crop_of
from recognition.masking import is_secret
from recognition.models import FieldName, FieldReading

LABELS = "labels.tsv"
ACCOUNT_NUMBERS = "desk.export_account_numbers"
_ROWS_A_QUERY = 500
_NO_CENTS = ".00"


@dataclass(frozen=True, slots=True)
class Label:
    """One line of the table. ``digits``: as they stand on the paper; empty: nothing to read.

    ``judged_by``: two people who keyed it, or one who corrected it, having seen what was read.
    """

    file: str
    digits: str
    field: str
    person: str
    machine: str
    confidence: float
    judged_by: str
    networks: str
    engine: str
    kind: str
    source: str
    bank: str


def write_folder(folder: Path, *, by: User | None, with_accounts: bool = False) -> int:
    """Write the set into a folder, tell so in the audit log, and return how many labels it has."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = []
    for label, snippet in _labelled(with_accounts=with_accounts):
        (folder / label.file).write_bytes(snippet)
        labels.append(label)
    (folder / LABELS).write_text(_table(labels), encoding="utf-8")
    _tell(labels, by=by, with_accounts=with_accounts)
    return len(labels)


def write_zip(file: IO[bytes], *, by: User, most: int, with_accounts: bool = False) -> int:
    """Write the latest so many into a ZIP archive; else as ``write_folder``."""
    labels = []
    with zipfile.ZipFile(file, "w") as archive:
        for label, snippet in _labelled(with_accounts=with_accounts):
            archive.writestr(label.file, snippet)
            labels.append(label)
            if len(labels) == most:
                break
        archive.writestr(LABELS, _table(labels))
    _tell(labels, by=by, with_accounts=with_accounts)
    return len(labels)


def as_written(field: str, value: str) -> str:
    """Return the digits of a canonical value as they stand on the paper.

    >>> as_written("date", "2026-01-31"), as_written("courtesy_amount", "1250.00")
    ('31012026', '1250')
    >>> as_written("courtesy_amount", "1250.50"), as_written("cheque_number", "004512")
    ('125050', '004512')
    """
    if field == FieldName.DATE:
        value = "".join(reversed(value.split("-")))
    return "".join(one for one in value.removesuffix(_NO_CENTS) if one.isdigit())


def _readings() -> Iterator[FieldReading]:
    """Yield what people said something of and what may be learnt from, the latest first.

    What was deleted or hidden may not; nor what people submitted for themselves, as nobody asked
    them.
    """
    said = Q(corrections__isnull=False) | Q(judgement__isnull=False)
    found = (
        FieldReading.objects.filter(said)
        .filter(
            run__submission__deleted_at=None,
            run__submission__is_hidden=False,
            box__isnull=False,
        )
        .exclude(run__submission__owner__role=Role.INDIVIDUAL)
        .exclude(name=FieldName.LEGAL_AMOUNT)
        .order_by("-pk")
    )
    ids = found.values("pk")  # a reading with two corrections is one label
    readings = FieldReading.objects.filter(pk__in=ids).order_by("-pk")
    yield from (
        readings.select_related("run__submission__item", "judgement")
        .prefetch_related("corrections")
        .iterator(chunk_size=_ROWS_A_QUERY)
    )


def _labelled(*, with_accounts: bool) -> Iterator[tuple[Label, bytes]]:
    for reading in _readings():
        if not with_accounts and is_secret(reading):
            continue
        submission = reading.run.submission
        assert reading.box is not None  # noqa: S101 - as asked for; tells the type checker
        try:
            snippet = crop_of(submission.image, reading.box)
        except FileNotFoundError:
            continue
        item = getattr(submission, "item", None)
        judged = item.values if item is not None and hasattr(reading, "judgement") else {}
        value = judged.get(reading.name, reading.final)
        networks = [f"{one['name']} {one['version']}" for one in reading.run.models_used]
        yield (
            Label(
                file=f"{reading.pk}.png",
                digits=as_written(reading.name, value),
                field=reading.name,
                person=value,
                machine=reading.value,
                confidence=reading.confidence,
                judged_by="two" if judged else "one",
                networks=", ".join(networks),
                engine=reading.run.engine_version,
                kind=submission.kind,
                source=submission.source,
                bank=item.bank if item is not None else "",
            ),
            snippet,
        )


def _table(labels: list[Label]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(
        text, [one.name for one in fields(Label)], delimiter="\t", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(asdict(one) for one in labels)
    return text.getvalue()


def _tell(labels: list[Label], *, by: User | None, with_accounts: bool) -> None:
    record(
        EventCode.CORRECTIONS_EXPORTED,
        actor=by,
        labels=len(labels),
        with_account_numbers=with_accounts,
    )
