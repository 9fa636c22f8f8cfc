"""One shape for every error: ``{"error": {"code", "message", "fields"?}}``."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

logger = logging.getLogger(__name__)

Fields = dict[str, list[str]]


class ApiError(exceptions.APIException):
    """A refusal with a stable code and a sentence."""

    def __init__(self, status_code: int, code: str, message: str) -> None:
        super().__init__(message, code)
        self.status_code = status_code


def error_body(code: str, message: str, fields: Fields | None = None) -> dict[str, Any]:
    """Return the shape of an error."""
    error: dict[str, Any] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    return {"error": error}


def error_response(error: Exception, context: dict[str, Any]) -> Response:
    """Answer any exception of an API view in the one shape."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is no such thing here."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    elif isinstance(error, RequestDataTooBig):
        error = ApiError(
            status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "body_too_large", _("The body is too large.")
        )
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError(str(error))
    if not isinstance(error, exceptions.APIException):
        return _our_fault(error, context)
    response = exception_handler(error, context)
    if response is None:
        return _our_fault(error, context)
    response.data = _body(error)
    return response


def not_found(_request: HttpRequest, *_args: Any, **_kwargs: Any) -> JsonResponse:
    """Answer for every address of the API that does not exist."""
    body = error_body("not_found", _("There is no such thing here."))
    return JsonResponse(body, status=status.HTTP_404_NOT_FOUND)


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = _messages(error.detail)
        message = _("Something is wrong with what was sent.")
        return error_body("invalid", message, fields)
    if isinstance(error, exceptions.Throttled):
        return error_body("throttled", _("Too many requests: wait a little."))
    codes = error.get_codes()
    return error_body(codes if isinstance(codes, str) else error.default_code, str(error.detail))


def _messages(detail: Any) -> Fields:
    if isinstance(detail, dict):
        return {
            str(name): [str(one) for one in (told if isinstance(told, list) else [told])]
            for name, told in detail.items()
        }
    return {"non_field_errors": [str(one) for one in detail]}


def _our_fault(error: Exception, context: dict[str, Any]) -> Response:
    logger.error("An API request failed.", exc_info=error)
    # What reports errors, and what makes them fail tests, listens to Django's signal.
    request = context.get("request")
    got_request_exception.send(sender=None, request=getattr(request, "_request", None))
    message = _("Something went wrong on our side. It was recorded; try again later.")
    return Response(
        error_body("internal_error", message), status=status.HTTP_500_INTERNAL_SERVER_ERROR
    )
