"""What workers do to compare two versions of a network: read stored images with both."""

import logging
import time
import uuid
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from recognition import readers
from recognition.engine.errors import EngineError
from recognition.engine.types import Kind as EngineKind
from recognition.models import NetworkComparison, Submission
from recognition.services.comparisons import KINDS

logger = logging.getLogger(__name__)

LATEST = 200  # images
SECONDS = 20.0  # those who draw wait meanwhile, where there is one worker only


def compare(comparison_id: uuid.UUID) -> None:
    """Read the latest images of the network's kind with both versions, and store the answers.

    What is over already, or was removed, is left alone. The images stay as they are, and so do
    the readings of their own runs.
    """
    comparison = NetworkComparison.objects.filter(pk=comparison_id, finished_at=None).first()
    if comparison is None:
        return
    failure, answers = "", []
    try:
        answers = _answers(comparison)
    except EngineError as error:
        failure = error.message
    except SoftTimeLimitExceeded:
        failure = "It took too long."
    NetworkComparison.objects.filter(pk=comparison_id, finished_at=None).update(
        answers=answers, failure=failure[:300], finished_at=timezone.now()
    )


def _answers(comparison: NetworkComparison) -> list[dict[str, Any]]:
    active = readers.active_versions()
    first, second = (
        readers.build_reader(active | {comparison.network: version})
        for version in (comparison.first, comparison.second)
    )
    kind = KINDS[comparison.network]
    there = Submission.objects.filter(
        kind=kind, deleted_at=None, is_hidden=False, duplicate_of=None
    )
    answers: list[dict[str, Any]] = []
    deadline = time.monotonic() + SECONDS
    for submission in there.order_by("-created_at", "-pk")[:LATEST]:
        if time.monotonic() > deadline:
            break
        try:
            with submission.image.open("rb") as file:
                data = file.read()
        except OSError as error:
            logger.warning("The image of %s is left out: %s", submission.pk, error)
            continue
        answers.append(
            {
                "submission": str(submission.pk),
                "first": _read(first, data, EngineKind(kind)),
                "second": _read(second, data, EngineKind(kind)),
            }
        )
    return answers


def _read(reader: readers.Reader, data: bytes, kind: EngineKind) -> dict[str, Any]:
    """Return the value and its confidence; an image that can't be read holds none."""
    try:
        (field,) = reader.read(data, kind, today=timezone.localdate()).fields
    except EngineError:
        return {"value": "", "confidence": 0.0}
    return {"value": field.value or "", "confidence": round(field.confidence, 4)}
