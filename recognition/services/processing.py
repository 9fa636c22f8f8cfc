"""What workers do with a run: claim it, read, and store exactly one outcome.

No transaction is open while reading. An outcome is stored only while the claim still holds the run,
so a worker that was given up for lost changes nothing, however late it comes.
"""

import base64
import hashlib
import json
import logging
import uuid
from functools import partial

import numpy as np
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone
from redis import Redis

from recognition import readers
from recognition.engine import types
from recognition.engine.errors import EngineError
from recognition.engine.serialise import lie_as_dict
from recognition.models import RecognitionRun, RunState, WorkerSign
from recognition.services import duplicates, parts, storing

logger = logging.getLogger(__name__)

ANSWER_KEPT_SECONDS = 30  # nobody waits so long for scores


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
        _read_and_store(run, claim)
    except storing.TakenBack:
        logger.warning("Run %s was taken back from this worker: nothing is stored.", run_id)
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


def _read_and_store(run: RecognitionRun, claim: uuid.UUID) -> None:
    """Read and store. Once the figures are in, nothing that befalls the words takes them away."""
    with run.submission.as_taken_in.open("rb") as file:
        data = file.read()
    kind = types.Kind(run.submission.kind)
    reader, today = readers.get_reader(), timezone.localdate()
    is_item = kind in {types.Kind.CHEQUE, types.Kind.DEMAND_DRAFT}
    bank = duplicates.bank_of(run.submission.owner) if is_item else None
    circumstances = readers.current_circumstances(bank)
    at = parts.place_of(run.submission)
    sealed = {"today": today.isoformat()} | ({} if at is None else {"at": lie_as_dict(at)})
    # Before reading: what comes out is sealed with what went in.
    RecognitionRun.objects.held(run.pk, claim).update(
        image_sha256=hashlib.sha256(data).hexdigest(),
        circumstances=circumstances | sealed,
    )
    terms = readers.terms_of(circumstances)
    figures_are_in = partial(storing.store_figures, run, claim)
    try:
        reading = reader.read(
            data, kind, today=today, terms=terms, on_figures=figures_are_in, at=at
        )
        storing.store(run, claim, reading)
    except Exception:
        if run.figures_at is None:
            raise
        logger.exception("The amount in words of run %s could not be read.", run.pk)
        storing.end_with_figures(run, claim)


def _fail(run: RecognitionRun, claim: uuid.UUID, code: str, message: str) -> None:
    RecognitionRun.objects.held(run.pk, claim).update(
        state=RunState.FAILED,
        finished_at=timezone.now(),
        error_code=code,
        error_message=message[:300],
    )
