"""The files in a ZIP, read one by one and never written under their own names.

An archive is hostile until proven. Its directory is measured before it is read, what it says of
sizes is added up before anything is unpacked (``zipfile`` yields no more of a member than its
directory says), and only the two ordinary ways of compressing are taken: others can ask for
gigabytes of memory.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from recognition.batches.models import MAX_ITEMS
from recognition.services.uploads import RefusedUpload

_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE, _LOCATOR_SIZE, _LONGEST_COMMENT = 22, 20, 65_535
_LARGEST_DIRECTORY = 4 * 2**20  # bytes; a thousand long names take a tenth
_LITTER = {"thumbs.db", "desktop.ini"}
_ENCRYPTED = 0x1  # in a member's flags


def is_archive(start: bytes) -> bool:
    """Tell by its first bytes whether a file is a ZIP."""
    return start.startswith(_STARTS)


@contextmanager
def opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP whose directory is of a sane size.

    Raises:
        RefusedUpload: it is damaged, or too large.
    """
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise damaged() from error


def members_of(archive: zipfile.ZipFile) -> Sequence[zipfile.ZipInfo]:
    """Return the files that are meant to be items, in the order in which they were put in.

    Raises:
        RefusedUpload: there are none, too many, or together they are too large.
    """
    members = [one for one in archive.infolist() if not one.is_dir() and not _is_litter(one)]
    if not members:
        raise RefusedUpload("empty_archive", _("There is no file in the archive."))
    if len(members) > MAX_ITEMS:
        raise too_many_items()
    if sum(one.file_size for one in members) > settings.BATCH_MAX_UNPACKED_BYTES:
        limit = settings.BATCH_MAX_UNPACKED_BYTES // 2**20
        message = _("What is in the archive is larger than %d MB together: split it.")
        raise RefusedUpload("archive_too_large", message % limit)
    return members


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return the bytes of one file, or raise ``RefusedUpload``."""
    if member.flag_bits & _ENCRYPTED:
        message = _("The file is locked with a password: send it without one.")
        raise RefusedUpload("encrypted_document", message)
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        message = _("The file is compressed in an unusual way: make an ordinary ZIP.")
        raise RefusedUpload("unsupported_compression", message)
    if member.file_size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 2**20
        raise RefusedUpload("file_too_large", _("The file is larger than %d MB.") % limit)
    try:
        data = archive.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged() from error
    if is_archive(data):
        message = _("There is an archive within the archive: send its files themselves.")
        raise RefusedUpload("nested_archive", message)
    return data


def too_many_items() -> RefusedUpload:
    """Return the refusal of more than a batch can hold."""
    message = _("A batch has at most %d items: make another one for the rest.") % MAX_ITEMS
    return RefusedUpload("too_many_items", message)


def damaged() -> RefusedUpload:
    """Return the refusal of what can't be unpacked."""
    return RefusedUpload("damaged_archive", _("The archive is damaged: it could not be unpacked."))


def _is_litter(member: zipfile.ZipInfo) -> bool:
    """Tell what systems add by themselves from what people put in."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name.lower() in _LITTER


def _check_directory(file: IO[bytes]) -> None:
    """Refuse what would have millions of entries, before ``zipfile`` makes an object of each."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - _LONGEST_COMMENT - _END_SIZE - _LOCATOR_SIZE))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        raise damaged()
    entries, directory = struct.unpack_from("<HI", tail, at + 10)
    is_large_form = tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_END_64)
    if is_large_form or directory > _LARGEST_DIRECTORY or entries > 4 * MAX_ITEMS:
        raise too_many_items()
