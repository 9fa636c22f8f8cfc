"""Who may see and do what. Another person's object does not exist: it is a 404, never a 403."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from accounts.models import User
from recognition.models import FieldReading, Kind, RuleVerdict, Submission

OPEN_KINDS = (Kind.DIGIT, Kind.NUMBER)


def person(request: HttpRequest | Request) -> User:
    """Return who asks, where the way in has made sure that it is somebody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def kinds_for(user: User) -> tuple[Kind, ...]:
    """Return what this person may submit: digits and numbers; bank staff everything."""
    return tuple(Kind) if user.is_bank_staff else OPEN_KINDS


def can_submit(user: User, kind: str) -> bool:
    """Tell whether this person may submit items of this kind."""
    return kind in kinds_for(user)


def submission_for(user: User, submission_id: uuid.UUID) -> Submission:
    """Return a submission with its latest run, readings and corrections.

    Raises:
        Http404: there is none, or it is not for this person.
    """
    visible = Submission.objects.visible_to(user).with_outcome()
    return get_object_or_404(
        visible.select_related("owner", "latest_run").prefetch_related(
            Prefetch("latest_run__verdicts", RuleVerdict.objects.for_person(user))
        ),
        pk=submission_id,
    )


def reading_for(user: User, submission_id: uuid.UUID, name: str) -> FieldReading:
    """Return one field of the latest run of a submission, or raise ``Http404``."""
    return reading_of(submission_for(user, submission_id), name)


def reading_of(submission: Submission, name: str) -> FieldReading:
    """Return one field of the latest run, or raise ``Http404`` where there is none."""
    readings = () if submission.latest_run is None else submission.latest_run.readings.all()
    for reading in readings:
        if reading.name == name:
            return reading
    raise Http404
