"""Score many images of digits at once: the workers compute, the caller waits.

The answer comes back over Redis and is kept nowhere: nothing is submitted, nothing is stored.
"""

import base64
import json
import uuid
from dataclasses import dataclass

import numpy as np
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from numpy.typing import NDArray
from redis import Redis, RedisError

from recognition.services.queue import queue_state

SCORE = "recognition.tasks.score"
WAIT_SECONDS = 10


class NobodyAnswersError(Exception):
    """No worker computed the scores in time."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The answer: ``probabilities`` is (n, 11): the digits 0 to 9, and none."""

    probabilities: NDArray[np.float32]
    version: str


def score(images: NDArray[np.uint8]) -> Scores:
    """Score (n, height, width) images, of either polarity.

    Raises:
        NobodyAnswersError: as it says; to be tried again.
    """
    if not queue_state().is_answered:
        raise NobodyAnswersError
    answer_to = f"hdr:score:{uuid.uuid4()}"
    packed = base64.b64encode(np.ascontiguousarray(images).tobytes()).decode()
    try:
        current_app.send_task(
            SCORE, args=[answer_to, list(images.shape), packed], expires=WAIT_SECONDS
        )
        with Redis.from_url(settings.REDIS_URL) as redis:
            answer = redis.blpop([answer_to], timeout=WAIT_SECONDS)
    except (OperationalError, RedisError) as error:
        raise NobodyAnswersError from error
    if not answer:
        raise NobodyAnswersError
    told = json.loads(answer[1])
    return Scores(np.asarray(told["probabilities"], np.float32), told["version"])
