"""Where a bank wants to be told, and each message that goes there."""

import secrets
import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What can be told."""

    READ = "submission.read", _("a submission was read")
    DECIDED = "item.decided", _("an item was approved or rejected")
    DONE = "batch.done", _("a batch was closed")
    TEST = "test", _("a test")


CHOSEN = tuple(choice for choice in Event.choices if choice[0] != Event.TEST)


class State(models.TextChoices):
    """Where a delivery stands."""

    PENDING = "pending", _("to be sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("given up")
    DROPPED = "dropped", _("dropped by a moderator")


def new_salt() -> str:
    """Return what a new secret is derived from."""
    return secrets.token_hex(16)


class Endpoint(models.Model):
    """An address of a bank. Its signing secret is derived, see ``signing``; it is not stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bank = models.CharField(_("bank"), max_length=120)
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    is_active = models.BooleanField(_("switched on"), default=True)
    failing_since = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ("created_at", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(bank=""), name="webhook_belongs_to_a_bank"),
        )

    def __str__(self) -> str:
        return self.url


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Reads of deliveries."""

    def due(self) -> Self:
        """Keep what is to be sent by now."""
        return self.filter(
            state=State.PENDING, next_attempt_at__lte=timezone.now(), endpoint__is_active=True
        ).order_by("next_attempt_at")


class Delivery(models.Model):
    """One message to one endpoint, stored with what it tells of and sent afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    subject = models.UUIDField(help_text=_("Whatever it tells of: it is told once."))
    body = models.TextField()
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_code = models.PositiveSmallIntegerField(_("last answer"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(
                fields=("next_attempt_at",),
                condition=Q(state=State.PENDING),
                name="webhooks_to_be_sent",
            ),
            models.Index(fields=("endpoint", "-created_at"), name="webhooks_of_an_endpoint"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("endpoint", "event", "subject"), name="webhook_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="webhook_state_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
