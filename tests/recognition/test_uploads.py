"""What may be uploaded, and what is made of it."""

import io
import struct
import zipfile
import zlib

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from recognition.models import Kind, Source, Submission
from recognition.services import intake, pdf
from recognition.services.uploads import MAX_NAME, RefusedUpload, clean_name, receive
from tests.recognition.drawings import drawing, encoded, upload


def _png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header claims a size; its rows are zeros that compress to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * min((width + 1) * height, 10_000_000))
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _zip_file() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("page.html", "<p>hello")
    return stream.getvalue()


def _animated(kind: str) -> bytes:
    return encoded(drawing(), kind, save_all=True, append_images=[drawing(), drawing()])


PNG = encoded(drawing())
JPEG = encoded(drawing(), "JPEG")
PDF = encoded(drawing((1600, 730)), "PDF", resolution=200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

BAD = {
    "text named .png": (b"hello", "unsupported_type"),
    "svg": (SVG, "unsupported_type"),
    "html": (b"<!doctype html><p>hello", "unsupported_type"),
    "zip": (_zip_file(), "unsupported_type"),
    "gif": (encoded(drawing(), "GIF"), "unsupported_type"),
    "bmp": (encoded(drawing(), "BMP"), "unsupported_type"),
    "empty": (b"", "empty_file"),
    "truncated png": (PNG[: len(PNG) // 2], "damaged_image"),
    "truncated jpeg": (JPEG[: len(JPEG) // 2], "damaged_image"),
    "first bytes alone": (PNG[:8], "damaged_image"),
    "truncated pdf": (PDF[:60], "damaged_image"),
    "truncated tiff": (encoded(drawing(), "TIFF")[:40], "damaged_image"),
    "truncated webp": (encoded(drawing(), "WEBP")[:30], "damaged_image"),
    "0x0": (_png_of_size(0, 0), "damaged_image"),
    "1x1": (encoded(Image.new("L", (1, 1))), "too_small"),
    "30,000x30,000": (_png_of_size(30_000, 30_000), "too_many_pixels"),
    "decompression bomb": (_png_of_size(9_000, 9_000), "too_many_pixels"),
    "65,000 wide tiff": (encoded(Image.new("1", (65_000, 1_000)), "TIFF"), "too_many_pixels"),
    "animated png": (_animated("PNG"), "animated_image"),
    "animated webp": (_animated("WEBP"), "animated_image"),
    "png and zip": (PNG + _zip_file(), "mixed_content"),
    "jpeg and zip": (JPEG + _zip_file(), "mixed_content"),
    "png and html": (PNG + b"<!DOCTYPE html><script>alert(1)</script>", "mixed_content"),
    "jpeg with html in a comment": (
        encoded(drawing(), "JPEG", comment=b"<script>alert(1)</script>"), "mixed_content",
    ),
    "png and svg": (PNG + SVG, "mixed_content"),
    "pdf and zip": (PDF + _zip_file(), "mixed_content"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_a_sentence_and_a_code_and_nothing_is_stored(
    individual, stored_files, data, code
) -> None:
    (outcome,) = intake.submit(
        owner=individual, uploads=[upload(data)], kind=Kind.DIGIT, source=Source.UPLOAD
    )
    assert outcome.refusal is not None
    assert outcome.refusal.code == code
    assert outcome.refusal.message.endswith(".")
    assert not Submission.objects.exists()
    assert not stored_files()


def test_what_is_larger_than_permitted_never_reaches_the_disk_whole(settings) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    file = SimpleUploadedFile("a.png", b"\x89PNG" + b"0" * 1_000_000)
    request = RequestFactory().post("/", {"file": file})
    received = request.FILES["file"]

    assert received.size == 1_000_004
    assert len(received.read()) < 100_000 + 2 * 64 * 1024
    with pytest.raises(RefusedUpload) as refusal:
        receive(received)
    assert refusal.value.code == "file_too_large"
    request.close()


def _received(data: bytes) -> Image.Image:
    (page,) = receive(upload(data)).pages
    image = Image.open(io.BytesIO(page.data))
    assert image.size == (page.width, page.height)
    assert max(Image.open(io.BytesIO(page.thumbnail)).size) <= 320
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_each_format_is_taken(kind, mode) -> None:
    image = _received(encoded(drawing(mode=mode), kind))
    assert image.format == ("JPEG" if kind == "JPEG" else "PNG")
    assert image.size == (120, 80)


def test_a_photo_is_turned_upright_and_loses_its_metadata() -> None:
    turned = Image.new("RGB", (60, 40), "black")
    turned.paste("white", (0, 0, 60, 10))  # white above, as the camera held it
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees, clockwise
    exif[0x010F] = "a camera's maker"

    data = encoded(turned, "JPEG", exif=exif, comment="here", icc_profile=b"a profile")
    image = _received(data)

    assert image.size == (40, 60)
    assert not image.getexif()
    assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert image.getpixel((38, 30))[0] > 250
    assert image.getpixel((2, 30))[0] < 5


def test_cmyk_becomes_rgb() -> None:
    cmyk = Image.new("CMYK", (30, 30), (0, 255, 255, 0))
    image = _received(encoded(cmyk, "JPEG", quality=95))
    red, green, blue = image.getpixel((15, 15))
    assert image.mode == "RGB"
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(kind) -> None:
    values = np.full((30, 30), 65535, np.uint16)
    values[:15] = 32768
    image = _received(encoded(Image.fromarray(values), kind))
    assert (image.mode, image.getpixel((5, 5)), image.getpixel((5, 25))) == ("L", 128, 255)


def test_transparency_is_on_white() -> None:
    clear = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    clear.putpixel((3, 3), (0, 0, 0, 255))
    image = _received(encoded(clear))
    assert image.getpixel((20, 20)) == (255, 255, 255)
    assert image.getpixel((3, 3)) == (0, 0, 0)


def test_bitonal_scans_are_taken() -> None:
    image = _received(encoded(drawing(mode="1"), "TIFF", compression="group4"))
    assert image.mode == "L"


def test_each_page_of_a_tiff_is_a_submission(individual) -> None:
    pages = [drawing((120 + i, 80)) for i in range(3)]
    data = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    outcomes = intake.submit(
        owner=individual, uploads=[upload(data)], kind=Kind.NUMBER, source=Source.UPLOAD
    )
    stored = [outcome.submission for outcome in outcomes]
    assert [(one.page, one.width) for one in stored] == [(1, 120), (2, 121), (3, 122)]


def test_the_pages_of_a_pdf_are_rendered() -> None:
    pages = [drawing((1600, 730)) for _ in range(2)]
    data = encoded(pages[0], "PDF", resolution=200, save_all=True, append_images=pages[1:])
    rendered = receive(upload(data)).pages
    assert [(page.width, page.height) for page in rendered] == [(2400, 1095)] * 2


def test_one_bad_page_refuses_the_whole_file(individual, stored_files) -> None:
    small = Image.new("RGB", (2, 2))
    data = encoded(drawing(), "TIFF", save_all=True, append_images=[small])
    (outcome,) = intake.submit(
        owner=individual, uploads=[upload(data)], kind=Kind.DIGIT, source=Source.UPLOAD
    )
    assert outcome.refusal.code == "too_small"
    assert not stored_files()


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_too_many_pages_are_refused(settings, kind) -> None:
    settings.UPLOAD_MAX_PAGES = 2
    data = encoded(drawing(), kind, save_all=True, append_images=[drawing(), drawing()])
    with pytest.raises(RefusedUpload) as refusal:
        receive(upload(data))
    assert refusal.value.code == "too_many_pages"
    assert "2 pages" in refusal.value.message


def test_a_document_that_takes_too_long_is_refused_as_such(
    individual, stored_files, monkeypatch
) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.01)
    (outcome,) = intake.submit(
        owner=individual, uploads=[upload(PDF)], kind=Kind.DIGIT, source=Source.UPLOAD
    )
    assert outcome.refusal.code == "too_slow"
    assert not stored_files()


def test_files_are_removed_when_the_rows_are_not_stored(
    individual, stored_files, monkeypatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recognition.models.RecognitionRun.save", full)
    with pytest.raises(OSError, match="No space"):
        intake.submit(owner=individual, uploads=[upload()], kind=Kind.DIGIT, source=Source.UPLOAD)
    assert not stored_files()
    assert not Submission.objects.exists()


def test_stored_names_hold_nothing_of_the_given_one(individual, submit) -> None:
    submission = submit(individual, name="../../etc/<img src=x>.png")
    assert submission.file_name == "_img src=x_.png"
    assert "img" not in submission.image.name
    assert submission.image.name != submit(individual).image.name


@given(st.text(max_size=300))
def test_a_cleaned_name_is_safe_and_fits(name) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= MAX_NAME
    assert not set(clean) & set('/\\<>:"|?*&\0\n\r\u202e')
    assert clean not in {".", ".."}
    assert clean_name(clean) == clean


@hypothesis_settings(deadline=None)  # a PDF starts a process
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", PNG[:40], JPEG[:200], b"II*\0", b"RIFF\0\0\0\0WEBP"]),
)
def test_garbage_is_refused_and_never_crashes(garbage, start) -> None:
    with pytest.raises(RefusedUpload):
        receive(upload(start + garbage))
