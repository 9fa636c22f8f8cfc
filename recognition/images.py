"""Serve images to those who may see them: the item, its thumbnail, the snippet of one field.

The files are images that we encoded ourselves; the headers still keep a browser from ever taking
one for a page, and from leaving it in a cache.
"""

import io
import uuid
from collections.abc import Mapping
from pathlib import PurePosixPath

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from PIL import Image

from accounts.requests import AuthenticatedRequest
from recognition import access
from recognition.models import FieldReading, Submission
from recognition.services.looking import note_look

MARGIN = 0.15  # of the box's height, on each side of a snippet
_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}


@login_required
@require_safe
def submission_image(request: AuthenticatedRequest, submission_id: uuid.UUID) -> HttpResponseBase:
    """Answer with the image that was read."""
    submission = access.submission_for(request.user, submission_id)
    note_look(submission, request.user)
    return image_response(submission)


@login_required
@require_safe
def submission_original(
    request: AuthenticatedRequest, submission_id: uuid.UUID
) -> HttpResponseBase:
    """Answer with what was sent, where the image was flattened or cut out of it."""
    submission = access.submission_for(request.user, submission_id)
    note_look(submission, request.user)
    return original_response(submission)


@login_required
@require_safe
def submission_thumbnail(
    request: AuthenticatedRequest, submission_id: uuid.UUID
) -> HttpResponseBase:
    """Answer with a small JPEG for lists, at most 320 pixels on its longer side."""
    return thumbnail_response(access.submission_for(request.user, submission_id))


@login_required
@require_safe
def submission_snippet(
    request: AuthenticatedRequest, submission_id: uuid.UUID, name: str
) -> HttpResponseBase:
    """Answer with the part of the image that one field was read from."""
    submission = access.submission_for(request.user, submission_id)
    note_look(submission, request.user)
    return snippet_response(submission, access.reading_of(submission, name))


def image_response(submission: Submission) -> HttpResponseBase:
    """Return the image, or raise ``Http404`` where its file is gone."""
    return file_response(submission.image)


def original_response(submission: Submission) -> HttpResponseBase:
    """Return what was sent, or raise ``Http404`` where the image is what was sent."""
    return file_response(submission.original)


def thumbnail_response(submission: Submission) -> HttpResponseBase:
    """Return the thumbnail, or raise ``Http404`` where its file is gone."""
    return file_response(submission.thumbnail)


def snippet_response(submission: Submission, reading: FieldReading) -> HttpResponseBase:
    """Return the field's crop as PNG, or raise ``Http404`` where it has no place in the image."""
    if reading.box is None:
        raise Http404
    return crop_response(submission.image, reading.box)


def crop_response(stored: FieldFile, box: Mapping[str, int]) -> HttpResponseBase:
    """Return what stands in a box of a stored image, and a little about it, as PNG."""
    try:
        snippet = crop_of(stored, box)
    except FileNotFoundError as error:
        raise Http404 from error
    return _guarded(HttpResponse(snippet, content_type="image/png"))


def crop_of(stored: FieldFile, box: Mapping[str, int]) -> bytes:
    """Return the same as the bytes of a PNG file.

    Raises:
        FileNotFoundError: the image is gone.
    """
    x, y, width, height = (box[side] for side in ("x", "y", "width", "height"))
    margin = round(height * MARGIN)
    with stored.open("rb") as file:
        image = Image.open(file, formats=["PNG", "JPEG"])
        snippet = image.crop(
            (
                max(x - margin, 0),
                max(y - margin, 0),
                min(x + width + margin, image.width),
                min(y + height + margin, image.height),
            )
        )
    encoded = io.BytesIO()
    snippet.save(encoded, "PNG", compress_level=1)
    return encoded.getvalue()


def file_response(stored: FieldFile) -> HttpResponseBase:
    """Return a stored image as it is, or raise ``Http404`` where its file is gone."""
    try:
        file = stored.open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    suffix = PurePosixPath(stored.name or "").suffix
    return _guarded(FileResponse(file, content_type=_TYPES[suffix]))


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
