"""What a person was told of, whether they have seen it, and how they want to hear of it."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from recognition.batches.models import Batch
from recognition.desk.models import Item

MOST_COUNTED = 99


class Topic(models.TextChoices):
    """What a notice is about."""

    WORK_WAITING = "work_waiting", gettext_lazy("work waits")
    BATCH_DONE = "batch_done", gettext_lazy("batch read")
    ITEM_RETURNED = "item_returned", gettext_lazy("item returned")
    APPLICATION_APPROVED = "approved", gettext_lazy("application approved")
    APPLICATION_REJECTED = "rejected", gettext_lazy("application turned down")


MAILED = (Topic.WORK_WAITING, Topic.BATCH_DONE, Topic.ITEM_RETURNED)
"""The rest is mailed at once by whoever decided, whatever a person wishes."""


class Mail(models.TextChoices):
    """Whether notices are mailed, too."""

    EACH = "each", gettext_lazy("At once")
    DAILY = "daily", gettext_lazy("Once a day, all together")
    OFF = "off", gettext_lazy("Never: I look here")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of notices."""

    def of(self, person: User) -> Self:
        """Keep those of one person."""
        return self.filter(person=person)

    def unread(self) -> Self:
        """Keep those that nobody has marked as read."""
        return self.filter(read_at=None)

    def due(self, wish: Mail, *, within: timedelta) -> Self:
        """Keep what is still to be mailed to people of this wish, and is not older than that.

        Whoever has read it in the page needs no mail of it.
        """
        wishes = Q(person__notice_wish__mail=wish)
        if wish == Mail.EACH:
            wishes |= Q(person__notice_wish=None)
        return self.unread().filter(
            wishes,
            topic__in=MAILED,
            mailed_at=None,
            made_at__gte=timezone.now() - within,
            person__is_active=True,
        )


class Notice(models.Model):
    """One thing that one person is told of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=16, choices=Topic.choices)
    count = models.PositiveSmallIntegerField(
        default=1, help_text=gettext_lazy("How many items it is about.")
    )
    batch = models.ForeignKey(Batch, models.CASCADE, null=True, related_name="notices")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="notices")
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("notification")
        verbose_name_plural = gettext_lazy("notifications")
        ordering = ("-made_at", "-id")
        indexes = (
            models.Index(fields=("person", "-made_at"), name="notices_of_a_person"),
            models.Index(fields=("person",), condition=Q(read_at=None), name="unread_notices"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(topic__in=Topic.values), name="notice_topic_is_known"
            ),
            models.CheckConstraint(
                condition=Q(topic=Topic.BATCH_DONE, batch__isnull=False)
                | ~Q(topic=Topic.BATCH_DONE) & Q(batch__isnull=True),
                name="notice_batch_if_and_only_if_about_one",
            ),
            models.CheckConstraint(
                condition=Q(topic=Topic.ITEM_RETURNED, item__isnull=False)
                | ~Q(topic=Topic.ITEM_RETURNED) & Q(item__isnull=True),
                name="notice_item_if_and_only_if_about_one",
            ),
            models.UniqueConstraint(fields=("batch",), name="one_notice_a_batch"),
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(topic=Topic.WORK_WAITING, read_at=None),
                name="one_unread_notice_of_work_a_person",
            ),
        )

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Return where one sees to it."""
        if self.topic == Topic.WORK_WAITING:
            return reverse("desk:queue")
        if self.topic == Topic.BATCH_DONE:
            return reverse("batch", args=[self.batch_id])
        if self.topic == Topic.ITEM_RETURNED:
            return reverse("desk:item", args=[self.item_id])
        return reverse("official_application")

    @property
    def text(self) -> str:
        """What the person is told. Nothing of what was read: it is mailed, too."""
        if self.topic == Topic.WORK_WAITING:
            if self.count > MOST_COUNTED:
                return _("More than %(most)d items wait for you.") % {"most": MOST_COUNTED}
            waiting = ngettext(
                "%(count)d item waits for you.", "%(count)d items wait for you.", self.count
            )
            return waiting % {"count": self.count}
        if self.batch is not None:
            read = ngettext(
                "The batch “%(name)s” is read: %(count)d item.",
                "The batch “%(name)s” is read: %(count)d items.",
                self.count,
            )
            return read % {"name": self.batch.name, "count": self.count}
        if self.topic == Topic.ITEM_RETURNED:
            return _("An item that you keyed came back to you.")
        if self.topic == Topic.APPLICATION_APPROVED:
            return _("Your application as a bank official was approved.")
        return _("Your application as a bank official was not approved.")


class Wish(models.Model):
    """How one person wants to hear of things; whoever has none hears of each by e-mail."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_wish"
    )
    mail = models.CharField(
        gettext_lazy("By e-mail"), max_length=5, choices=Mail.choices, default=Mail.EACH
    )

    class Meta:
        verbose_name = gettext_lazy("wish about notifications")
        verbose_name_plural = gettext_lazy("wishes about notifications")
        constraints = (
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="mail_wish_is_known"),
        )

    def __str__(self) -> str:
        return self.get_mail_display()
