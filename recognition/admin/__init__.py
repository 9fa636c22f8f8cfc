"""Moderation: each module registers its tables."""

from recognition.admin import networks, readings, runs, submissions

__all__ = ["networks", "readings", "runs", "submissions"]
