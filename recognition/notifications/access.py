"""Whose notices are whose: another person's do not exist, not even for moderators."""

import uuid

from django.shortcuts import get_object_or_404

from accounts.models import User
from recognition.notifications.models import Notice, NoticeQuerySet, Wish


def notices_of(person: User) -> NoticeQuerySet:
    """Return what this person was told of, the latest first, with what it is about."""
    return Notice.objects.of(person).select_related("batch")


def notice_for(person: User, notice_id: uuid.UUID) -> Notice:
    """Return one of this person's notices, or raise ``Http404``."""
    return get_object_or_404(Notice.objects.of(person), pk=notice_id)


def wish_of(person: User) -> Wish:
    """Return what this person wishes, or the default, which is not stored."""
    return Wish.objects.filter(person=person).first() or Wish(person=person)
