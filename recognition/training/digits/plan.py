"""One configuration file a model, read into what the steps take."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from recognition.training.digits.augment import Strength
from recognition.training.digits.preparation import Split

DEFAULT_PLAN = Path(__file__).with_name("config.toml")


@dataclass(frozen=True, slots=True)
class Plan:
    """All choices of one training; the file's comments say what each is."""

    seed: int
    epochs: int
    batch: int
    learning_rate: float
    warm_up_epochs: int
    weight_decay: float
    label_smoothing: float
    dropout: float
    average: float
    blocks: tuple[int, ...]
    split: Split
    augmentation: Strength
    samples: dict[str, int]


def load_plan(path: Path = DEFAULT_PLAN) -> Plan:
    """Return the plan in a TOML file.

    Raises:
        TypeError: a choice is missing or unknown.
    """
    choices = tomllib.loads(path.read_text(encoding="utf-8"))
    return Plan(
        **{
            **choices,
            "blocks": tuple(choices["blocks"]),
            "split": Split(**choices["split"]),
            "augmentation": Strength(**choices["augmentation"]),
        }
    )
