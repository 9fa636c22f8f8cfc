"""``manage.py fetch_datasets``: get the training data, or say how to get what is missing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.training.datasets import (
    REGISTRY,
    DataFolders,
    DataMissingError,
    describe_missing,
)


class Command(BaseCommand):
    help = "Fetch the registered digit data sets, and list what is missing and how to get it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, action="append", default=[], metavar="DIR")
        parser.add_argument("--cache", type=Path, default=Path("var/datasets"), metavar="DIR")

    def handle(self, *_args: Any, **options: Any) -> None:
        folders = DataFolders(options["data"], options["cache"])
        for file in folders.missing():
            try:
                folders.fetch(file)
            except DataMissingError as error:
                self.stderr.write(str(error))
        missing = folders.missing()
        for file in REGISTRY.values():
            state = "missing" if file in missing else "ready"
            self.stdout.write(f"{state:8} {file.name:28} {file.licence:14} {file.title}")
        if missing:
            raise CommandError(describe_missing(missing))
