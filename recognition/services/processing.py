"""What workers do with a run: claim it, read, and store exactly one outcome.

No transaction is open while reading. An outcome is stored only while the claim still holds the run,
so a worker that was given up for lost changes nothing, however late it comes.
"""

import base64
import dataclasses
import datetime as dt
import json
import logging
import uuid
from decimal import Decimal
from functools import partial
from pathlib import PurePosixPath

import numpy as np
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from PIL import Image
from redis import Redis

from recognition import readers
from recognition.engine import serialise, types
from recognition.engine.errors import EngineError
from recognition.models import (
    FieldReading,
    RecognitionRun,
    RuleVerdict,
    RunState,
    Submission,
    WorkerSign,
)
from recognition.services.uploads import encode
from recognition.signals import run_succeeded

logger = logging.getLogger(__name__)

ANSWER_KEPT_SECONDS = 30  # nobody waits so long for scores

# Pillow counts its turns the other way round.
_CLOCKWISE = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}


def execute_run(run_id: uuid.UUID, *, worker: str) -> None:
    """Read one queued run to its outcome; do nothing where it is not queued any more.

    Raises:
        OSError: a passing fault; the run waits again, and the caller may try again at once.
        Exception: a bug; the run has failed with ``internal_error``.
    """
    claim = RecognitionRun.objects.claim(run_id, worker=worker)
    if claim is None:
        return
    run = RecognitionRun.objects.select_related("submission").get(pk=run_id)
    try:
        _store(run, claim, _read(run))
    except EngineError as error:
        _fail(run, claim, error.code, error.message)
    except SoftTimeLimitExceeded:
        _fail(run, claim, "took_too_long", "")
    except OSError as error:
        logger.warning("Run %s meets a passing fault: %s", run_id, error)
        if run.attempts >= settings.RUN_MAX_ATTEMPTS:
            _fail(run, claim, "storage_unavailable", "")
        else:
            release(run, claim)
            raise
    except Exception:
        _fail(run, claim, "internal_error", "")
        raise


def release(run: RecognitionRun, claim: uuid.UUID) -> bool:
    """Put a held run back to wait; ``False`` where the claim no longer holds it."""
    held = RecognitionRun.objects.held(run.pk, claim)
    changed = held.update(
        state=RunState.QUEUED, claim=None, worker="", started_at=None, sent_at=timezone.now()
    )
    return bool(changed)


def give_sign(worker: str) -> None:
    """Record that this worker is there."""
    now = timezone.now()
    WorkerSign.objects.update_or_create(worker=worker[:120], defaults={"seen_at": now})


def score(answer_to: str, shape: list[int], packed: str) -> None:
    """Score images (base64 of their bytes) and put the answer where the caller waits for it."""
    images = np.frombuffer(base64.b64decode(packed), np.uint8).reshape(shape)
    scorer = readers.get_scorer()
    answer = {"probabilities": scorer.score(images).tolist(), "version": scorer.version}
    with Redis.from_url(settings.REDIS_URL) as redis, redis.pipeline() as both:
        both.rpush(answer_to, json.dumps(answer))
        both.expire(answer_to, ANSWER_KEPT_SECONDS)
        both.execute()


def _read(run: RecognitionRun) -> types.Reading:
    with run.submission.image.open("rb") as file:
        data = file.read()
    kind = types.Kind(run.submission.kind)
    return readers.get_reader().read(data, kind, today=timezone.localdate())


def _fail(run: RecognitionRun, claim: uuid.UUID, code: str, message: str) -> None:
    RecognitionRun.objects.held(run.pk, claim).update(
        state=RunState.FAILED,
        finished_at=timezone.now(),
        error_code=code,
        error_message=message[:300],
    )


@transaction.atomic
def _store(run: RecognitionRun, claim: uuid.UUID, reading: types.Reading) -> None:
    held = RecognitionRun.objects.held(run.pk, claim).update(
        state=RunState.SUCCEEDED,
        finished_at=timezone.now(),
        engine_version=reading.engine_version,
        models_used=[dataclasses.asdict(model) for model in reading.models],
        quality=[dataclasses.asdict(metric) for metric in reading.quality],
        milliseconds={stage: round(taken, 2) for stage, taken in reading.milliseconds.items()},
    )
    if not held:
        logger.warning("Run %s was taken back from this worker: nothing is stored.", run.pk)
        return
    FieldReading.objects.bulk_create(_row(run, field) for field in reading.fields)
    RuleVerdict.objects.bulk_create(
        RuleVerdict(
            run=run,
            rule=check.rule,
            verdict=check.verdict,
            reason=check.reason,
            return_code=check.return_code,
        )
        for check in reading.checks
    )
    if reading.quarter_turns:
        _turn_upright(run.submission, reading.quarter_turns)
    run_succeeded.send(sender=RecognitionRun, run=run)


def _turn_upright(submission: Submission, quarter_turns: int) -> None:
    """Turn the stored image as the reader did, clockwise: boxes are places in the upright image."""
    old = (submission.image.name, submission.thumbnail.name)
    storage = submission.image.storage
    with submission.image.open("rb") as file:
        image = Image.open(file, formats=["PNG", "JPEG"])
        upright = image.transpose(_CLOCKWISE[quarter_turns])
    suffix = PurePosixPath(old[0] or "").suffix
    page = encode(upright, suffix=suffix)
    submission.image.save(f"image{suffix}", ContentFile(page.data), save=False)
    submission.thumbnail.save("thumbnail.jpg", ContentFile(page.thumbnail), save=False)
    submission.width, submission.height = page.width, page.height
    submission.save(update_fields=("image", "thumbnail", "width", "height"))
    for name in filter(None, old):
        transaction.on_commit(partial(storage.delete, name))


def _row(run: RecognitionRun, field: types.FieldReading) -> FieldReading:
    value = field.value or ""
    is_amount = field.name in {types.FieldName.COURTESY_AMOUNT, types.FieldName.LEGAL_AMOUNT}
    is_date = field.name == types.FieldName.DATE
    return FieldReading(
        run=run,
        name=field.name,
        value=value,
        raw_text=field.raw_text,
        amount=Decimal(value) if value and is_amount else None,
        date=dt.date.fromisoformat(value) if value and is_date else None,
        confidence=round(field.confidence, 4),
        is_accepted=field.accepted,
        box=serialise.box_as_dict(field.box),
        characters=[serialise.character_as_dict(character) for character in field.characters],
        alternatives=[serialise.candidate_as_dict(candidate) for candidate in field.alternatives],
        notes=list(field.notes),
    )
