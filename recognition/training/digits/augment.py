"""Vary glyphs as pens, scanners and touch screens do: slope, size, place, stroke, blur, noise."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.engine.glyphs import GLYPH_SIZE

_FIELDS = 512
_MIDDLE = (GLYPH_SIZE - 1) / 2
_CENTRED_GRID = np.stack(
    [np.tile(np.arange(GLYPH_SIZE), GLYPH_SIZE), np.repeat(np.arange(GLYPH_SIZE), GLYPH_SIZE)]
).astype(np.float32) - np.float32(_MIDDLE)


@dataclass(frozen=True, slots=True)
class Strength:
    """How far a glyph is varied; lengths in pixels of the 28x28 glyph."""

    rotation_degrees: float
    shear: float
    scale: float
    shift: float
    elastic: float
    stroke_share: float
    blur_share: float
    noise_share: float


class Augmenter:
    """Applies one random affine map, one smooth warp and sometimes a change of stroke or focus."""

    def __init__(self, strength: Strength, seed: int) -> None:
        self._strength = strength
        self._rng = np.random.default_rng(seed)
        self._fields = _smooth_fields(self._rng)

    def __call__(self, glyphs: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return new glyphs of the same shape (n, 28, 28)."""
        maps = self._maps(len(glyphs))
        varied = np.empty_like(glyphs)
        for index, (glyph, (x, y)) in enumerate(zip(glyphs, maps, strict=True)):
            moved = cv2.remap(glyph, x, y, cv2.INTER_LINEAR, borderValue=0)
            varied[index] = self._retouch(np.asarray(moved, np.uint8))
        return varied

    def _maps(self, count: int) -> NDArray[np.float32]:
        """Return where each pixel of each new glyph is taken from: (n, 2, 28, 28), x before y."""
        strength, rng = self._strength, self._rng
        angle = np.deg2rad(rng.uniform(-1, 1, count) * strength.rotation_degrees)
        shear = rng.uniform(-1, 1, count) * strength.shear
        scale = 1 + rng.uniform(-1, 1, (count, 2)) * strength.scale
        cosine, sine = np.cos(angle), np.sin(angle)
        turn = np.stack([cosine, -sine, sine, cosine], 1).reshape(-1, 2, 2)
        slope = np.stack([scale[:, 0], shear, np.zeros(count), scale[:, 1]], 1).reshape(-1, 2, 2)
        shift = rng.uniform(-1, 1, (count, 2, 1)) * strength.shift
        linear = (turn @ slope).astype(np.float32)
        places = linear @ _CENTRED_GRID + (shift + _MIDDLE).astype(np.float32)
        field = places.reshape(count, 2, GLYPH_SIZE, GLYPH_SIZE)
        amount = rng.uniform(0, strength.elastic, (count, 1, 1, 1)).astype(np.float32)
        field = field + self._fields[rng.integers(_FIELDS, size=count)] * amount
        return np.asarray(field, np.float32)

    def _retouch(self, glyph: NDArray[np.uint8]) -> NDArray[np.uint8]:
        strength, rng = self._strength, self._rng
        chance = rng.random(3)
        if chance[0] < strength.stroke_share:
            change = cv2.dilate if chance[0] < strength.stroke_share / 2 else cv2.erode
            changed = change(glyph, np.ones((2, 2), np.uint8))
            glyph = np.asarray(cv2.addWeighted(glyph, 0.4, changed, 0.6, 0), np.uint8)
        if chance[1] < strength.blur_share:
            spread = float(rng.uniform(0.4, 1.0))
            glyph = np.asarray(cv2.GaussianBlur(glyph, (0, 0), spread), np.uint8)
        if chance[2] < strength.noise_share:
            noise = rng.normal(0, rng.uniform(3, 25), glyph.shape)
            glyph = np.clip(glyph * rng.uniform(0.6, 1) + noise, 0, 255).astype(np.uint8)
        return glyph


def _smooth_fields(rng: Generator) -> NDArray[np.float32]:
    """Return displacement fields of about one pixel: Simard et al. 2003, "Best practices ..."."""
    coarse = rng.normal(0, 1, (_FIELDS * 2, 5, 5)).astype(np.float32)
    side = (GLYPH_SIZE, GLYPH_SIZE)
    fields = [cv2.resize(field, side, interpolation=cv2.INTER_CUBIC) for field in coarse]
    return np.stack(fields).reshape(_FIELDS, 2, *side).astype(np.float32)
