"""Draw filled cheques that carry nobody's data: ``manage.py make_cheques 20 --out DIR``."""

from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from recognition.engine.types import Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.items import random_item, with_month_in_letters
from recognition.training.cheques.layouts import ALL_LAYOUTS, LAYOUTS, Layout, Part, layouts_of
from recognition.training.cheques.photos import Paper, photograph
from recognition.training.cheques.truth import write_labels


class Command(BaseCommand):
    help = "Draw cheques or demand drafts with their truth in labels.csv; the same seed, the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument(
            "--kind",
            choices=[Kind.CHEQUE.value, Kind.DEMAND_DRAFT.value],
            default=Kind.CHEQUE.value,
        )
        parser.add_argument(
            "--photo", action="store_true", help="photographed on a table from any side"
        )
        parser.add_argument(
            "--months", action="store_true", help="in letters, where a form has no boxes"
        )
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--layout",
            choices=[layout.name for layout in ALL_LAYOUTS],
            help="one form; else the common Indian ones by chance",
        )
        group.add_argument(
            "--part", choices=[part.value for part in Part], help="all forms of one part, by chance"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--today", type=date.fromisoformat, help="dates lie in the two months before it"
        )

    def handle(self, **options: Any) -> None:
        rng = np.random.default_rng(options["seed"])
        today = options["today"] or timezone.localdate()
        kind = Kind(options["kind"])
        folder: Path = options["out"]
        folder.mkdir(parents=True, exist_ok=True)
        layouts: tuple[Layout, ...] = LAYOUTS
        if options["layout"]:
            layouts = tuple(one for one in ALL_LAYOUTS if one.name == options["layout"])
        elif options["part"]:
            layouts = layouts_of(Part(options["part"]))
        drawn, corners = {}, {}
        for number in range(1, options["count"] + 1):
            layout = layouts[rng.integers(len(layouts))]
            item = random_item(kind, layout, rng, today)
            if options["months"]:
                item = with_month_in_letters(item, rng)
            cheque = draw_cheque(kind, rng, today=today, layout=layout, item=item)
            name = f"{kind.value}_{number:04d}.jpg"
            pixels = cheque.pixels
            if options["photo"]:
                picture = photograph(Paper(cheque.pixels, cheque.layout.size), rng)
                pixels, corners[name] = picture.pixels, picture.corners
            _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 92])
            (folder / name).write_bytes(data.tobytes())
            drawn[name] = cheque
        write_labels(folder, drawn, corners)
        self.stdout.write(f"{len(drawn)} images and labels.csv in {folder}")
