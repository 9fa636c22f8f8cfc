"""The API of batches: parse, call one service, answer."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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

from recognition import access as people
from recognition.api.errors import ApiError
from recognition.api.views import ERRORS, IDEMPOTENCY_KEY, once
from recognition.batches import access
from recognition.batches.api import serializers
from recognition.batches.downloads import FILES, file_response
from recognition.batches.models import Batch, BatchItem
from recognition.batches.services import control, figures, intake
from recognition.batches.upload_handlers import BatchFileUploadHandler, is_too_large
from recognition.models import Source
from recognition.services.intake import WrongState

_DETAIL = {"200": serializers.BatchDetailSerializer} | ERRORS


class TakesFiles(APIView):
    """A view whose body may be as large as a batch."""

    parser_classes = (MultiPartParser, FormParser)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Put the handlers in place before anything reads the body."""
        request.upload_handlers = [BatchFileUploadHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    def get_throttles(self) -> list[BaseThrottle]:
        """Submitting costs more than looking."""
        self.throttle_scope = "submit" if self.request.method == "POST" else None
        return super().get_throttles()

    def parsed(self, request: Request, form: type[Any]) -> Any:
        """Return the valid form, or refuse."""
        given = form(data=request.data)
        if is_too_large(request._request):  # noqa: SLF001 - DRF's name for Django's request
            limit = settings.BATCH_MAX_BYTES // 2**20
            message = _("The files are larger than %d MB together: send them in several batches.")
            raise ApiError(
                status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "batch_too_large", message % limit
            )
        given.is_valid(raise_exception=True)
        return given


@extend_schema_view(
    get=extend_schema(operation_id="list_batches", responses=serializers.BatchSerializer(many=True))
)
class BatchesView(TakesFiles, ListAPIView[Batch]):
    """Your batches, and new ones."""

    serializer_class = serializers.BatchSerializer

    def get_queryset(self) -> QuerySet[Batch]:
        """Return the caller's own; a moderator's are all."""
        if getattr(self, "swagger_fake_view", False):
            return Batch.objects.none()
        visible = Batch.objects.visible_to(people.person(self.request))
        return visible.with_stage().with_counts()

    @extend_schema(
        operation_id="submit_batch",
        request={"multipart/form-data": serializers.NewBatchSerializer},
        parameters=[IDEMPOTENCY_KEY],
        responses={"202": serializers.BatchDetailSerializer} | ERRORS,
    )
    def post(self, request: Request) -> Response:
        """Hand in a batch. Workers take its files in; each becomes one item or several."""
        person = people.person(request)
        if not person.is_bank_staff:
            message = _("Batches are for bank officials.")
            raise ApiError(status.HTTP_403_FORBIDDEN, "kind_not_allowed", message)
        form = self.parsed(request, serializers.NewBatchSerializer)
        return once(request, _fingerprint(form), lambda: _create(request, form))


class BatchView(APIView):
    """One batch."""

    @extend_schema(operation_id="get_batch", responses=_DETAIL)
    def get(self, request: Request, batch_id: uuid.UUID) -> Response:
        """Return it with its progress and totals."""
        return _answer(request, batch_id)

    @extend_schema(
        operation_id="set_batch_control", request=serializers.ControlSerializer, responses=_DETAIL
    )
    def patch(self, request: Request, batch_id: uuid.UUID) -> Response:
        """Enter the control total and the number of items; what is not named stays."""
        found = access.batch_for(people.person(request), batch_id)
        form = serializers.ControlSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        stands = {"control_total": found.control_total, "control_count": found.control_count}
        said = stands | form.validated_data
        entered = intake.Control(said["control_total"], said["control_count"])
        _carry_out(lambda: control.set_control(found, entered, by=people.person(request)))
        return _answer(request, batch_id)


class BatchFilesView(TakesFiles):
    """More files of a batch."""

    @extend_schema(
        operation_id="add_batch_files",
        request={"multipart/form-data": serializers.FilesSerializer},
        responses={"202": serializers.BatchDetailSerializer} | ERRORS,
    )
    def post(self, request: Request, batch_id: uuid.UUID) -> Response:
        """Add files; workers take them in."""
        found = access.batch_for(people.person(request), batch_id)
        form = self.parsed(request, serializers.FilesSerializer)
        _carry_out(lambda: intake.add_files(found, form.validated_data["file"]))
        return _answer(request, batch_id, status.HTTP_202_ACCEPTED)


class BatchFileView(APIView):
    """Reports and exports."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 - DRF's
        """Let errors be JSON even for callers that would only take the file."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="get_batch_file",
        parameters=[OpenApiParameter("file_name", str, OpenApiParameter.PATH, enum=list(FILES))],
        responses={("200", "application/octet-stream"): OpenApiTypes.BINARY} | ERRORS,
    )
    def get(self, request: Request, batch_id: uuid.UUID, file_name: str) -> HttpResponse:
        """Return the report (PDF, XLSX) or the items (CSV, XLSX, JSON)."""
        person = people.person(request)
        return file_response(access.batch_for(person, batch_id), file_name, by=person)


@extend_schema_view(
    get=extend_schema(
        operation_id="list_batch_items", responses=serializers.BatchItemSerializer(many=True)
    )
)
class BatchItemsView(ListAPIView[BatchItem]):
    """The items of a batch, in their order."""

    serializer_class = serializers.BatchItemSerializer

    def get_queryset(self) -> QuerySet[BatchItem]:
        """Return the items with what was read."""
        if getattr(self, "swagger_fake_view", False):
            return BatchItem.objects.none()
        visible = Batch.objects.visible_to(people.person(self.request))
        items = BatchItem.objects.filter(batch=self.kwargs["batch_id"], batch__in=visible)
        return items.with_reading().annotate(is_settled=figures.settled())

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer 404 instead of nothing where there is no such batch."""
        response = super().list(request, *args, **kwargs)
        if not response.data["count"]:
            access.batch_for(people.person(request), kwargs["batch_id"])
        return response


class BatchItemView(APIView):
    """One item of a batch."""

    @extend_schema(operation_id="withdraw_batch_item", responses={"204": None} | ERRORS)
    def delete(self, request: Request, batch_id: uuid.UUID, position: int) -> Response:
        """Take the item out of the account of its batch; the submission stays."""
        found = access.batch_for(people.person(request), batch_id)
        item = access.item_of(found, position)
        _carry_out(lambda: control.withdraw(item, by=people.person(request)))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PauseView(APIView):
    """A pause."""

    @extend_schema(operation_id="pause_batch", request=None, responses=_DETAIL)
    def post(self, request: Request, batch_id: uuid.UUID) -> Response:
        """Start nothing of the batch any more."""
        person = people.person(request)
        found = access.batch_for(person, batch_id)
        _carry_out(lambda: control.pause(found, by=person))
        return _answer(request, batch_id)


class ResumeView(APIView):
    """The end of a pause."""

    @extend_schema(operation_id="resume_batch", request=None, responses=_DETAIL)
    def post(self, request: Request, batch_id: uuid.UUID) -> Response:
        """Go on where it was paused."""
        person = people.person(request)
        found = access.batch_for(person, batch_id)
        _carry_out(lambda: control.resume(found, by=person))
        return _answer(request, batch_id)


class CancelView(APIView):
    """The end of a batch that is given up."""

    @extend_schema(operation_id="cancel_batch", request=None, responses=_DETAIL)
    def post(self, request: Request, batch_id: uuid.UUID) -> Response:
        """Take in and read nothing more of it."""
        person = people.person(request)
        found = access.batch_for(person, batch_id)
        _carry_out(lambda: control.cancel(found, by=person))
        return _answer(request, batch_id)


class CloseView(APIView):
    """The end of a batch that is done."""

    @extend_schema(
        operation_id="close_batch", request=serializers.CloseSerializer, responses=_DETAIL
    )
    def post(self, request: Request, batch_id: uuid.UUID) -> Response:
        """Close it, once every item is settled; a difference needs a note."""
        person = people.person(request)
        found = access.batch_for(person, batch_id)
        form = serializers.CloseSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        note = form.validated_data["note"].strip()
        _carry_out(lambda: control.close(found, by=person, note=note))
        return _answer(request, batch_id)


def _create(request: Request, form: Any) -> Response:
    given = form.validated_data
    batch = intake.create(
        owner=people.person(request),
        name=given["name"],
        reference=given["reference"],
        kind=given["kind"],
        source=Source.API,
        control=form.control,
        uploads=given["file"],
    )
    return _answer(request, batch.pk, status.HTTP_202_ACCEPTED)


def _carry_out(action: Callable[[], None]) -> None:
    try:
        action()
    except WrongState as refusal:
        raise ApiError(status.HTTP_409_CONFLICT, refusal.code, refusal.message) from refusal


def _answer(request: Request, batch_id: uuid.UUID, code: int = status.HTTP_200_OK) -> Response:
    found = access.batch_for(people.person(request), batch_id)
    progress = figures.progress_of(found)
    shown = {
        "progress": progress,
        "totals": figures.totals_of(found),
        "item_count": progress.total - progress.coming,
    }
    for name, value in shown.items():
        setattr(found, name, value)
    headers = {"Location": reverse("batches_api:batch", args=[batch_id])}
    body = serializers.BatchDetailSerializer(found).data
    return Response(body, status=code, headers=headers if code != status.HTTP_200_OK else None)


def _fingerprint(form: Any) -> str:
    given = form.validated_data
    named = [given["name"], given["reference"], given["kind"], form.control]
    digest = hashlib.sha256(repr(named).encode())
    for file in given["file"]:
        digest.update(hashlib.file_digest(file, "sha256").digest())
        file.seek(0)
    return digest.hexdigest()
