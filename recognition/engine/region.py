"""A rectangle on the paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on a sheet, in millimetres from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float
