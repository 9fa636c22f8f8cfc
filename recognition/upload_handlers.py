"""Where a request's files go while it arrives."""

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedFileUploadHandler(TemporaryFileUploadHandler):
    """Keep no more of a file on the disk than may be taken; its size is still told truly.

    So a file that is refused for its size costs the disk nothing, and the refusal names it.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what is within the limit, and let the rest pass by."""
        if start <= settings.UPLOAD_MAX_BYTES:
            super().receive_data_chunk(raw_data, start)
