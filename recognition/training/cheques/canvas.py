"""Paper that is printed and written on, in millimetres."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognition.engine.region import Region
from recognition.engine.types import Box
from recognition.training.cheques.layouts import Layout

PRINT = (40, 35, 30)  # BGR of printing ink


class Canvas:
    """Paper that is drawn on in millimetres."""

    def __init__(
        self, size_mm: tuple[float, float], pixels_a_mm: float, rng: np.random.Generator
    ) -> None:
        self.scale = pixels_a_mm
        self.rng = rng
        self.size_mm = size_mm
        size = (round(size_mm[1] * pixels_a_mm), round(size_mm[0] * pixels_a_mm))
        self.pixels = np.full((*size, 3), 250, np.float32)

    def px(self, mm: float) -> int:
        """Return millimetres in whole pixels."""
        return round(mm * self.scale)

    def paper(self, layout: Layout) -> None:
        """Tint the sheet above the read band, with its security print."""
        band = self.px(self.size_mm[1] - 15.9)
        self.pixels[:band] = layout.tint
        y, x = np.mgrid[0:band, 0 : self.pixels.shape[1]].astype(np.float32) / self.scale
        if layout.pattern == "waves":
            lines = np.sin((y + 1.6 * np.sin(x / 7)) * 4) > 0.85
        elif layout.pattern == "net":
            lines = (np.sin((x + y) * 2.2) > 0.93) | (np.sin((x - y) * 2.2) > 0.93)
        else:
            return
        self.pixels[:band][lines] += 9

    def ink(self, mask: NDArray[np.uint8], x: int, y: int, colour: tuple[int, int, int]) -> Box:
        """Lay ink, 255 = full, with its top left at a pixel; what leaves the paper is lost."""
        x0, y0 = max(x, 0), max(y, 0)
        x1 = min(x + mask.shape[1], self.pixels.shape[1])
        y1 = min(y + mask.shape[0], self.pixels.shape[0])
        if x1 > x0 and y1 > y0:
            share = mask[y0 - y : y1 - y, x0 - x : x1 - x, None].astype(np.float32) / 255
            view = self.pixels[y0:y1, x0:x1]
            view += share * (np.array(colour, np.float32) - view)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            return Box(x, y, 0, 0)
        return Box(
            int(x + columns[0]), int(y + rows[0]),
            int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1),
        )  # fmt: skip

    def text(
        self, text: str, x: float, y: float, height: float, colour: tuple[int, int, int] = PRINT
    ) -> Box:
        """Print text whose figures are ``height`` mm high, its top left at (x, y) mm."""
        # Pillow carries this font itself, so that drawing needs no font of the system.
        font = ImageFont.load_default(size=height * self.scale / 0.72)
        left, top, right, bottom = font.getbbox(text)
        image = Image.new("L", (round(right - left) + 4, round(bottom - top) + 4))
        ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=font)
        return self.ink(np.asarray(image, np.uint8), self.px(x), self.px(y), colour)

    def frame(self, region: Region) -> None:
        """Rule a rectangle."""
        self.line(region.left, region.top, region.right, region.top)
        self.line(region.left, region.bottom, region.right, region.bottom)
        self.line(region.left, region.top, region.left, region.bottom)
        self.line(region.right, region.top, region.right, region.bottom)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Rule a line."""
        start, end = (self.px(x0), self.px(y0)), (self.px(x1), self.px(y1))
        cv2.line(self.pixels, start, end, PRINT, max(1, round(0.15 * self.scale)))

    def finished(self) -> NDArray[np.uint8]:
        """Return the scan: a little blur and noise."""
        soft = cv2.GaussianBlur(self.pixels, (0, 0), 0.06 * self.scale)
        noisy = soft + self.rng.normal(0, 2.0, soft.shape[:2])[..., None]
        return np.asarray(np.clip(noisy, 0, 255), np.uint8)

    def box(self, region: Region) -> Box:
        """Return a place in pixels."""
        left, top = self.px(region.left), self.px(region.top)
        return Box(left, top, self.px(region.right) - left, self.px(region.bottom) - top)
