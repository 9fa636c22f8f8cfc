"""Measure how long the parser of amounts in words takes: ``manage.py benchmark_words``."""

import statistics
import time
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandParser

from recognition.engine.words.grammar import parse_words
from recognition.engine.words.lexicon import LETTERS
from recognition.training.cheques.words import in_words

_SEED = 7
_MISREAD = 0.06  # of the letters; what the reader makes of real lines is of that order


class Command(BaseCommand):
    help = (
        "Parse made-up amounts in words, of one to nine figures, some letters misread, and print "
        "how long one takes and how many come back to their value."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lines", type=int, default=500)

    def handle(self, **options: Any) -> None:
        rng = np.random.default_rng(_SEED)
        took, right = [], 0
        for _ in range(options["lines"]):
            amount = int(10 ** rng.uniform(0, 9))
            line = _misread(in_words(amount, rng), rng)
            begin = time.process_time()
            found = parse_words(line, 1)
            took.append(1000 * (time.process_time() - begin))
            right += bool(found) and found[0].value == f"{amount}.00"
        slow = statistics.quantiles(took, n=20)[-1]
        self.stdout.write(
            f"{len(took)} lines, {_MISREAD:.0%} of the letters misread: median "
            f"{statistics.median(took):.1f} ms, 95 % within {slow:.1f} ms of one processor; "
            f"{right} with their own value first"
        )


def _misread(line: str, rng: np.random.Generator) -> str:
    return "".join(
        str(rng.choice(list(LETTERS))) if letter.isalpha() and rng.random() < _MISREAD else letter
        for letter in line
    )
