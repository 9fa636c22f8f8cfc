"""``POST /api/v1/score``: the digit network as a model server, for those who have cut their images.

The request and the answer have the form of the Open Inference Protocol, version 2 ("infer"), that
KServe, Triton and others speak.
"""

from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from numpy.typing import NDArray
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from recognition.api.errors import ApiError
from recognition.api.parsers import NpyParser, TensorJsonParser
from recognition.api.serializers import ErrorSerializer
from recognition.services import scoring

MAX_IMAGES = 1000
MAX_PIXELS = 4_000_000  # of all images together
MIN_SIDE = 8  # pixels
NOT_A_DIGIT = 10


class TensorSerializer(serializers.Serializer[Any]):
    """One tensor: its name, shape, type, and its numbers, flat or nested."""

    name = serializers.CharField(max_length=100)
    shape = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_PIXELS),
        min_length=3,
        max_length=4,
        help_text=gettext_lazy("[images, height, width], or with a last dimension of 1"),
    )
    datatype = serializers.ChoiceField(
        choices=("UINT8", "FP32"), help_text=gettext_lazy("UINT8 is 0 to 255, FP32 is 0 to 1")
    )
    data = serializers.JSONField()  # type: ignore[assignment]  # a tensor's, not the serializer's


class InferRequestSerializer(serializers.Serializer[Any]):
    """Images of single digits, of any size and either polarity."""

    id = serializers.CharField(required=False, max_length=100)
    inputs = serializers.ListField(child=TensorSerializer(), min_length=1, max_length=1)


class OutputSerializer(serializers.Serializer[Any]):
    """One tensor of the answer, its numbers flat."""

    name = serializers.CharField()
    shape = serializers.ListField(child=serializers.IntegerField())
    datatype = serializers.CharField()
    data = serializers.ListField(  # type: ignore[assignment]  # a tensor's, not the serializer's
        child=serializers.FloatField()
    )


class InferResponseSerializer(serializers.Serializer[Any]):
    """``digits``: the likeliest, -1 for what is none; ``probabilities``: 0 to 9, not a digit."""

    id = serializers.CharField(required=False)
    model_name = serializers.CharField()
    model_version = serializers.CharField()
    outputs = OutputSerializer(many=True)


class ScoreView(APIView):
    """Scores of many images of digits in one call."""

    parser_classes = (TensorJsonParser, NpyParser)
    throttle_scope = "score"

    @extend_schema(
        operation_id="score",
        request={
            "application/json": InferRequestSerializer,
            "application/x-npy": OpenApiTypes.BINARY,
        },
        responses={"200": InferResponseSerializer}
        | dict.fromkeys(("400", "401", "413", "429", "503"), ErrorSerializer),
    )
    def post(self, request: Request) -> Response:
        """Score images. Nothing is stored."""
        if isinstance(request.data, np.ndarray):
            images, request_id = _bytes_of(request.data), None
        else:
            form = InferRequestSerializer(data=request.data)
            form.is_valid(raise_exception=True)
            images = _images_of(form.validated_data["inputs"][0])
            request_id = form.validated_data.get("id")
        try:
            scores = scoring.score(images)
        except scoring.NobodyAnswersError as error:
            message = _("No worker is answering. Try again later.")
            raise ApiError(status.HTTP_503_SERVICE_UNAVAILABLE, "no_worker", message) from error
        return Response(_answer(scores, request_id))


def _images_of(tensor: dict[str, Any]) -> NDArray[np.uint8]:
    kind = np.uint8 if tensor["datatype"] == "UINT8" else np.float32
    try:
        numbers = np.asarray(tensor["data"], np.float64).ravel()
        if kind is np.uint8 and not (numbers == numbers.round()).all():
            raise _bad_tensor()
        if kind is np.uint8 and (numbers.min() < 0 or numbers.max() > 255):  # noqa: PLR2004 - 8 bits
            raise _bad_tensor()
        return _bytes_of(numbers.astype(kind).reshape(tensor["shape"]))
    except (TypeError, ValueError) as error:
        raise _bad_tensor() from error


def _bytes_of(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Return (n, height, width) of 0 to 255, or refuse what is no such array."""
    if array.ndim == 4 and array.shape[-1] == 1:  # noqa: PLR2004 - with a channel
        array = array[..., 0]
    if array.ndim != 3 or not array.size or min(array.shape[1:]) < MIN_SIDE:  # noqa: PLR2004
        raise _bad_tensor()
    if len(array) > MAX_IMAGES or array.size > MAX_PIXELS:
        message = _("At most %(images)d images with %(pixels)d pixels in all are scored at once.")
        limits = {"images": MAX_IMAGES, "pixels": MAX_PIXELS}
        raise ApiError(status.HTTP_400_BAD_REQUEST, "too_many_images", message % limits)
    if array.dtype == np.uint8:
        return array
    if not np.issubdtype(array.dtype, np.floating) or not np.isfinite(array).all():
        raise _bad_tensor()
    if array.min() < 0 or array.max() > 1:
        raise _bad_tensor()
    return (array * 255).round().astype(np.uint8)


def _bad_tensor() -> ApiError:
    return ApiError(
        status.HTTP_400_BAD_REQUEST,
        "bad_tensor",
        _(
            "The images must be an array [images, height, width] of at least 8 by 8 pixels, "
            "as UINT8 from 0 to 255 or FP32 from 0 to 1."
        ),
    )


def _answer(scores: scoring.Scores, request_id: str | None) -> dict[str, Any]:
    table = scores.probabilities
    best = table.argmax(axis=1)
    digits = np.where(best == NOT_A_DIGIT, -1, best)
    answer: dict[str, Any] = {
        "model_name": "digits",
        "model_version": scores.version,
        "outputs": [
            {
                "name": "digits",
                "shape": list(digits.shape),
                "datatype": "INT32",
                "data": digits.tolist(),
            },
            {
                "name": "probabilities",
                "shape": list(table.shape),
                "datatype": "FP32",
                "data": [round(float(one), 6) for one in table.ravel()],
            },
        ],
    }
    return answer if request_id is None else {"id": request_id} | answer
