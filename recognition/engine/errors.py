"""Failures that the engine means. Anything else that it raises is a bug."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Why an image could not be read: stable, and part of the public interface."""

    UNREADABLE_IMAGE = "unreadable_image"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_TOO_SMALL = "image_too_small"
    NO_CHEQUE_FOUND = "no_cheque_found"
    MODEL_MISSING = "model_missing"
    MODEL_CORRUPT = "model_corrupt"


class EngineError(Exception):
    """A reading that cannot be had, with a stable code and a sentence for a person."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
