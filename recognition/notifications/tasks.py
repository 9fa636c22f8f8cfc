"""Celery's entry points of notifications. Each may run twice, harmlessly."""

from celery import shared_task

from recognition.notifications.services import mailing, watching


@shared_task
def tell() -> None:
    """Look for what is new, and mail it to whoever wants to hear of each."""
    watching.watch()
    mailing.send_each()


@shared_task
def send_digests() -> None:
    """Mail the day's notices to whoever wants them together."""
    mailing.send_digests()
