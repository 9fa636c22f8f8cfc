"""Measure many people at once over HTTP: ``python -m tests.e2e.benchmark_crowd``.

The whole product runs on this machine, as ``make run`` starts it: its web server, its Redis, its
workers, the networks that ship. Every person sends an image, waits for its answer, and sends the
next. The clock runs from the request until what was read is in the caller's hands.
"""

import argparse
import io
import json
import os
import random
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import cv2
import django
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image, ImageDraw

from recognition.training.report import replace_section
from tests.e2e.benchmark_drawing import SHAPES
from tests.e2e.running import Site, running_site
from tests.engine.paper import FOUR, LINED, ONE, SEVEN, sheet
from tests.recognition.drawings import upload

REPORT_SECONDS, REPORT_RATE = 39.6, 1.8
PATIENCE_SECONDS = 60
DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "performance.md"
PHOTO_SIZE = (4000, 3000)
PHOTO_SHARE = 5  # a photograph for so many drawings
Picture = tuple[bytes, str]


@dataclass(frozen=True)
class Answer:
    """What one request came to: seconds, and what was read; ``None`` where it failed."""

    seconds: float
    value: str | None
    expected: str


def drawing(chance: random.Random) -> Picture:
    """Return a digit as the drawing page sends it, no two alike, and what it shows."""
    digit = chance.choice(sorted(SHAPES))
    image = Image.new("L", (320, 320), 255)
    size, left, top = chance.uniform(0.7, 1.1), chance.uniform(-30, 30), chance.uniform(-25, 25)
    for stroke in SHAPES[digit]:
        line = [((x - 0.5) * 320 * size + 160 + left, (y - 0.5) * 320 * size + 160 + top)
                for x, y in stroke]  # fmt: skip
        ImageDraw.Draw(image).line(line, 0, 18, joint="curve")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue(), digit


def photo_of_a_number(chance: random.Random) -> Picture:
    """Return a 12 megapixel photograph of a number on lined paper, and what it shows."""
    shapes = {"1": ONE, "4": FOUR, "7": SEVEN}
    number = "".join(chance.choice("147") for _ in range(4))
    photo = sheet(
        [shapes[digit] for digit in number],
        rulings=LINED, size=(1000, 750), line=9, tilt=chance.uniform(-3, 3),
    )  # fmt: skip
    large = cv2.resize(photo, PHOTO_SIZE, interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", large)[1].tobytes(), number


def main() -> int:
    """Measure, and print what was measured; 1 where a request failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--images", type=int, default=10, help="that each person sends in turn")
    parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--docs", action="store_true", help="write it into docs/performance.md")
    options = parser.parse_args()
    rows, failed = [], 0
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(
            Path(folder), SUBMIT_RATE="100000/min", HDR_WORKERS=str(options.workers)
        ) as site,
    ):
        keys = make_people(site, options.people)
        for name, kind, draw, share in (
            ("a drawing of a digit", "digit", drawing, 1),
            ("a photograph of a number, 12 megapixels", "number", photo_of_a_number, PHOTO_SHARE),
        ):
            for people in (1, options.people):
                images = max(1, options.images // share) if people > 1 else options.people
                answers, seconds = crowd(site, keys[:people], kind, draw, images)
                failed += sum(answer.value is None for answer in answers)
                rows.append(_row(name, people, answers, seconds))
    text = _section(rows, options)
    print(text)  # noqa: T201 - it talks to the person at the terminal
    if options.docs:
        replace_section(DOCUMENT, "crowd", text)
    return int(failed > 0)


def make_people(site: Site, count: int) -> list[str]:
    """Return the keys of so many new people's tokens, made in the running site's database."""
    os.environ["HDR_VAR_DIR"] = str(site.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdr_site.settings")
    django.setup()
    from accounts.models import User  # noqa: PLC0415 - once Django is set up
    from accounts.tokens import issue_token  # noqa: PLC0415

    owners = [
        User.objects.create_user(f"person{each}@crowd.example", None) for each in range(count)
    ]
    return [
        issue_token(owner=owner, name="crowd", lifetime=timedelta(days=1))[1] for owner in owners
    ]


def crowd(
    site: Site, keys: list[str], kind: str, draw: Callable[[random.Random], Picture], images: int
) -> tuple[list[Answer], float]:
    """Let everybody send their images at once; return all answers and the seconds it took."""
    chance = random.Random(f"{kind} {len(keys)}")  # noqa: S311 - shapes, no secrets
    pictures = [[draw(chance) for _ in range(images)] for _ in keys]
    ask(site, keys[0], kind, draw(chance))  # not counted: it loads and connects

    def person(key: str, mine: list[Picture]) -> list[Answer]:
        return [ask(site, key, kind, picture) for picture in mine]

    start = time.perf_counter()
    with ThreadPoolExecutor(len(keys)) as pool:
        answers = [one for many in pool.map(person, keys, pictures) for one in many]
    return answers, time.perf_counter() - start


def ask(site: Site, key: str, kind: str, picture: Picture) -> Answer:
    """Send one image and wait until it is read."""
    data, expected = picture
    body = encode_multipart(BOUNDARY, {"kind": kind, "file": upload(data, "image")})
    start = time.perf_counter()
    try:
        told = _call(site, key, "/api/v1/submissions", body)["outcomes"][0]["submission"]
        while told["run"]["state"] in {"queued", "running"}:
            if time.perf_counter() - start > PATIENCE_SECONDS:
                break
            told = _call(site, key, told["links"]["result"])
        value = told["result"]["fields"][kind]["value"] or "nothing"
    except (OSError, KeyError, TypeError, urllib.error.HTTPError):
        value = None
    return Answer(time.perf_counter() - start, value, expected)


def _call(site: Site, key: str, path: str, body: bytes | None = None) -> dict:
    headers = {"Authorization": f"Bearer {key}", "Prefer": "wait=30"}
    if body is not None:
        headers["Content-Type"] = MULTIPART_CONTENT
    request = urllib.request.Request(site.address + path, body, headers)  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        return json.load(answer)


def _row(name: str, people: int, answers: list[Answer], seconds: float) -> str:
    took = [answer.seconds for answer in answers]
    failed = sum(answer.value is None for answer in answers)
    right = sum(answer.value == answer.expected for answer in answers)
    slow = statistics.quantiles(took, n=20)[-1]
    return (
        f"| {name} | {people} | {len(answers)} | {len(answers) / seconds:.1f} "
        f"| {statistics.median(took):.2f} | {slow:.2f} | {max(took):.2f} | {failed} | {right} |"
    )


def _section(rows: list[str], options: argparse.Namespace) -> str:
    first = os.sched_getscheduler(0) == os.SCHED_FIFO
    ahead = ", ahead of other work on it (`chrt -f`)" if first else ""
    head = f"""## Many people at once

Made by `python -m tests.e2e.benchmark_crowd --people {options.people} --images {options.images}`: HTTP to the whole product on one
machine ({os.cpu_count()} processors, {options.workers} worker processes, load {os.getloadavg()[0]:.1f} at the end; the crowd itself runs on them too{ahead}). Everybody
sends the next image once the last is read. “Read as drawn” shows that answers came; it is no measure of accuracy.

| what is sent | people | n | answered a second | median s | 95 of 100, s | slowest s | failed | read as drawn |
|---|--:|--:|--:|--:|--:|--:|--:|--:|"""  # noqa: E501 - lines of Markdown
    report = (
        f"| the report's page, as it states | ? | ? | {REPORT_RATE} | {REPORT_SECONDS} "
        "| ? | ? | ? | ? |"
    )
    return "\n".join([head, *rows, report])


if __name__ == "__main__":
    sys.exit(main())
