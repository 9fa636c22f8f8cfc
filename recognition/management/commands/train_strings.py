"""Train the string reader's network: ``manage.py train_strings --data DIR``."""

from pathlib import Path
from typing import Any

import tensorflow as tf
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.training.datasets import DataFolders, DataMissingError
from recognition.training.strings.batches import Press
from recognition.training.strings.glyphs import training_pool
from recognition.training.strings.publish import publish
from recognition.training.strings.train import Plan, Trainer, blended, steps_done, train


class Command(BaseCommand):
    help = "Train the string network on written strings; goes on where the folder left off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, action="append", required=True)
        parser.add_argument("--work", type=Path, default=Path("var/strings"))
        parser.add_argument("--widen", type=Path, help="Start from a narrower training's folder.")
        parser.add_argument("--minutes", type=float, default=60)
        parser.add_argument("--rate", type=float, default=1.5e-3)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--workers", type=int, default=1, help="Processes that write strings.")
        parser.add_argument("--threads", type=int, default=1)
        parser.add_argument("--publish", metavar="VERSION", help="Afterwards, ship the network.")
        parser.add_argument(
            "--blend",
            nargs=2,
            action="append",
            default=[],
            metavar=("FOLDER", "SHARE"),
            help="Mix an earlier training's weights into what is shipped.",
        )
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        tf.config.threading.set_intra_op_parallelism_threads(options["threads"])
        tf.config.threading.set_inter_op_parallelism_threads(1)
        trainer = None
        if options["minutes"] > 0:
            trainer = self._train(options)
        if options["publish"]:
            trainer = trainer or Trainer(options["work"], rate=options["rate"])
            others = [(Path(folder), float(share)) for folder, share in options["blend"]]
            trainer.mean = blended(trainer.mean, others)
            folder = publish(trainer, options["models"], options["publish"])
            self.stdout.write(f"Published as {folder}.")

    def _train(self, options: dict[str, Any]) -> Trainer:
        try:
            pool = training_pool(DataFolders(options["data"]))
        except DataMissingError as error:
            raise CommandError(str(error)) from error
        # The processes start before TensorFlow has threads, which no fork would carry over; their
        # seed moves with the step, so that a training that goes on sees other strings than before.
        press = Press(pool, options["seed"] + steps_done(options["work"]), options["workers"])
        try:
            trainer = Trainer(options["work"], rate=options["rate"], narrow=options["widen"])
            train(trainer, press, Plan(options["minutes"], options["rate"]))
        finally:
            press.stop()
        return trainer
