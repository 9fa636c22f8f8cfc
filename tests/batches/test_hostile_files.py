"""What comes in is hostile until proven: each bad file costs itself alone, and says why."""

import io
import os
import struct
import zipfile

import pytest

from recognition.batches.models import BatchItem, ReceivedFile
from recognition.batches.services import items, unpacking
from recognition.models import Submission
from tests.batches.conftest import picture, zip_of
from tests.recognition.drawings import drawing, encoded, upload

pytestmark = pytest.mark.django_db


def codes() -> list[str]:
    return list(BatchItem.objects.values_list("error_code", flat=True))


def archive_of(*members: tuple[zipfile.ZipInfo | str, bytes], **options: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", **options) as archive:
        for info, data in members:
            archive.writestr(info, data)
    return stream.getvalue()


def locked() -> bytes:
    data = bytearray(archive_of(("a.png", picture())))
    data[6] |= 1  # the member's own header
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # and the directory
    return bytes(data)


def broken() -> bytes:
    data = bytearray(archive_of(("a.png", os.urandom(500))))
    data[100] ^= 255
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive_of(), "empty_archive"),
        (b"PK\x03\x04" + os.urandom(300), "damaged_archive"),
        (broken(), "damaged_archive"),
        (locked(), "encrypted_document"),
        (archive_of(("a.zip", archive_of(("b.png", b"x")))), "nested_archive"),
        (archive_of(("a.png", b"x" * 50), compression=zipfile.ZIP_LZMA), "unsupported_compression"),
        (archive_of(*((f"{n}.png", b"") for n in range(1001))), "too_many_items"),
        (archive_of(("a.png", b"")), "empty_file"),
        (archive_of(("a.html", b"<html>")), "unsupported_type"),
    ],
)
def test_a_bad_archive_or_member_has_its_code_and_the_next_file_goes_on(
    hand_in, unpack, stored_files, data, code
) -> None:
    hand_in(upload(data, "bad.zip"), upload(name="good.png"))
    unpack()
    assert codes() == [code, ""]
    assert all(BatchItem.objects.filter(error_code=code).values_list("error_message", flat=True))
    assert len(stored_files()) == 2  # the good one and its thumbnail


def test_a_bomb_is_refused_before_it_is_unpacked(hand_in, unpack, settings) -> None:
    settings.BATCH_MAX_UNPACKED_BYTES = 3_000_000
    zeros = bytes(1_000_000)
    hand_in(zip_of({f"{n}.png": zeros for n in range(4)}))
    unpack()
    assert codes() == ["archive_too_large"]


def test_a_member_larger_than_a_file_may_be_is_refused_alone(hand_in, unpack, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 5_000
    hand_in(zip_of({"large.png": bytes(6_000), "good.png": picture()}))
    unpack()
    assert codes() == ["file_too_large", ""]


def test_a_member_that_lies_about_its_size_gives_no_more_than_it_says(hand_in, unpack) -> None:
    data = bytearray(archive_of(("a.png", bytes(100_000)), compression=zipfile.ZIP_DEFLATED))
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 10)
    hand_in(upload(bytes(data), "liar.zip"))
    unpack()
    assert codes() == ["damaged_archive"]


def test_a_directory_of_millions_is_not_even_read(hand_in, unpack, monkeypatch) -> None:
    data = bytearray(archive_of(("a.png", picture())))
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 2**31)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    hand_in(upload(bytes(data), "huge.zip"))
    unpack()
    assert codes() == ["too_many_items"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "/root/x.png", "C:\\windows\\x.png", "a/\u202egnp.exe.png"]
)
def test_names_are_only_shown_and_lead_nowhere(hand_in, unpack, stored_files, tmp_path, name):
    hand_in(zip_of({name: picture()}))
    unpack()
    item = BatchItem.objects.get()
    assert not set(item.file_name) & set("/\\\u202e")
    assert all(path.parent.parent.name == "submissions" for path in stored_files())


def test_pages_of_a_tiff_and_of_a_pdf_are_items(hand_in, unpack) -> None:
    pages = [drawing() for _ in range(3)]
    tiff = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    pdf = encoded(drawing((300, 200)), "PDF", save_all=True, append_images=[drawing((300, 200))])
    hand_in(upload(tiff, "scan.tiff"), upload(pdf, "scan.pdf"))
    unpack()
    found = BatchItem.objects.values_list("position", "file_name", "page", "outcome")
    assert list(found) == [
        (1, "scan.tiff", 1, "accepted"),
        (2, "scan.tiff", 2, "accepted"),
        (3, "scan.tiff", 3, "accepted"),
        (4, "scan.pdf", 1, "accepted"),
        (5, "scan.pdf", 2, "accepted"),
    ]


def test_a_batch_takes_no_more_than_it_can_hold(hand_in, unpack, client_of, official, monkeypatch):
    monkeypatch.setattr(items, "MAX_ITEMS", 2)
    batch = hand_in(upload(), upload(), upload())
    unpack()
    assert batch.items.count() == 2
    answer = client_of(official).post(f"/batches/{batch.pk}/files/", {"documents": upload()})
    assert "make another one for the rest" in answer.text


def test_too_much_at_once_stores_nothing(client_of, official, settings, stored_files) -> None:
    settings.BATCH_MAX_BYTES = 1_000
    files = [upload(bytes(800), "a"), upload(bytes(800), "b")]
    answer = client_of(official).post(
        "/batches/new/", {"name": "x", "kind": "cheque", "documents": files}
    )
    assert "larger than 0 MB together" in answer.text
    assert not stored_files()
    assert not ReceivedFile.objects.exists()


def test_a_worker_that_dies_halfway_loses_and_doubles_nothing(hand_in, unpack, monkeypatch) -> None:
    hand_in(zip_of({f"{n}.png": picture() for n in range(4)}))
    real = items.intake.store
    calls = []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(items.intake, "store", dies)
    with pytest.raises(KeyboardInterrupt):
        unpack()
    assert ReceivedFile.objects.get().next_member == 2
    unpack()
    assert list(BatchItem.objects.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert Submission.objects.count() == 4


def tiff_of(pages: int) -> bytes:
    images = [drawing() for _ in range(pages)]
    return encoded(images[0], "TIFF", save_all=True, append_images=images[1:])


def pdf_of(pages: int) -> bytes:
    images = [drawing((60, 40)) for _ in range(pages)]
    return encoded(images[0], "PDF", save_all=True, append_images=images[1:])


@pytest.mark.parametrize(("make", "name"), [(tiff_of, "scan.tiff"), (pdf_of, "scan.pdf")])
def test_a_document_is_taken_in_some_pages_at_a_time(
    hand_in, unpack, settings, make, name, monkeypatch
) -> None:
    settings.UPLOAD_MAX_PAGES = 5  # what one submission by itself may have
    monkeypatch.setattr(unpacking, "PAGES_AT_ONCE", 4)
    data = make(11)
    batch = hand_in(upload(data, name))
    times = []
    monkeypatch.setattr(unpacking.time, "monotonic", lambda: times.append(1) or len(times) * 4.0)
    unpack()
    assert 0 < batch.items.count() < 11
    unpack()
    unpack()
    facts = batch.items.values_list("position", "page", "outcome", "submission__page")
    assert list(facts) == [(n, n, "accepted", n) for n in range(1, 12)]
    assert Submission.objects.values("sha256").distinct().count() == 1

    again = hand_in(upload(data, name))
    for _ in range(3):
        unpack()
    assert set(again.items.values_list("outcome", flat=True)) == {"duplicate"}


def test_a_bad_page_costs_itself_alone(hand_in, unpack, settings) -> None:
    settings.UPLOAD_MAX_PIXELS = 120 * 80
    images = [drawing(), drawing((200, 200)), drawing()]
    data = encoded(images[0], "TIFF", save_all=True, append_images=images[1:])
    hand_in(upload(data, "scan.tiff"))
    unpack()
    assert list(BatchItem.objects.values_list("page", "error_code")) == [
        (1, ""),
        (2, "too_many_pixels"),
        (3, ""),
    ]


def test_a_document_that_does_not_fit_is_refused_whole(hand_in, unpack, monkeypatch) -> None:
    monkeypatch.setattr(items, "MAX_ITEMS", 3)
    batch = hand_in(upload(), upload(tiff_of(3), "scan.tiff"))
    unpack()
    assert list(batch.items.values_list("error_code", flat=True)) == ["", "too_many_items"]


def test_a_document_is_larger_than_a_single_file_may_be(hand_in, unpack, settings) -> None:
    data = tiff_of(3)
    settings.UPLOAD_MAX_BYTES = len(data) - 1
    hand_in(upload(data, "scan.tiff"), upload(bytes(len(data)), "other.png"))
    unpack()
    assert sorted(codes()) == ["", "", "", "file_too_large"]


def test_a_batch_takes_no_more_than_has_room(
    hand_in, unpack, official, settings, stored_files
) -> None:
    settings.STORAGE_QUOTA_STAFF_BYTES = 10
    batch = hand_in(upload(picture(), "at the door.png"))
    assert batch.items.get().error_code == "storage_full"
    settings.STORAGE_QUOTA_STAFF_BYTES = 100_000
    batch = hand_in(zip_of({"a.png": picture()}))
    settings.STORAGE_QUOTA_STAFF_BYTES = 1
    unpack()
    assert batch.items.get().error_code == "storage_full"
    assert not stored_files()
