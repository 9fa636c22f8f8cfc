"""Celery's entry point of webhooks. It may run twice, harmlessly."""

from celery import shared_task

from recognition.webhooks.services import sending


@shared_task
def send_due() -> None:
    """Send what was stored and is due."""
    sending.send_due()
