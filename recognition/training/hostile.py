"""Files that were damaged by chance or made to hurt: for trying what takes files from strangers.

The same seed gives the same files. They are of three sorts: images of something else than a cheque,
in every form that the formats have; these with bits turned, cut off or joined to other files; and
files whose headers lie about what follows.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from recognition.engine.types import Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.layouts import ALL_LAYOUTS

Pixels = NDArray[np.uint8]

_DAMAGED = 0.55
_LYING = 0.12
_WIDE_RANGE = 65535
_WORDS = ("pay", "0123456789", "$", "date", "17/03/2026", "or bearer", "000000", "₹ 5,000/-")
_LARGE = 0.03  # of the images; the others are made smaller, for their number
_SMALL_PIXELS = 50_000
_PDFS = 0.05  # of the images that would become one: each is rendered in a process of its own
_LARGEST_MEGAPIXELS = 70
_RARE = 800  # one file in so many is as large as is taken, or a little larger


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, and how it was made."""

    name: str
    data: bytes


def hostile_files(count: int, seed: int) -> Iterator[Hostile]:
    """Yield so many files."""
    rng = np.random.default_rng(seed)
    scenes = _Scenes(rng)
    for number in range(count):
        if number % _RARE == _RARE - 1:
            yield _largest(rng)
        elif rng.random() < _LYING:
            yield _LIES[rng.integers(len(_LIES))](rng)
        else:
            yield _image_of(scenes, rng)


def _image_of(scenes: "_Scenes", rng: np.random.Generator) -> Hostile:
    scene, pixels = scenes.any()
    form = list(_FORMS)[rng.integers(len(_FORMS))]
    if form == "PDF" and rng.random() > _PDFS:
        form = "JPEG"
    try:
        data = _FORMS[form](pixels, rng)
    except OSError:  # no such image can be written in this form
        form = "PNG"
        data = _FORMS[form](pixels, rng)
    name = f"{scene}, {form}"
    if rng.random() < _DAMAGED:
        damage = list(_DAMAGES)[rng.integers(len(_DAMAGES))]
        data = _DAMAGES[damage](data, rng)
        name = f"{name}, {damage}"
    return Hostile(name, data)


class _Scenes:
    """What images show."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        today = date(2026, 3, 1)
        self._cheques = [
            draw_cheque(
                Kind.CHEQUE, rng, today=today, layout=layout, pixels_a_mm=rng.uniform(3, 8)
            ).pixels
            for layout in ALL_LAYOUTS
        ]
        self._makers: dict[str, Callable[[], Pixels]] = {
            "cheque": self._cheque,
            "cheque turned": self._turned,
            "cheque stretched": self._stretched,
            "part of a cheque": self._part,
            "page of text": self._text,
            "noise": self._noise,
            "one colour": self._plain,
            "pattern": self._pattern,
            "a few pixels": self._tiny,
            "long strip": self._strip,
        }

    def any(self) -> tuple[str, Pixels]:
        """Return a scene's name and its BGR pixels."""
        name = list(self._makers)[self._rng.integers(len(self._makers))]
        pixels = self._makers[name]()
        scale = (_SMALL_PIXELS / (pixels.shape[0] * pixels.shape[1])) ** 0.5
        if scale < 1 and self._rng.random() > _LARGE:
            size = tuple(max(1, round(side * scale)) for side in pixels.shape[1::-1])
            pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        return name, pixels

    def _cheque(self) -> Pixels:
        return self._cheques[self._rng.integers(len(self._cheques))]

    def _turned(self) -> Pixels:
        pixels = self._cheque()
        height, width = pixels.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), self._rng.uniform(0, 360), 0.8)
        return np.asarray(cv2.warpAffine(pixels, turn, (width, height)), np.uint8)

    def _stretched(self) -> Pixels:
        size = (int(self._rng.integers(8, 3000)), int(self._rng.integers(8, 1500)))
        return np.asarray(cv2.resize(self._cheque(), size), np.uint8)

    def _part(self) -> Pixels:
        pixels = self._cheque()
        height, width = pixels.shape[:2]
        top, left = int(self._rng.integers(0, height - 8)), int(self._rng.integers(0, width - 8))
        return np.ascontiguousarray(pixels[top:, left:])

    def _text(self) -> Pixels:
        page = Image.new("RGB", (850, 1100), "white")
        pen = ImageDraw.Draw(page)
        for line in range(40):
            chosen = self._rng.choice(_WORDS, 12)
            pen.text((40, 30 + 26 * line), " ".join(chosen), fill="black", font_size=18)
        return np.asarray(page, np.uint8)

    def _noise(self) -> Pixels:
        shape = (int(self._rng.integers(8, 700)), int(self._rng.integers(8, 1400)), 3)
        return self._rng.integers(0, 256, shape, dtype=np.uint8)

    def _plain(self) -> Pixels:
        shape = (int(self._rng.integers(8, 1200)), int(self._rng.integers(8, 2400)), 3)
        return np.full(shape, self._rng.integers(0, 256, 3), np.uint8)

    def _pattern(self) -> Pixels:
        """Return marks at one pitch, as rows of figures, combs and frames have them."""
        height, width = int(self._rng.integers(60, 900)), int(self._rng.integers(60, 1800))
        pixels = np.full((height, width, 3), 255, np.uint8)
        pitch, mark = int(self._rng.integers(2, 60)), int(self._rng.integers(1, 40))
        pixels[:, ::pitch] = 0
        if self._rng.random() < 0.7:  # most are marks, the others lines
            pixels[:: max(mark, 2)] = self._rng.integers(0, 256)
        return pixels

    def _tiny(self) -> Pixels:
        shape = (int(self._rng.integers(1, 24)), int(self._rng.integers(1, 24)), 3)
        return self._rng.integers(0, 256, shape, dtype=np.uint8)

    def _strip(self) -> Pixels:
        short, long = int(self._rng.integers(1, 40)), int(self._rng.integers(2000, 30000))
        shape = (short, long, 3) if self._rng.random() < 0.5 else (long, short, 3)
        return self._rng.integers(0, 256, shape, dtype=np.uint8)


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _rgb(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels[..., ::-1]))


def _jpeg(pixels: Pixels, rng: np.random.Generator) -> bytes:
    mode = str(rng.choice(["RGB", "L", "CMYK", "YCbCr"]))
    exif = Image.Exif()
    exif[0x0112] = int(rng.integers(0, 10))  # how it is turned; 0 and 9 are none of the eight
    return _saved(
        _rgb(pixels).convert(mode), "JPEG", quality=int(rng.integers(1, 100)), exif=exif,
        progressive=bool(rng.integers(2)),
    )  # fmt: skip


def _png(pixels: Pixels, rng: np.random.Generator) -> bytes:
    mode = str(rng.choice(["RGB", "L", "LA", "RGBA", "P", "1", "I;16"]))
    if mode == "I;16":
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint16) * 257
        return cv2.imencode(".png", grey)[1].tobytes()
    image = _rgb(pixels).convert(mode)
    if mode == "P" and rng.random() < 0.5:  # with a colour that is clear
        image.info["transparency"] = int(rng.integers(256))
    if mode in {"LA", "RGBA"}:
        image.putalpha(int(rng.integers(256)))
    return _saved(image, "PNG", compress_level=1)


def _png_16(pixels: Pixels, rng: np.random.Generator) -> bytes:
    clear = rng.integers(0, _WIDE_RANGE, (*pixels.shape[:2], 1), dtype=np.uint16)
    return cv2.imencode(".png", np.dstack([pixels.astype(np.uint16) * 257, clear]))[1].tobytes()


def _tiff(pixels: Pixels, rng: np.random.Generator) -> bytes:
    mode = str(rng.choice(["1", "L", "RGB", "RGBA", "CMYK", "P", "F", "I;16", "LAB"]))
    packing = str(rng.choice(["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"]))
    image = _rgb(pixels)
    if mode == "1":
        packing = str(rng.choice(["group3", "group4"]))
    elif mode == "LAB":
        packing = "raw"
        image = Image.merge("LAB", image.split())
    image = image.convert("L").convert(mode) if mode in {"F", "I;16"} else image
    image = image if image.mode == mode else image.convert(mode)
    more = [image] * int(rng.integers(0, 3))
    return _saved(image, "TIFF", compression=packing, save_all=True, append_images=more)


def _tiff_float(pixels: Pixels, _rng: np.random.Generator) -> bytes:
    return cv2.imencode(".tiff", pixels.astype(np.float32) / 3 - 20)[1].tobytes()


def _bmp(pixels: Pixels, rng: np.random.Generator) -> bytes:
    return _saved(_rgb(pixels).convert(str(rng.choice(["1", "L", "P", "RGB", "RGBA"]))), "BMP")


def _webp(pixels: Pixels, rng: np.random.Generator) -> bytes:
    side = 16383
    image = _rgb(pixels[:side, :side]).convert(str(rng.choice(["RGB", "RGBA"])))
    more = [image.transpose(Image.Transpose.ROTATE_180)] * int(rng.integers(0, 2))
    lossless = image.width * image.height < 200_000 and bool(rng.integers(2))
    return _saved(
        image, "WEBP", quality=int(rng.integers(1, 100)), lossless=lossless, method=0,
        save_all=bool(more), append_images=more,
    )  # fmt: skip


def _gif(pixels: Pixels, _rng: np.random.Generator) -> bytes:
    return _saved(_rgb(pixels).convert("P"), "GIF")


def _pdf(pixels: Pixels, _rng: np.random.Generator) -> bytes:
    return _saved(_rgb(pixels), "PDF")


_FORMS: dict[str, Callable[[Pixels, np.random.Generator], bytes]] = {
    "JPEG": _jpeg,
    "progressive or grey JPEG": _jpeg,
    "PNG": _png,
    "16-bit PNG": _png_16,
    "TIFF": _tiff,
    "TIFF of floats": _tiff_float,
    "BMP": _bmp,
    "WEBP": _webp,
    "GIF": _gif,
    "PDF": _pdf,
}


def _flip(data: bytes, rng: np.random.Generator) -> bytes:
    flipped = np.frombuffer(data, np.uint8).copy()
    many = int(2 ** rng.uniform(0, 9))
    reach = min(len(flipped), 1000) if rng.random() < 0.5 else len(flipped)
    flipped[rng.integers(0, reach, many)] ^= np.uint8(1) << rng.integers(0, 8, many, dtype=np.uint8)
    return flipped.tobytes()


def _cut_off(data: bytes, rng: np.random.Generator) -> bytes:
    return data[: int(rng.integers(0, len(data)))]


def _hole(data: bytes, rng: np.random.Generator) -> bytes:
    start = int(rng.integers(0, len(data)))
    end = min(len(data), start + int(2 ** rng.uniform(0, 14)))
    filler = b"\0" * (end - start) if rng.random() < 0.5 else b""
    return data[:start] + filler + data[end:]


def _repeated(data: bytes, rng: np.random.Generator) -> bytes:
    start = int(rng.integers(0, len(data)))
    piece = data[start : start + int(rng.integers(1, 4000))]
    return data[:start] + piece * int(rng.integers(2, 20)) + data[start:]


def _joined(data: bytes, rng: np.random.Generator) -> bytes:
    others = (
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"<html><script>alert(1)</script>",
        b"GIF89a",
        b"\0" * 64,
    )
    other = others[rng.integers(len(others))]
    return other + data if rng.random() < 0.5 else data + other + data[:500]


_DAMAGES: dict[str, Callable[[bytes, np.random.Generator], bytes]] = {
    "bits turned": _flip,
    "cut off": _cut_off,
    "with a hole": _hole,
    "with a part many times": _repeated,
    "joined to another file": _joined,
}


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png_of(width: int, height: int, packed: bytes, depth: int = 8, colour: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", packed)
        + _chunk(b"IEND", b"")
    )


def _huge_header(rng: np.random.Generator) -> Hostile:
    width, height = (int(2 ** rng.uniform(0, 31)) for _ in range(2))
    return Hostile(
        "PNG whose header says any size", _png_of(width, height, zlib.compress(b"\0" * 99))
    )


def _bomb(rng: np.random.Generator) -> Hostile:
    width, height = int(rng.integers(1, 60000)), int(rng.integers(1, 60000))
    packed = zlib.compress(bytes(10_000_000), 9)
    return Hostile("PNG that unpacks to ten million noughts", _png_of(width, height, packed))


def _bmp_header(rng: np.random.Generator) -> Hostile:
    width, height = (int(rng.integers(-(2**31), 2**31)) for _ in range(2))
    depth = int(rng.choice([0, 1, 4, 8, 16, 24, 32, 64]))
    body = struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, 0, 0, 0, 0, 0, 0)
    data = b"BM" + struct.pack("<IHHI", 54 + 100, 0, 0, 54) + body + bytes(100)
    return Hostile("BMP whose header says any size", data)


def _tiff_loop(rng: np.random.Generator) -> Hostile:
    entries = int(rng.integers(0, 400))
    tags = b"".join(
        struct.pack(
            "<HHII",
            int(
                rng.choice([256, 257, 258, 259, 262, 273, 277, 278, 279, int(rng.integers(65535))])
            ),
            int(rng.integers(0, 14)),
            int(2 ** rng.uniform(0, 31)),
            int(2 ** rng.uniform(0, 31)),
        )
        for _ in range(entries)
    )
    data = b"II*\0" + struct.pack("<IH", 8, entries) + tags + struct.pack("<I", 8)
    return Hostile("TIFF with any tags, followed by itself", data)


def _nonsense(rng: np.random.Generator) -> Hostile:
    starts = (
        b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"BM", b"%PDF-1.4\n",
        b"RIFF\xff\xff\xff\x7fWEBPVP8 ", b"<svg xmlns='http://www.w3.org/2000/svg'>",
    )  # fmt: skip
    start = starts[rng.integers(len(starts))]
    return Hostile("nonsense", start + rng.bytes(int(rng.integers(0, 3000))))


def _nothing(_rng: np.random.Generator) -> Hostile:
    return Hostile("no bytes", b"")


_LIES = (_huge_header, _bomb, _bmp_header, _tiff_loop, _nonsense, _nonsense, _nonsense, _nothing)


def _largest(rng: np.random.Generator) -> Hostile:
    """Return an image as large as is taken or larger, of one colour, with or without opacity."""
    megapixels = rng.uniform(0.8, 1.0) * _LARGEST_MEGAPIXELS
    width = int(rng.integers(3000, 20000))
    height = int(megapixels * 1e6 / width)
    channels = int(rng.choice([1, 3, 4]))
    colour = {1: 0, 3: 2, 4: 6}[channels]
    row = b"\0" + bytes([int(rng.integers(256))]) * (width * channels)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return Hostile(
        f"PNG as large as is taken, {channels} channels",
        _png_of(width, height, packed, colour=colour),
    )
