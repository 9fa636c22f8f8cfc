"""Where a batch's files go while they arrive."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect


class BatchFileUploadHandler(TemporaryFileUploadHandler):
    """Keep no more on the disk than one batch may hold, all its files together."""

    total = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what is within the limit, and let the rest pass by."""
        self.total += len(raw_data)
        if not self.is_over:
            super().receive_data_chunk(raw_data, start)

    @property
    def is_over(self) -> bool:
        """More came in than may be taken, so the files are not whole."""
        return self.total > int(settings.BATCH_MAX_BYTES)


def is_too_large(request: HttpRequest) -> bool:
    """Tell whether the files of a request are more than may be taken. Call it once they are in."""
    handlers = request.upload_handlers
    return any(isinstance(one, BatchFileUploadHandler) and one.is_over for one in handlers)


def takes_batch_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page take files as large as a batch's.

    The check against forged requests reads the form, and with it the files: so it has to come
    after the handlers are put in place, as Django's documentation has it.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def with_handlers(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [BatchFileUploadHandler(request)]
        return protected(request, *args, **kwargs)

    return with_handlers
