"""``manage.py replay RUN``: read the same bytes again, with the same networks, and compare."""

import sys
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.engine.errors import EngineError
from recognition.models import RecognitionRun
from recognition.services import replaying


class Command(BaseCommand):
    help = "Read a run's image again as it was read; exit with 1 where anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=uuid.UUID, help="the run's id")

    def handle(self, *_args: Any, run: uuid.UUID, **_options: Any) -> None:
        found = RecognitionRun.objects.select_related("submission").filter(pk=run).first()
        if found is None:
            raise CommandError(f"There is no run {run}.")
        try:
            differences = list(replaying.differences(found))
        except replaying.CannotReplay as refusal:
            raise CommandError(f"Run {run} can't be replayed: {refusal}.") from refusal
        except EngineError as error:
            raise CommandError(f"Run {run} can't be read again: {error.code}.") from error
        for difference in differences:
            self.stdout.write(difference)
        if differences:
            sys.exit(1)
        networks = ", ".join(f"{one['name']} {one['version']}" for one in found.models_used)
        self.stdout.write(f"identical; engine {found.engine_version}, {networks}")
