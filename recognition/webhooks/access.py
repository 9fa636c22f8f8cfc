"""Whose endpoints are whose: checkers answer for their bank; another bank's do not exist."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Role, User
from recognition.desk import access as desk
from recognition.webhooks.models import Delivery, Endpoint


def bank_for(person: User) -> str:
    """Return the bank a person manages endpoints of, or raise ``PermissionDenied``."""
    bank = desk.bank_of(person) if person.role == Role.CHECKER else ""
    if not bank:
        raise PermissionDenied
    return bank


def endpoints_of(person: User) -> QuerySet[Endpoint]:
    """Return the endpoints of this person's bank."""
    return Endpoint.objects.filter(bank=bank_for(person))


def endpoint_for(person: User, endpoint_id: uuid.UUID) -> Endpoint:
    """Return an endpoint of this person's bank, or raise ``Http404``."""
    return get_object_or_404(endpoints_of(person), pk=endpoint_id)


def delivery_for(person: User, delivery_id: uuid.UUID) -> Delivery:
    """Return a delivery to this person's bank, or raise ``Http404``."""
    deliveries = Delivery.objects.filter(endpoint__bank=bank_for(person))
    return get_object_or_404(deliveries, pk=delivery_id)
