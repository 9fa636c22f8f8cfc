"""One configuration file a model, read into what the steps take."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from recognition.training.digits.augment import Strength
from recognition.training.digits.preparation import Split

DEFAULT_PLAN = Path(__file__).with_name("config.toml")


@dataclass(frozen=True, slots=True)
class Stage:
    """One run of the learning rate down to nothing, on data varied as this stage says."""

    epochs: int
    warm_up_epochs: float
    learning_rate: float
    label_smoothing: float
    average: float
    weighs_places: bool
    learns_validation: bool
    augmentation: Strength
    samples: dict[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """All choices of one training; the file's comments say what each is."""

    seed: int
    batch: int
    weight_decay: float
    dropout: float
    blocks: tuple[int, ...]
    split: Split
    stages: tuple[Stage, ...]


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
            "stages": tuple(
                Stage(**{**stage, "augmentation": Strength(**stage["augmentation"])})
                for stage in choices["stages"]
            ),
        }
    )
