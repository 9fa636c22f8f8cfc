"""Which readings are accepted without a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """A reading is accepted from this calibrated confidence on, if no rule speaks against it."""

    accept_at: float = 0.99
