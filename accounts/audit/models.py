"""Rows that are only ever added, each sealed with the one before it.

No row names a person: ``actor`` is the id of an account, whose name and address stand in the
account alone. So an account can be erased, and the chain stays as it was.
"""

from typing import Any, Never

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audit.codes import EventCode


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what was done."""


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of events; the database refuses the rest too."""

    def update(self, **_fields: Any) -> Never:
        """Refuse."""
        raise AppendOnlyError

    def delete(self) -> Never:
        """Refuse."""
        raise AppendOnlyError

    def about(self, subject: models.Model) -> "EventQuerySet":
        """Keep what happened to this object."""
        kind = subject._meta.label_lower  # noqa: SLF001 - Django's public API
        return self.filter(subject_type=kind, subject_id=str(subject.pk))


class Event(models.Model):
    """One thing that was done. ``accounts.audit.services.record`` is the way to write one."""

    sequence = models.PositiveBigIntegerField(_("number"), primary_key=True)
    made_at = models.DateTimeField(_("when"), db_index=True)
    actor = models.UUIDField(
        _("by"), null=True, help_text=_("The account's id; empty: the site itself, or a stranger.")
    )
    code = models.CharField(_("what"), max_length=40, db_index=True)
    subject_type = models.CharField(_("kind of object"), max_length=60, blank=True)
    subject_id = models.CharField(_("object"), max_length=60, blank=True)
    details = models.JSONField(_("details"), default=dict)
    scheme = models.CharField(
        _("sealed by"), max_length=32, help_text=_("The hash function, and which key where keyed.")
    )
    previous = models.CharField(_("seal before"), max_length=64)
    hash = models.CharField(_("seal"), max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-sequence",)
        indexes = (
            models.Index(fields=("subject_type", "subject_id"), name="events_of_a_subject"),
            models.Index(fields=("actor", "-sequence"), name="events_of_an_actor"),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.code}"

    def save(self, **kwargs: Any) -> None:
        """Store a new row; refuse to store one again.

        Raises:
            AppendOnlyError: it is stored already.
        """
        if not self._state.adding:
            raise AppendOnlyError
        super().save(**kwargs | {"force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> Never:
        """Refuse."""
        raise AppendOnlyError

    @property
    def label(self) -> str:
        """Say what happened, in the reader's language."""
        return str(EventCode(self.code).label) if self.code in EventCode else self.code


class ChainHead(models.Model):
    """The last link. One row: who adds an event locks it, so that two never follow the same one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_chain_head"),
        )

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"
