"""Look at what the string network learns from: ``manage.py show_strings --data DIR sheet.png``."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.training.datasets import DataFolders, DataMissingError
from recognition.training.strings.glyphs import font_files, training_pool
from recognition.training.strings.papers import Stationery
from recognition.training.strings.sheet import contact_sheet
from recognition.training.strings.synthesis import Synthesiser


class Command(BaseCommand):
    help = "Write a contact sheet of synthesised strings with their texts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--data", type=Path, action="append", required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--count", type=int, default=120)

    def handle(self, **options: Any) -> None:
        try:
            pool = training_pool(DataFolders(options["data"]))
        except DataMissingError as error:
            raise CommandError(str(error)) from error
        stationery = Stationery.make(np.random.default_rng(options["seed"]), font_files())
        synthesiser = Synthesiser(pool, stationery, options["seed"])
        page = contact_sheet([synthesiser.sample() for _ in range(options["count"])])
        if not cv2.imwrite(str(options["file"]), page):
            raise CommandError(f"{options['file']} cannot be written.")
