"""Celery's entry points of batches: an id in, one call. Each may run twice, harmlessly."""

import uuid

from celery import shared_task

from recognition.batches.services import unpacking


@shared_task(autoretry_for=(OSError,), retry_backoff=2, retry_backoff_max=30, max_retries=2)
def unpack(batch_id: str) -> None:
    """Take in what a batch has received, for some seconds."""
    unpacking.unpack(uuid.UUID(batch_id))


@shared_task
def sweep() -> None:
    """Bring batches on their way again whose message was lost."""
    unpacking.sweep()
