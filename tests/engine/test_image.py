"""Bytes to pixels."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.image import MAX_PIXELS, decode, split_planes


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "I;16"])
@pytest.mark.parametrize("form", ["PNG", "TIFF", "JPEG"])
def test_every_kind_of_image_becomes_three_channels_of_eight_bits(mode, form):
    try:
        data = encoded(Image.new(mode, (40, 20)), form)
    except (OSError, ValueError, KeyError):
        return  # this format has no such images
    pixels = decode(data)
    assert (pixels.shape, pixels.dtype) == ((20, 40, 3), np.uint8)


def test_transparent_places_are_white_paper():
    image = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 20, 20))
    pixels = decode(encoded(image))
    assert pixels[2, 2].tolist() == [255, 255, 255]
    assert pixels[15, 15].tolist() == [0, 0, 0]


def test_a_photo_is_turned_as_its_camera_says():
    image = Image.new("RGB", (60, 20), "white")
    image.paste("black", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn a quarter clockwise
    pixels = decode(encoded(image, "JPEG", exif=exif))
    assert pixels.shape == (60, 20, 3)
    assert pixels[5].mean() < 60
    assert pixels[50].mean() > 200


@pytest.mark.parametrize(
    "data", [b"", b"no image at all", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='x'/>", b"GIF89a"]
)
def test_what_is_no_image_is_refused_with_a_code(data):
    with pytest.raises(EngineError) as caught:
        decode(data)
    assert caught.value.code == ErrorCode.UNREADABLE_IMAGE


def test_a_file_cut_short_is_read_as_far_as_it_goes_or_refused():
    rng = np.random.default_rng(1)
    data = encoded(Image.fromarray(rng.integers(0, 256, (200, 200, 3), np.uint8)))
    with pytest.raises(EngineError):
        decode(data[: len(data) // 40])


def test_a_bomb_is_refused_before_its_pixels_are_made():
    side = int(MAX_PIXELS**0.5) + 1000
    data = encoded(Image.new("1", (side, side)))
    assert len(data) < 100_000
    with pytest.raises(EngineError) as caught:
        decode(data)
    assert caught.value.code == ErrorCode.IMAGE_TOO_LARGE


def test_a_speck_is_refused():
    with pytest.raises(EngineError) as caught:
        decode(encoded(Image.new("L", (5, 300))))
    assert caught.value.code == ErrorCode.IMAGE_TOO_SMALL


def test_coloured_print_vanishes_and_black_ink_stays():
    pixels = np.full((9, 9, 3), (240, 200, 150), np.uint8)
    pixels[4, 4] = (30, 30, 30)
    grey = split_planes(pixels).plain
    assert grey[0, 0] == 240
    assert grey[4, 4] == 30
    assert cv2.mean(grey)[0] > 230


def test_scattered_dots_become_the_grey_that_they_stand_for():
    grey = Image.new("L", (120, 60), 200)
    grey.paste(60, (50, 20, 70, 40))

    pixels = decode(encoded(grey.convert("1")))

    assert pixels[5:-5, 5:40].min() > 100
    assert abs(pixels[5:-5, 5:40].mean() - 200) < 8
    assert abs(pixels[24:36, 54:66].mean() - 60) < 12


def test_strokes_in_black_and_white_stay_as_they_are():
    strokes = np.full((60, 120), 255, np.uint8)
    cv2.putText(strokes, "1974", (10, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2)

    black = Image.fromarray(strokes > 128)

    pixels = decode(encoded(black))

    assert np.array_equal(pixels[..., 0], np.asarray(black) * 255)


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def test_a_header_beyond_what_pillow_opens_is_told_as_too_large():
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(bytes(40)))
    with pytest.raises(EngineError) as caught:
        decode(data)
    assert caught.value.code == ErrorCode.IMAGE_TOO_LARGE
