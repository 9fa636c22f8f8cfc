"""Turn a PDF's pages into images, in a process of its own.

A PDF is a program for a large renderer: it gets a child process with limits on time and memory, so
that a hostile one takes nothing with it. (PDFium is not thread-safe either.)
"""

import io
import resource
import signal
import struct
import subprocess
import sys

import pypdfium2 as pdfium

DPI = 300  # what cheque scanners give
MAX_SECONDS = 30
MAX_MEMORY = 2 * 2**30  # bytes of address space
_TOO_MANY_PAGES, _ENCRYPTED, _UNREADABLE = 3, 4, 5
_OUT_OF_TIME = -signal.SIGXCPU  # the child's code, where its limit of time ended it


class UnreadableError(Exception):
    """The document is damaged, or takes too much memory."""


class TooSlowError(Exception):
    """The document takes longer than a request may."""


class EncryptedError(Exception):
    """The document wants a password."""


class TooManyPagesError(Exception):
    """The document has more pages than are taken at once."""


def render(data: bytes, wanted: slice, *, max_pages: int, max_pixels: int) -> list[bytes]:
    """Return the wanted pages as PNG at 300 dpi, or less where that would exceed ``max_pixels``.

    Raises:
        UnreadableError, EncryptedError, TooManyPagesError, TooSlowError: as they say.
    """
    _count, *pages = _run(data, wanted, max_pages, max_pixels)
    return pages


def count_pages(data: bytes, *, max_pages: int) -> int:
    """Return how many pages there are; errors as of ``render``."""
    (count,) = _run(data, slice(0), max_pages, 0)
    return int(count)


def _run(data: bytes, wanted: slice, max_pages: int, max_pixels: int) -> list[bytes]:
    """Return the number of pages in figures, and the wanted ones."""
    first, stop, _step = wanted.indices(max_pages)
    command = [sys.executable, "-m", __name__]
    command += [str(number) for number in (first, stop, max_pages, max_pixels)]
    try:
        child = subprocess.run(  # noqa: S603 - our own module, numbers for arguments
            command, input=data, capture_output=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlowError from error
    if child.returncode == _OUT_OF_TIME:
        raise TooSlowError
    if child.returncode == _TOO_MANY_PAGES:
        raise TooManyPagesError
    if child.returncode == _ENCRYPTED:
        raise EncryptedError
    if child.returncode != 0:
        raise UnreadableError
    return _unpack(child.stdout)


def _unpack(stream: bytes) -> list[bytes]:
    pages, start = [], 0
    while start < len(stream):
        (size,) = struct.unpack_from(">Q", stream, start)
        pages.append(stream[start + 8 : start + 8 + size])
        start += 8 + size
    return pages


def _render_here(data: bytes, first: int, stop: int, max_pages: int, max_pixels: int) -> int:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        return _ENCRYPTED if "password" in str(error).lower() else _UNREADABLE
    if len(document) > max_pages:
        return _TOO_MANY_PAGES
    _answer(str(len(document)).encode())
    for number in range(first, min(stop, len(document))):
        page = document[number]
        width, height = page.get_size()  # in points of 1/72 inch
        scale = min(DPI / 72, (max_pixels / max(width * height, 1)) ** 0.5)
        encoded = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(encoded, "PNG", compress_level=1)
        _answer(encoded.getvalue())
    return 0


def _answer(piece: bytes) -> None:
    sys.stdout.buffer.write(struct.pack(">Q", len(piece)) + piece)


def _main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(
        resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS + 1)
    )  # told first, then killed
    first, stop, max_pages, max_pixels = map(int, sys.argv[1:])
    return _render_here(sys.stdin.buffer.read(), first, stop, max_pages, max_pixels)


if __name__ == "__main__":
    sys.exit(_main())
