"""Bodies that hold tensors. They may be larger than ``DATA_UPLOAD_MAX_MEMORY_SIZE``."""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MAX_BYTES = 16 * 2**20  # a thousand images as JSON numbers


class BodyTooLarge(APIException):
    """The body is larger than this address takes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"


class TensorJsonParser(BaseParser):
    """JSON that holds images as numbers, larger than other addresses take."""

    media_type = "application/json"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the JSON holds."""
        check_size(parser_context)
        try:
            return json.loads(stream.read())
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is no JSON.")) from error


class NpyParser(BaseParser):
    """One NumPy array in the NPY format, never a pickle."""

    media_type = "application/x-npy"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the array."""
        check_size(parser_context)
        try:
            return np.load(io.BytesIO(stream.read()), allow_pickle=False)
        except (ValueError, EOFError, OSError, SyntaxError) as error:
            raise ParseError(_("The body is no array in the NPY format.")) from error


def check_size(parser_context: Mapping[str, Any] | None) -> None:
    """Refuse a body that says it is too large; a body that does not say is not read at all."""
    request = (parser_context or {})["request"]
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        message = _("The body is larger than %d MB.") % (MAX_BYTES // 2**20)
        raise BodyTooLarge(message)
