"""Settings to engine: the one bridge, and the one reader of a process.

Workers alone come here. The engine is imported when the first reader is built, so that nothing that
merely names this module pays for the tensor runtime.
"""

import threading
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NotRequired, Protocol, TypedDict

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from recognition.engine.policy import Policy, ReadWords
from recognition.engine.terms import Terms, terms_from
from recognition.engine.types import Kind, Lie, Reading
from recognition.layouts.models import CountryRule, PaperLayout, SealedLayout
from recognition.models import ModelVersion

if TYPE_CHECKING:
    from recognition.engine.layouts.layout import Anchor
    from recognition.engine.layouts.measure import SampleFault

Versions = dict[str, str]


class Circumstances(TypedDict):
    """What a reading depends on beside the image and the networks.

    ``layouts`` are names of sealed ones; ``countries`` what a bank asks of each country's items.
    """

    words: str
    words_from: int | None
    layouts: NotRequired[list[str]]
    countries: NotRequired[dict[str, dict[str, Any]]]


def current_circumstances(bank: str | None = None) -> Circumstances:
    """Return what the settings say now, and what holds for a bank's items, if it is for some."""
    found: Circumstances = {"words": settings.READ_WORDS, "words_from": settings.READ_WORDS_FROM}
    if bank is not None:
        live = PaperLayout.objects.filter(is_active=True).order_by("pk")
        found["layouts"] = [layout.name for layout in live]
        # The bank's own rule comes last and stands.
        rules = CountryRule.objects.filter(bank__in={bank, ""}).order_by("bank")
        found["countries"] = {
            rule.country: {"valid_months": rule.valid_months, "date_order": rule.date_order}
            for rule in rules
        }
    return found


def terms_of(circumstances: Circumstances) -> Terms:
    """Return the terms under which a bank's items are read."""
    names = circumstances.get("layouts", [])
    sealed = {one.name: one.data for one in SealedLayout.objects.filter(name__in=names)}
    return terms_from(
        {
            "layouts": [sealed[name] for name in names],
            "countries": circumstances.get("countries", {}),
        }
    )


class Reader(Protocol):
    """What reads an image; ``recognition.engine.pipeline.Reader`` is one."""

    def read(
        self,
        data: bytes,
        kind: Kind,
        *,
        today: date | None = None,
        terms: Terms | None = None,
        on_figures: Callable[[Reading], None] | None = None,
        at: Lie | None = None,
    ) -> Reading:
        """Return all that can be read, or raise ``EngineError``.

        ``at`` is where on its page the item lies, where it shares one.
        ``terms`` hold for the bank whose item it is. ``on_figures`` is told all but the amount in
        words before these are read, if they are.
        """
        ...

    def measure_sample(
        self, data: bytes, size_mm: tuple[float, float], anchor: "Anchor"
    ) -> "tuple[float, float] | SampleFault":
        """Return where the MICR line's anchor stands on a sample of a layout, or why none does."""
        ...


_lock = threading.Lock()
_loaded: tuple[Versions, Reader] | None = None
_scorer: tuple[Versions, "Scorer"] | None = None


def active_versions() -> Versions:
    """Return the version of each network that is to read now."""
    active = ModelVersion.objects.filter(is_active=True)
    return dict(active.order_by("name").values_list("name", "version"))


def get_reader() -> Reader:
    """Return this process's reader, built anew when another version was made active.

    Raises:
        EngineError: a network is missing or is not the file that was recorded.
    """
    global _loaded  # noqa: PLW0603 - loading takes longer than reading, so once a process
    versions = active_versions()
    with _lock:
        if _loaded is None or _loaded[0] != versions:
            _loaded = (versions, build_reader(versions))
        return _loaded[1]


class Scorer(Protocol):
    """What scores batches of images of single digits; ``version`` is its network's."""

    version: str

    def score(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map (n, height, width) to calibrated probabilities (n, 11), or raise ``EngineError``."""
        ...


def get_scorer() -> Scorer:
    """Return this process's scorer, built anew when another version was made active."""
    global _scorer  # noqa: PLW0603 - once a process, as the reader
    versions = active_versions()
    with _lock:
        if _scorer is None or _scorer[0] != versions:
            _scorer = (versions, build_scorer(versions))
        return _scorer[1]


def build_scorer(versions: Versions) -> Scorer:
    """Load the digit network alone."""
    from recognition.engine.scoring import DigitScorer  # noqa: PLC0415 - see above

    return DigitScorer(settings.MODELS_DIR, version=versions.get("digits"))


def build_reader(versions: Versions, circumstances: Circumstances | None = None) -> Reader:
    """Load these versions of the networks; of a network not named, what the models folder says.

    ``circumstances`` are those of an earlier reading, else what the settings say.
    """
    from recognition.engine.pipeline import Reader as Pipeline  # noqa: PLC0415 - see above

    found = circumstances or current_circumstances()
    policy = Policy(words=ReadWords(found["words"]), words_from=found["words_from"])
    return Pipeline(settings.MODELS_DIR, versions=versions, policy=policy)
