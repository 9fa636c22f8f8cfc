"""Which readings are accepted without a person, and which items have their words read."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class ReadWords(StrEnum):
    """When the amount in words is read, which costs more than all else on a cheque."""

    NEVER = "never"
    DOUBTFUL = "doubtful"  # when the figures would go to a person
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Policy:
    """A reading is accepted from this calibrated confidence on, if no rule speaks against it.

    Under ``ReadWords.DOUBTFUL``, an amount of ``words_from`` whole units or more has its words
    read as well.
    """

    accept_at: float = 0.99
    words: ReadWords = ReadWords.NEVER
    words_from: int | None = None

    def wants_words(self, amount: str | None, *, is_accepted: bool) -> bool:
        """Tell whether an item with this amount in figures has its words read.

        ``is_accepted``: what is read in figures leaves nothing to be looked for in letters.

        >>> Policy(words=ReadWords.DOUBTFUL).wants_words("5.00", is_accepted=True)
        False
        """
        if self.words is not ReadWords.DOUBTFUL:
            return self.words is ReadWords.ALWAYS
        is_large = self.words_from is not None and Decimal(amount or 0) >= self.words_from
        return is_large or not is_accepted
