"""What moderators do about messages that nobody took: send them once more, or drop them."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.webhooks.models import Delivery, State
from recognition.webhooks.services import sending


class CannotSend(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """The message needs no sending, or there is nowhere to send it."""


@transaction.atomic
def requeue(delivery: Delivery, *, by: User) -> None:
    """Send a message again that was given up or dropped.

    Raises:
        CannotSend: it is on its way or there, or its endpoint is switched off.
    """
    found = _locked(delivery)
    if found.state in {State.PENDING, State.DELIVERED}:
        raise CannotSend(_("It is on its way, or there."))
    if not found.endpoint.is_active:
        raise CannotSend(_("Its endpoint is switched off."))
    sending.resend(found)
    record(EventCode.WEBHOOK_REQUEUED, actor=by, subject=found.endpoint, delivery=found.pk)


@transaction.atomic
def give_up(delivery: Delivery, *, by: User) -> None:
    """Drop a message: it is not sent, and waits for nobody.

    Raises:
        CannotSend: it is there, or was dropped already.
    """
    found = _locked(delivery)
    if found.state in {State.DELIVERED, State.DROPPED}:
        raise CannotSend(_("It is there, or was dropped already."))
    Delivery.objects.filter(pk=found.pk).update(state=State.DROPPED)
    record(EventCode.WEBHOOK_GIVEN_UP, actor=by, subject=found.endpoint, delivery=found.pk)


def _locked(delivery: Delivery) -> Delivery:
    deliveries = Delivery.objects.select_related("endpoint").select_for_update(of=("self",))
    return deliveries.get(pk=delivery.pk)
