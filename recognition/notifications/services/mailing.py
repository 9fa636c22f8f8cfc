"""Mail what people were told of. A worker does it, so what is mailed is stored, and no page waits.

What is to be mailed is noted as mailed first: of two workers one sends it. Where the mail server is
away that is taken back, and the next round tries again.
"""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.utils import timezone

from accounts import notices
from accounts.models import User
from recognition.notifications.models import Mail, Notice

logger = logging.getLogger(__name__)

TRIED_FOR = timedelta(days=1)
DIGEST_COVERS = timedelta(
    days=3
)  # where the scheduler or the mail server was away for a day or two


def send_each() -> None:
    """Mail what is new to everybody who wants to hear of each; what came together, together."""
    _send(Mail.EACH, within=TRIED_FOR)


def send_digests() -> None:
    """Mail what came since the last time to everybody who wants one mail a day."""
    _send(Mail.DAILY, within=DIGEST_COVERS)


def _send(wish: Mail, *, within: timedelta) -> None:
    due = Notice.objects.due(wish, within=within)
    for person in User.objects.filter(pk__in=due.values("person")):
        ids = list(due.of(person).values_list("pk", flat=True))
        now = timezone.now()
        if not Notice.objects.filter(pk__in=ids, mailed_at=None).update(mailed_at=now):
            continue
        taken = Notice.objects.filter(pk__in=ids, mailed_at=now)
        context = {
            "notices": list(taken.select_related("batch")),
            "wish": wish,
            "site": settings.SITE_URL,
        }
        try:
            notices.mail(person.email, "notifications/email/notices", context)
        except SMTPRecipientsRefused:
            logger.warning("The notices of person %s are not taken by their server.", person.pk)
        except OSError:
            taken.update(mailed_at=None)
            logger.exception("Notices could not be mailed: the next round tries again.")
            return
