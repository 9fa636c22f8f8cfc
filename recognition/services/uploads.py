"""What an upload may be, and what is made of it: hostile until decoded and written anew.

Nothing of the received file is kept: each page is decoded within limits, turned upright, and
encoded again without metadata, so that whatever else was hidden in it is gone (ASVS 5.0 § 5.2).
"""

import hashlib
import io
import threading
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image, ImageOps

from recognition.services import pdf

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MIN_SIDE = 8  # pixels: no digit can be told on less
_DOCUMENTS = {"TIFF", "PDF"}
MAX_NAME = 120  # characters, as the column
THUMBNAIL_SIDE = 320  # pixels: two columns of the narrowest phone, at double density

# Pillow only warns at a size that could be a decompression bomb; here that is a refusal.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# Decoding holds up to 4 bytes a pixel, so only a few images are open at once in one process.
_decoding = threading.BoundedSemaphore(2)


class RefusedUpload(Exception):  # noqa: N818 - it says what happened, and callers show it
    """Why a file was not taken: a stable code, and a sentence for the person who sent it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Page:
    """One image, ready to be stored. Sizes are in pixels, after turning it upright."""

    data: bytes
    suffix: str
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A received file that was taken."""

    name: str
    sha256: str
    pages: tuple[Page, ...]
    first_page: int = 1


def receive(file: "UploadedFile[bytes]") -> Upload:
    """Read one file and return its pages.

    Raises:
        RefusedUpload: it is not an image that can be read safely.
    """
    size = file.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 2**20
        raise RefusedUpload("file_too_large", _("The file is larger than %d MB.") % limit)
    data = file.read()
    if not data:
        raise RefusedUpload("empty_file", _("The file is empty."))
    with _decoding:
        pages = tuple(_pages(data, slice(None), settings.UPLOAD_MAX_PAGES))
    return Upload(clean_name(file.name or ""), hashlib.sha256(data).hexdigest(), pages)


def is_document(start: bytes) -> bool:
    """Tell by its first bytes whether a file can have many pages."""
    return _type_of(start) in _DOCUMENTS


def count_pages(data: bytes, *, max_pages: int) -> int:
    """Return how many pages a TIFF or PDF has.

    Raises:
        RefusedUpload: it can't be opened safely, or has more than ``max_pages``.
    """
    kind = _safe_type_of(data)
    with _decoding:
        if kind == "PDF":
            with _refusing_pdf(max_pages):
                return pdf.count_pages(data, max_pages=max_pages)
        _image, frames = _opened(data, kind, max_pages)
    return frames


def receive_pages(
    name: str, data: bytes, *, sha256: str, first_page: int, count: int, max_pages: int
) -> Upload:
    """Return some pages of a document that is too long to be held in memory at once.

    Raises:
        RefusedUpload: one of these pages can't be read safely.
    """
    wanted = slice(first_page - 1, first_page - 1 + count)
    with _decoding:
        pages = tuple(_pages(data, wanted, max_pages))
    return Upload(clean_name(name), sha256, pages, first_page)


def clean_name(name: str) -> str:
    r"""Return a file name that is safe to show and to send: no path, no control characters.

    >>> clean_name("../../etc/<b>pass\u202ewd</b>.png")
    'b_.png'
    >>> clean_name("")
    'image'
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(c for c in name if unicodedata.category(c)[0] not in "CZ" or c == " ")
    safe = " ".join("".join("_" if c in '<>:"|?*&' else c for c in visible).split())
    path = PurePosixPath(safe.strip(". ") or "image")
    return path.stem[: MAX_NAME - 10] + path.suffix[:10]


def _pages(data: bytes, wanted: slice, max_pages: int) -> Iterator[Page]:
    kind = _safe_type_of(data)
    if kind == "PDF":
        images = _pdf_images(data, wanted, max_pages)
    else:
        images = _images(data, kind, wanted, max_pages)
    return (encode(image, suffix=".jpg" if kind == "JPEG" else ".png") for image in images)


def _safe_type_of(data: bytes) -> str:
    kind = _type_of(data)
    if kind is None:
        raise RefusedUpload(
            "unsupported_type",
            _("This is no image that can be read: send PNG, JPEG, WebP, TIFF or PDF."),
        )
    if _holds_something_else(data):
        raise RefusedUpload(
            "mixed_content",
            _("The file holds something else besides an image, so it was not taken."),
        )
    return kind


def _type_of(data: bytes) -> str | None:
    """Tell the type by content alone; what a name or a header says counts for nothing."""
    starts = {
        b"\x89PNG\r\n\x1a\n": "PNG",
        b"\xff\xd8\xff": "JPEG",
        b"II*\x00": "TIFF",
        b"MM\x00*": "TIFF",
        b"%PDF-": "PDF",
    }
    for start, kind in starts.items():
        if data.startswith(start):
            return kind
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _holds_something_else(data: bytes) -> bool:
    """Tell whether a browser or an unpacker would find a page or an archive in the file."""
    lower = data.lower()
    markup = (b"<script", b"<!doctype html", b"<html", b"<svg xmlns", b"<iframe")
    return any(mark in lower for mark in markup) or zipfile.is_zipfile(io.BytesIO(data))


def _opened(data: bytes, kind: str, max_pages: int) -> tuple[Image.Image, int]:
    """Return the image and the number of its frames."""
    # Decoders raise almost anything on hostile bytes, and all of it means the same.
    try:
        image = Image.open(io.BytesIO(data), formats=[kind])
        frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise _damaged() from error
    if frames > 1 and kind != "TIFF":
        raise RefusedUpload("animated_image", _("The image is animated: send one still image."))
    if frames > max_pages:
        raise _too_many_pages(max_pages)
    return image, frames


def _images(data: bytes, kind: str, wanted: slice, max_pages: int) -> Iterator[Image.Image]:
    image, frames = _opened(data, kind, max_pages)
    for frame in range(frames)[wanted]:
        try:
            image.seek(frame)
            width, height = image.size
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels() from error
        except Exception as error:
            raise _damaged() from error
        _check_size(width, height)
        try:
            image.load()
            upright = ImageOps.exif_transpose(image)
            yield _eight_bits(upright)
        except Exception as error:
            raise _damaged() from error


def _pdf_images(data: bytes, wanted: slice, max_pages: int) -> Iterator[Image.Image]:
    with _refusing_pdf(max_pages):
        pages = pdf.render(data, wanted, max_pages=max_pages, max_pixels=settings.UPLOAD_MAX_PIXELS)
    for page in pages:
        image = Image.open(io.BytesIO(page), formats=["PNG"])
        _check_size(*image.size)
        yield image


@contextmanager
def _refusing_pdf(max_pages: int) -> Iterator[None]:
    """Turn what is wrong with a PDF into a refusal."""
    try:
        yield
    except pdf.TooManyPagesError as error:
        raise _too_many_pages(max_pages) from error
    except pdf.EncryptedError as error:
        message = _("The document is locked with a password: send it without one.")
        raise RefusedUpload("encrypted_document", message) from error
    except pdf.TooSlowError as error:
        message = _("The document takes too long to open: split it, or scan it at 300 dpi.")
        raise RefusedUpload("too_slow", message) from error
    except pdf.UnreadableError as error:
        raise _damaged() from error


def _check_size(width: int, height: int) -> None:
    if width * height > settings.UPLOAD_MAX_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < MIN_SIDE:
        message = _("The image has %(width)d by %(height)d pixels: too small to hold a digit.")
        raise RefusedUpload("too_small", message % {"width": width, "height": height})


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return the image in grey or RGB of eight bits, transparency on white."""
    if image.mode.startswith(("I", "F")):
        # Of 16 bits or more; Pillow's own conversion would clip to 255 instead of scaling.
        values = np.asarray(image).astype(np.float32)
        full = 65535.0 if values.max(initial=0) > 255 else 255.0  # noqa: PLR2004 - eight bits
        return Image.fromarray((values.clip(0, full) * (255 / full)).round().astype(np.uint8))
    if image.mode in {"L", "RGB"} and "transparency" not in image.info:
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.has_transparency_data:
        solid = image.convert("RGBA")
        white = Image.new("RGBA", solid.size, "white")
        return Image.alpha_composite(white, solid).convert("RGB")
    return image.convert("RGB")


def encode(image: Image.Image, *, suffix: str) -> Page:
    """Return an image of eight bits as it is stored: JPEG for ``.jpg``, PNG for ``.png``."""
    # The pixels alone: no EXIF, colour profile or comment survives.
    bare = image.copy()
    bare.info.clear()
    encoded, small = io.BytesIO(), io.BytesIO()
    if suffix == ".jpg":
        bare.save(encoded, "JPEG", quality=95, subsampling=0)
    else:
        bare.save(encoded, "PNG", compress_level=1)  # three times faster than 6, a tenth larger
    width, height = bare.size
    bare.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
    bare.save(small, "JPEG", quality=80)
    return Page(encoded.getvalue(), suffix, small.getvalue(), width, height)


def _damaged() -> RefusedUpload:
    return RefusedUpload(
        "damaged_image", _("The image is damaged or incomplete: it could not be opened.")
    )


def _too_many_pixels() -> RefusedUpload:
    limit = settings.UPLOAD_MAX_PIXELS // 1_000_000
    message = _("The image has more than %d million pixels: send a smaller one.")
    return RefusedUpload("too_many_pixels", message % limit)


def _too_many_pages(limit: int) -> RefusedUpload:
    message = ngettext(
        "The document has more than %d page: split it, or, for a bank, send it as a batch.",
        "The document has more than %d pages: split it, or, for a bank, send it as a batch.",
        limit,
    )
    return RefusedUpload("too_many_pages", message % limit)
