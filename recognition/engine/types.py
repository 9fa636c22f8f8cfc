"""What a reading is made of: frozen data, without images, paths or loggers.

Boxes are in pixels of the upright image that was read, origin top left. Confidences are calibrated
probabilities in [0, 1]; raw network outputs are called scores and never leave the engine.
"""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an image shows, as its owner says."""

    DIGIT = "digit"
    NUMBER = "number"
    CHEQUE = "cheque"
    DEMAND_DRAFT = "demand_draft"


class FieldName(StrEnum):
    """The fields that are read. A digit or a number has one field of its own name."""

    DIGIT = "digit"
    NUMBER = "number"
    COURTESY_AMOUNT = "courtesy_amount"
    LEGAL_AMOUNT = "legal_amount"
    DATE = "date"
    ACCOUNT_NUMBER = "account_number"
    CHEQUE_NUMBER = "cheque_number"
    MICR_LINE = "micr_line"


# Every reading of a cheque has these; the legal amount only where the policy has words read.
CHEQUE_FIELDS = (
    FieldName.COURTESY_AMOUNT,
    FieldName.DATE,
    FieldName.ACCOUNT_NUMBER,
    FieldName.CHEQUE_NUMBER,
    FieldName.MICR_LINE,
)


class Verdict(StrEnum):
    """What a rule says. A rule that fails is never outweighed by a confidence."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; ``x`` and ``y`` are its top left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One hypothesis for a value."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class DigitShape:
    """What one handwritten digit looks like; see ``recognition.engine.shape`` for the formulas."""

    slant_degrees: float
    stroke_width: float
    height: float
    aspect: float
    centre_x: float
    centre_y: float
    baseline_offset: float
    loops: int


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a field. ``value`` is the reading, ``alternatives`` the other candidates."""

    value: str
    confidence: float
    alternatives: tuple[Candidate, ...] = ()
    box: Box | None = None
    shape: DigitShape | None = None


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field: its value in canonical form (``None``: nothing to read), and the evidence.

    Canonical forms: amounts as plain decimal strings (``"5340000.00"``), dates in ISO form, MICR
    lines with the Unicode E-13B symbols, all other fields as digits. ``raw_text`` is what stands on
    the paper, marks included. ``accepted`` is the verdict of the reading policy; whatever is not
    accepted is for a person. ``notes`` says what a grammar changed and why something is doubtful.
    """

    name: FieldName
    value: str | None
    raw_text: str
    confidence: float
    accepted: bool
    box: Box | None = None
    characters: tuple[Character, ...] = ()
    alternatives: tuple[Candidate, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict of one rule about the item, with the clearing return code it would lead to."""

    rule: str
    verdict: Verdict
    reason: str
    return_code: str = ""


@dataclass(frozen=True, slots=True)
class QualityMetric:
    """One image-quality measure: its value, its limit, and advice that a person can act on."""

    name: str
    value: float
    limit: float
    verdict: Verdict
    advice: str = ""


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which network took part in a reading."""

    name: str
    version: str
    sha256: str


MOST_ON_A_PAGE = 8
"""Cheques that are looked for in one image: where so many were found, there may be more."""


@dataclass(frozen=True, slots=True)
class Lie:
    """How a sheet lies in an image, where the image had to be made flat to be read.

    ``corners`` are the sheet's in the image as it came, in pixels, clockwise from its own top left.
    ``to_image`` is the homography, nine numbers row by row, from the flat view of ``width`` by
    ``height`` pixels to the image as it came.
    """

    corners: tuple[tuple[float, float], ...]
    to_image: tuple[float, ...]
    width: int
    height: int
    tilt_degrees: float
    resolution_dpi: float
    cut_off_mm: float


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one image.

    ``quarter_turns`` clockwise bring the image as it came upright, or it was made flat as ``lie``
    says; ``width``, ``height`` and all boxes are those of the upright or flat image. ``others`` are
    further cheques in the image, each to be read ``at`` its place. ``fingerprint`` marks what a
    cheque or draft looks like, see ``recognition.engine.fingerprint``; ``layout`` names what said
    where its fields stand.
    """

    kind: Kind
    width: int
    height: int
    fields: tuple[FieldReading, ...]
    checks: tuple[Check, ...] = ()
    quality: tuple[QualityMetric, ...] = ()
    quarter_turns: int = 0
    lie: Lie | None = None
    others: tuple[Lie, ...] = ()
    fingerprint: str = ""
    layout: str = ""
    engine_version: str = ""
    models: tuple[ModelIdentity, ...] = ()
    milliseconds: dict[str, float] = dataclasses.field(default_factory=dict)

    def field(self, name: FieldName) -> FieldReading | None:
        """Return the reading of one field, or ``None`` where the kind has no such field."""
        return next((reading for reading in self.fields if reading.name == name), None)
