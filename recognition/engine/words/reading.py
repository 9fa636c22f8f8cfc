"""What the lines of words say, as plain data."""

from dataclasses import dataclass

from recognition.engine.types import Box, Candidate


@dataclass(frozen=True, slots=True)
class WordsReading:
    """What the lines say: the letters, and the values they may mean, the likeliest first.

    ``candidates`` is empty where nothing was read that is an amount; their confidences are the
    shares of the values proposed among each other. ``breaks_grammar``: what was read, and read
    clearly, are words of an amount that make none.
    """

    text: str
    candidates: tuple[Candidate, ...]
    breaks_grammar: bool = False
    box: Box | None = None
