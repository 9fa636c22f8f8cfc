"""Ask the workers to take in what a batch has received."""

import logging
import uuid

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

UNPACK = "recognition.batches.tasks.unpack"


def send(batch_id: uuid.UUID) -> None:
    """Send the message; where Redis is away, the sweeper will."""
    try:
        current_app.send_task(UNPACK, args=[str(batch_id)], queue="upkeep")
    except OperationalError as error:
        logger.warning("Redis is away (%s); the sweeper will send what waits.", error)
