"""The desk's endpoints: parse, call one service, answer."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from recognition import images
from recognition.access import person
from recognition.api.errors import ApiError
from recognition.api.serializers import ErrorSerializer
from recognition.api.views import ImageResponseView
from recognition.desk import access
from recognition.desk.api import serializers
from recognition.desk.errors import DeskError
from recognition.desk.models import Item, Verdict
from recognition.desk.presenting import put_on_desk
from recognition.desk.services import claims
from recognition.desk.services.keys import Answer, give_key

ERRORS = dict.fromkeys(("400", "401", "403", "404", "409", "429"), ErrorSerializer)
_HELD = {"200": serializers.HeldItemSerializer} | ERRORS
_IMAGE = {("200", "image/*"): OpenApiTypes.BINARY} | ERRORS


@extend_schema_view(
    get=extend_schema(operation_id="list_desk", responses=serializers.ItemSerializer(many=True))
)
class DeskView(ListAPIView[Item]):
    """What waits for you, the most pressing first."""

    serializer_class = serializers.ItemSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Item]:
        """Return what the caller could decide on."""
        if getattr(self, "swagger_fake_view", False):
            return Item.objects.none()
        return access.queue_of(person(self.request)).select_related("submission")

    def get_serializer_context(self) -> dict[str, Any]:
        """Say who asks."""
        return {**super().get_serializer_context(), "person": self.request.user}


class NextView(APIView):
    """The next item."""

    @extend_schema(
        operation_id="take_next_item",
        request=serializers.NextSerializer,
        responses=_HELD | {"204": None},
    )
    def post(self, request: Request) -> Response:
        """Take the most pressing item for three minutes; 204 where none waits."""
        form = serializers.NextSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        without = form.validated_data.get("without", ())
        item = claims.claim_next(person(request), without=without)
        if item is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return _held(item, request)


class ItemView(APIView):
    """One item."""

    @extend_schema(operation_id="get_item", responses={"200": serializers.ItemSerializer} | ERRORS)
    def get(self, request: Request, item_id: uuid.UUID) -> Response:
        """Tell where it stands, and once it is settled how."""
        return Response(_body(access.item_for(person(request), item_id), request))


class ClaimView(APIView):
    """Holding an item."""

    @extend_schema(operation_id="claim_item", request=None, responses=_HELD)
    def post(self, request: Request, item_id: uuid.UUID) -> Response:
        """Take it for three minutes, or keep it for three more."""
        caller = person(request)
        try:
            claims.claim(access.item_for(caller, item_id), caller)
        except DeskError as refusal:
            raise _as_api_error(refusal) from refusal
        return _held(access.held_item_for(caller, item_id), request)

    @extend_schema(operation_id="release_item", responses={"204": None} | ERRORS)
    def delete(self, request: Request, item_id: uuid.UUID) -> Response:
        """Leave it to others."""
        claims.release(item_id, person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class KeyView(APIView):
    """Deciding on an item."""

    @extend_schema(
        operation_id="give_key",
        request=serializers.KeySerializer,
        responses={"201": serializers.ItemSerializer} | ERRORS,
    )
    def post(self, request: Request, item_id: uuid.UUID) -> Response:
        """Accept, reject or return an item that you have open."""
        form = serializers.KeySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        answer = Answer(
            verdict=Verdict(said["verdict"]),
            values=said.get("values", {}),
            return_code=said.get("return_code", ""),
            comment=said.get("comment", ""),
        )
        try:
            item = give_key(
                item_id=item_id, person=person(request), version=said["version"], answer=answer
            )
        except DeskError as refusal:
            raise _as_api_error(refusal) from refusal
        return Response(_body(item, request), status=status.HTTP_201_CREATED)


class ItemImageView(ImageResponseView):
    """The image of an item."""

    @extend_schema(operation_id="get_item_image", responses=_IMAGE)
    def get(self, request: Request, item_id: uuid.UUID) -> HttpResponseBase:
        """Return the image of an item that you have open."""
        return images.image_response(access.held_image_for(person(request), item_id))


class ItemSnippetView(ImageResponseView):
    """The image of one field of an item."""

    @extend_schema(operation_id="get_item_snippet", responses=_IMAGE)
    def get(self, request: Request, item_id: uuid.UUID, name: str) -> HttpResponseBase:
        """Return the part of the image that holds the field, of an item that you have open."""
        reading = access.held_reading_for(person(request), item_id, name)
        return images.snippet_response(reading.run.submission, reading)


def _body(item: Item, request: Request) -> dict[str, Any]:
    body: dict[str, Any] = serializers.ItemSerializer(
        item, context={"person": person(request)}
    ).data
    return body


def _held(item: Item, request: Request) -> Response:
    context = {"person": person(request)}
    body: dict[str, Any] = serializers.HeldItemSerializer(put_on_desk(item), context=context).data
    return Response(body)


def _as_api_error(refusal: DeskError) -> ApiError:
    code: int
    if refusal.is_conflict:
        code = status.HTTP_409_CONFLICT
    elif refusal.code == "not_for_you":
        code = status.HTTP_403_FORBIDDEN
    else:
        code = status.HTTP_400_BAD_REQUEST
    return ApiError(code, refusal.code, refusal.message)
