"""Show a stored image as the reader saw it: boxes are places in what it saw.

What was sent is kept beside it, so that it can be read again.
"""

from functools import partial
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image

from recognition.engine import serialise, types
from recognition.models import Submission
from recognition.services.uploads import Page, encode

# Pillow counts its turns the other way round.
_CLOCKWISE = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}


def show_as_read(submission: Submission, reading: types.Reading) -> None:
    """Turn or flatten the stored image as the reader did; to be called in a transaction."""
    if not reading.quarter_turns and reading.lie is None:
        return
    if reading.lie is not None and reading.lie == lie_of(submission):
        return
    old: tuple[str | None, ...] = (submission.image.name, submission.thumbnail.name)
    storage = submission.image.storage
    with submission.as_taken_in.open("rb") as file:
        image = Image.open(file, formats=["PNG", "JPEG"])
        lie = None if reading.lie is None else lie_on(image, reading.lie)
        if reading.lie is None:
            upright = image.transpose(_CLOCKWISE[reading.quarter_turns])
        else:
            upright = flat_view(image, reading.lie)
        whole = submission.as_taken_in.size
    suffix = PurePosixPath(old[0] or "").suffix
    store_image(submission, encode(upright, suffix=suffix))
    submission.stored_bytes += whole
    submission.lie = lie
    litter = old
    if not submission.original:  # kept: what was read must be there to be read again
        submission.original, litter = old[0], old[1:]
    submission.save(
        update_fields=("image", "thumbnail", "original", "width", "height", "lie", "stored_bytes")
    )
    for name in filter(None, litter):
        transaction.on_commit(partial(storage.delete, name))


def store_image(submission: Submission, page: Page) -> None:
    """Store the files of an item and what they take, without its row."""
    submission.image.save(f"image{page.suffix}", ContentFile(page.data), save=False)
    submission.thumbnail.save("thumbnail.jpg", ContentFile(page.thumbnail), save=False)
    submission.width, submission.height = page.width, page.height
    submission.stored_bytes = len(page.data) + len(page.thumbnail)


def flat_view(image: Image.Image, lie: types.Lie) -> Image.Image:
    """Return the flat view of what lies so in an image."""
    plane = image if image.mode in {"L", "RGB"} else image.convert("RGB")
    return plane.transform(
        (lie.width, lie.height),
        Image.Transform.PERSPECTIVE,
        lie.to_image[:8],  # from the new image to the old, the ninth being 1
        Image.Resampling.BICUBIC,
        fillcolor="white",
    )


def lie_on(image: Image.Image, lie: types.Lie) -> dict[str, object]:
    """Return as data how a sheet lies on an image, and how large that image is."""
    size = {"page_width": image.width, "page_height": image.height}
    return serialise.lie_as_dict(lie) | size


def lie_of(submission: Submission) -> types.Lie | None:
    """Return how an item's image lies in what was sent, if it is known."""
    return None if submission.lie is None else serialise.lie_from_dict(submission.lie)
