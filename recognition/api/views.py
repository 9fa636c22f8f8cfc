"""The API's endpoints: parse, call one service, answer."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from recognition import access, images
from recognition.api import serializers
from recognition.api.errors import ApiError, error_body
from recognition.api.pagination import LongPages
from recognition.api.waiting import preferred_wait, wait_until_read
from recognition.filters import SubmissionFilter
from recognition.models import IdempotentAnswer, Submission
from recognition.services import idempotency, intake, queue, review
from recognition.services.looking import note_look, note_unmasked

PREFER = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description="wait=N: up to N (30) seconds for the result",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER,
    description="a name for this request: sent again, it is answered but not carried out again",
)  # fmt: skip
ERRORS = dict.fromkeys(
    ("400", "401", "403", "404", "409", "422", "429"), serializers.ErrorSerializer
)
STATUS_OF_REFUSAL = {"file_too_large": 413, "storage_full": 413, "unsupported_type": 415}
MAX_KEY = 120  # characters, as the column


@extend_schema_view(
    get=extend_schema(
        operation_id="list_submissions", responses=serializers.SubmissionSerializer(many=True)
    )
)
class SubmissionsView(ListAPIView[Submission]):
    """Your submissions, and new ones."""

    serializer_class = serializers.SubmissionSerializer
    filterset_class = SubmissionFilter
    pagination_class = LongPages
    parser_classes = (MultiPartParser, FormParser)

    def get_queryset(self) -> QuerySet[Submission]:
        """Return the caller's own, with what the list shows."""
        if getattr(self, "swagger_fake_view", False):
            return Submission.objects.none()
        return Submission.objects.history_of(access.person(self.request)).with_outcome()

    def get_throttles(self) -> list[BaseThrottle]:
        """Submitting costs more than looking."""
        self.throttle_scope = "submit" if self.request.method == "POST" else None
        return super().get_throttles()

    @extend_schema(
        operation_id="submit",
        request={"multipart/form-data": serializers.SubmitSerializer},
        parameters=[PREFER, IDEMPOTENCY_KEY],
        responses={"200": serializers.OutcomesSerializer, "202": serializers.OutcomesSerializer}
        | ERRORS
        | {"413": serializers.OutcomesSerializer, "415": serializers.OutcomesSerializer},
    )
    def post(self, request: Request) -> Response:
        """Submit one or several files. Each page of each file has an outcome of its own."""
        form = serializers.SubmitSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        if not access.can_submit(access.person(request), asked["kind"]):
            message = _("Only bank officials can submit cheques and demand drafts.")
            raise ApiError(status.HTTP_403_FORBIDDEN, "kind_not_allowed", message)
        return once(request, _fingerprint(asked), lambda: _submit(request, asked))


class SubmissionView(APIView):
    """One submission."""

    @extend_schema(
        operation_id="get_submission",
        responses={"200": serializers.SubmissionDetailSerializer} | ERRORS,
    )
    def get(self, request: Request, submission_id: uuid.UUID) -> Response:
        """Return it with all that was read."""
        found = access.submission_for(access.person(request), submission_id)
        return Response(_in_full(request, found))

    @extend_schema(operation_id="delete_submission", responses={"204": None} | ERRORS)
    def delete(self, request: Request, submission_id: uuid.UUID) -> Response:
        """Delete it. Its image is purged after the retention time."""
        found = access.submission_for(access.person(request), submission_id)
        try:
            intake.delete(found, by=access.person(request))
        except intake.WrongState as refusal:
            raise ApiError(status.HTTP_409_CONFLICT, refusal.code, refusal.message) from refusal
        return Response(status=status.HTTP_204_NO_CONTENT)


class ResultView(APIView):
    """The result of a submission."""

    @extend_schema(
        operation_id="get_result",
        parameters=[PREFER],
        responses={
            "200": serializers.SubmissionDetailSerializer,
            "202": serializers.SubmissionDetailSerializer,
        }
        | ERRORS,
    )
    def get(self, request: Request, submission_id: uuid.UUID) -> Response:
        """Answer 200 when the latest run is over, 202 while it is not."""
        found = access.submission_for(access.person(request), submission_id)
        return _answer_read(request, found)


class RerunView(APIView):
    """Another run."""

    throttle_scope = "submit"

    @extend_schema(
        operation_id="rerun",
        request=None,
        parameters=[PREFER],
        responses={
            "200": serializers.SubmissionDetailSerializer,
            "202": serializers.SubmissionDetailSerializer,
        }
        | ERRORS,
    )
    def post(self, request: Request, submission_id: uuid.UUID) -> Response:
        """Read it once more."""
        found = access.submission_for(access.person(request), submission_id)
        try:
            intake.rerun(found, by=access.person(request))
        except intake.WrongState as refusal:
            raise ApiError(status.HTTP_409_CONFLICT, refusal.code, refusal.message) from refusal
        return _answer_read(request, found)


class CancelView(APIView):
    """The end of what has not begun."""

    @extend_schema(
        operation_id="cancel",
        request=None,
        responses={"200": serializers.SubmissionDetailSerializer} | ERRORS,
    )
    def post(self, request: Request, submission_id: uuid.UUID) -> Response:
        """Cancel what still waits; what is being read can't be."""
        found = access.submission_for(access.person(request), submission_id)
        try:
            intake.cancel(found)
        except intake.WrongState as refusal:
            raise ApiError(status.HTTP_409_CONFLICT, refusal.code, refusal.message) from refusal
        return Response(serializers.SubmissionDetailSerializer(found).data)


class CorrectionsView(APIView):
    """What people say about what was read."""

    @extend_schema(
        operation_id="correct",
        request=serializers.CorrectSerializer,
        responses={"201": serializers.FieldSerializer} | ERRORS,
    )
    def post(self, request: Request, submission_id: uuid.UUID) -> Response:
        """Say what a field really holds. What the machine read stays as it is."""
        person = access.person(request)
        found = access.submission_for(person, submission_id)
        form = serializers.CorrectSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        reading = access.reading_of(found, form.validated_data["field"])
        try:
            review.correct(reading, form.validated_data["value"], person)
        except review.InvalidValue as error:
            raise ApiError(status.HTTP_400_BAD_REQUEST, error.code, error.message) from error
        except intake.WrongState as refusal:
            raise ApiError(status.HTTP_409_CONFLICT, refusal.code, refusal.message) from refusal
        note_unmasked(found, person)
        reading = access.reading_for(person, submission_id, reading.name)
        context = {"submission_id": submission_id}
        body = serializers.FieldSerializer(reading, context=context).data
        return Response(body, status=status.HTTP_201_CREATED)


class ImageResponseView(APIView):
    """An answer that is an image, whatever the request would accept."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 - DRF's
        """Let errors be JSON even for callers that would only take an image."""
        return super().perform_content_negotiation(request, force=True)


_IMAGE = {("200", "image/*"): OpenApiTypes.BINARY} | ERRORS


class ImageView(ImageResponseView):
    """The image of a submission."""

    @extend_schema(operation_id="get_image", responses=_IMAGE)
    def get(self, request: Request, submission_id: uuid.UUID) -> HttpResponseBase:
        """Return the image that was read, as PNG or JPEG."""
        found = access.submission_for(access.person(request), submission_id)
        note_look(found, access.person(request))
        return images.image_response(found)


class OriginalView(ImageResponseView):
    """What was sent."""

    @extend_schema(operation_id="get_original", responses=_IMAGE)
    def get(self, request: Request, submission_id: uuid.UUID) -> HttpResponseBase:
        """Return the photograph or page that the image was flattened or cut out of, if it was."""
        found = access.submission_for(access.person(request), submission_id)
        note_look(found, access.person(request))
        return images.original_response(found)


class ThumbnailView(ImageResponseView):
    """A small image of a submission."""

    @extend_schema(operation_id="get_thumbnail", responses=_IMAGE)
    def get(self, request: Request, submission_id: uuid.UUID) -> HttpResponseBase:
        """Return a JPEG of at most 320 pixels on its longer side."""
        found = access.submission_for(access.person(request), submission_id)
        return images.thumbnail_response(found)


class SnippetView(ImageResponseView):
    """The image of one field."""

    @extend_schema(operation_id="get_snippet", responses=_IMAGE)
    def get(self, request: Request, submission_id: uuid.UUID, name: str) -> HttpResponseBase:
        """Return the part of the image that the field was read from, as PNG."""
        found = access.submission_for(access.person(request), submission_id)
        note_look(found, access.person(request))
        return images.snippet_response(found, access.reading_of(found, name))


class QueueView(APIView):
    """The queue."""

    @extend_schema(
        operation_id="get_queue", responses={"200": serializers.QueueStateSerializer} | ERRORS
    )
    def get(self, _request: Request) -> Response:
        """Tell how many runs wait, for how long, and whether workers answer."""
        state = queue.queue_state()
        oldest = state.oldest_waiting
        body = {
            "waiting": state.waiting,
            "running": state.running,
            "oldest_waiting_seconds": None if oldest is None else oldest.total_seconds(),
            "last_sign": state.last_sign,
            "is_answered": state.is_answered,
        }
        return Response(serializers.QueueStateSerializer(body).data)


def once(request: Request, fingerprint: str, carry_out: Callable[[], Response]) -> Response:
    """Carry a request out, or repeat the answer where its ``Idempotency-Key`` was seen."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return carry_out()
    if len(key) > MAX_KEY:
        message = _("An Idempotency-Key has at most %d characters.") % MAX_KEY
        raise ApiError(status.HTTP_400_BAD_REQUEST, "key_too_long", message)
    try:
        answer = idempotency.begin(owner=access.person(request), key=key, fingerprint=fingerprint)
    except idempotency.KeyReused as error:
        message = _("This Idempotency-Key was used for another request.")
        raise ApiError(
            status.HTTP_422_UNPROCESSABLE_ENTITY, "idempotency_key_reused", message
        ) from error
    except idempotency.StillAtWork as error:
        message = _("The first request with this Idempotency-Key is still at work.")
        raise ApiError(status.HTTP_409_CONFLICT, "still_at_work", message) from error
    if answer.status is not None:
        return _repeat(answer)
    try:
        response = carry_out()
    except BaseException:
        idempotency.abandon(answer)
        raise
    location = response.headers.get("Location", "")
    idempotency.finish(answer, status=response.status_code, body=response.data, location=location)
    return response


def _repeat(answer: IdempotentAnswer) -> Response:
    headers = {"Idempotent-Replayed": "true"}
    if answer.location:
        headers["Location"] = answer.location
    return Response(answer.body, status=answer.status, headers=headers)


def _fingerprint(asked: dict[str, Any]) -> str:
    digest = hashlib.sha256(f"{asked['kind']} {asked['source']} {asked['again']}".encode())
    for file in asked["file"]:
        digest.update(hashlib.sha256(file.read()).digest())
        file.seek(0)
    return digest.hexdigest()


def _submit(request: Request, asked: dict[str, Any]) -> Response:
    outcomes = intake.submit(
        owner=access.person(request),
        uploads=asked["file"],
        kind=asked["kind"],
        source=asked["source"],
        again=asked["again"],
    )
    taken = [outcome.submission for outcome in outcomes if outcome.submission is not None]
    if not taken:
        return _refused(outcomes)
    runs = [one.latest_run_id for one in taken if one.latest_run_id is not None]
    is_read = wait_until_read(runs, preferred_wait(request))
    fresh = _fresh(outcomes, taken)
    for submission in filter(None, (one["submission"] for one in fresh)):
        note_unmasked(submission, access.person(request))
    body = {"outcomes": fresh}
    code = status.HTTP_200_OK if is_read else status.HTTP_202_ACCEPTED
    headers = {"Location": _location(taken)}
    return Response(serializers.OutcomesSerializer(body).data, status=code, headers=headers)


def _fresh(outcomes: Sequence[intake.Outcome], taken: Sequence[Submission]) -> list[dict[str, Any]]:
    """Return the outcomes with their submissions as they stand now."""
    now = Submission.objects.filter(pk__in=[one.pk for one in taken]).with_outcome()
    by_id = {one.pk: one for one in now}
    return [
        {
            "file_name": outcome.file_name,
            "page": outcome.page,
            "status": outcome.status,
            "submission": by_id.get(outcome.submission.pk) if outcome.submission else None,
            "refusal": outcome.refusal,
        }
        for outcome in outcomes
    ]


def _refused(outcomes: Sequence[intake.Outcome]) -> Response:
    refusals = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    body = {
        "outcomes": _fresh(outcomes, []),
        "error": error_body(refusals[0].code, refusals[0].message)["error"],
    }
    code = STATUS_OF_REFUSAL.get(refusals[0].code, status.HTTP_400_BAD_REQUEST)
    return Response(serializers.OutcomesSerializer(body).data, status=code)


def _location(taken: Sequence[Submission]) -> str:
    if len(taken) == 1:
        return reverse("api:submission", args=[taken[0].pk])
    return f"{reverse('api:submissions')}?ids={','.join(str(one.pk) for one in taken)}"


def _in_full(request: Request, found: Submission) -> dict[str, Any]:
    """Return all of an item, and note that somebody was told it."""
    note_unmasked(found, access.person(request))
    return serializers.SubmissionDetailSerializer(found).data


def _answer_read(request: Request, found: Submission) -> Response:
    runs = [found.latest_run_id] if found.latest_run_id else []
    is_read = wait_until_read(runs, preferred_wait(request))
    found = access.submission_for(access.person(request), found.pk)
    body = _in_full(request, found)
    if is_read:
        return Response(body)
    headers = {"Location": reverse("api:result", args=[found.pk]), "Retry-After": "1"}
    return Response(body, status=status.HTTP_202_ACCEPTED, headers=headers)
