"""Make an item of its own of each cheque that lies on one page.

A page is divided once, when it is first read; from then on each part is read where it was found.
That is a transaction of its own, before anything of the reading is stored: a worker that dies after
it leaves a run that is taken up again and finds the page divided.
"""

import logging
import uuid
from contextlib import suppress
from functools import partial
from pathlib import PurePosixPath

from django.db import transaction
from django.utils import timezone
from PIL import Image

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from recognition.engine import types
from recognition.models import RecognitionRun, RuleVerdict, Submission
from recognition.services import queue, standing
from recognition.services.showing import flat_view, lie_of, lie_on, show_as_read, store_image
from recognition.services.uploads import encode
from recognition.signals import dividing

logger = logging.getLogger(__name__)

RULE = "single_item"


class StaysWhole(Exception):  # noqa: N818 - it says what is the case
    """No further items may come of this page; the message says why."""


def place_of(submission: Submission) -> types.Lie | None:
    """Return where on its page an item is to be read; ``None``: it has the page for itself."""
    return lie_of(submission) if submission.parts > 1 else None


def divide(run: RecognitionRun, claim: uuid.UUID, reading: types.Reading) -> None:
    """Store and queue what else lies on the page of a run, unless that was done before."""
    page = run.submission
    if not reading.others or page.parts > 1:
        return
    made: list[Submission] = []
    try:
        with transaction.atomic():
            _divide(run, claim, reading, made)
    except StaysWhole as reason:
        logger.info("Item %s stays one: %s", page.pk, reason)
        _remove_files(made)
        page.refresh_from_db()
    except BaseException:
        _remove_files(made)
        raise


def verdicts(run: RecognitionRun, reading: types.Reading) -> list[RuleVerdict]:
    """Return what it means that there are several on the page, unstored; none for a single one."""
    part, parts = run.submission.part, run.submission.parts
    if parts == 1 and not reading.others:
        return []
    verdict = types.Verdict.PASSED
    reason = f"{parts} cheques lie on this page, and each is an item of its own."
    if parts == 1:
        verdict = types.Verdict.FAILED
        reason = (
            f"{len(reading.others) + 1} cheques lie in this image, and only the first was read: "
            "submit each by itself."
        )
    elif part == 1 and parts >= types.MOST_ON_A_PAGE:
        verdict = types.Verdict.FAILED
        reason = (
            f"{parts} cheques were found on this page, which is as many as are looked for: "
            "see whether there are more."
        )
    return [RuleVerdict(run=run, rule=RULE, verdict=verdict, reason=reason)]


def _divide(
    run: RecognitionRun, claim: uuid.UUID, reading: types.Reading, made: list[Submission]
) -> None:
    page = run.submission
    others = [
        Submission(
            owner=page.owner,
            kind=page.kind,
            source=page.source,
            file_name=page.file_name,
            sha256=page.sha256,
            page=page.page,
            part=number,
            parts=len(reading.others) + 1,
            created_at=page.created_at,
            **standing.standing(page.file_name),
        )
        for number in range(2, len(reading.others) + 2)
    ]
    for other in others:
        other.latest_run = RecognitionRun(submission=other, sent_at=timezone.now())
    dividing.send(sender=Submission, submission=page, others=others)  # may lock, so before others
    # All of this content: of two that divide it at once the second sees what the first has made.
    same = {"owner": page.owner_id, "sha256": page.sha256, "page": page.page, "kind": page.kind}
    locked = Submission.objects.select_for_update(no_key=True).filter(**same).order_by("pk")
    now = {one.pk: one for one in locked}.get(page.pk)
    if now is None or now.deleted_at is not None or now.parts > 1:
        raise StaysWhole("it was deleted or divided meanwhile")
    if not RecognitionRun.objects.held(run.pk, claim).exists():
        raise StaysWhole("its run is another worker's by now")
    with page.as_taken_in.open("rb") as file:
        image = Image.open(file, formats=["PNG", "JPEG"])
        image.load()
    show_as_read(page, reading)
    page.parts = len(others) + 1
    page.save(update_fields=("parts",))
    for other, lie in zip(others, reading.others, strict=True):
        made.append(other)
        suffix = PurePosixPath(page.image.name or "").suffix
        store_image(other, encode(flat_view(image, lie), suffix=suffix))
        other.original, other.lie = page.original.name, lie_on(image, lie)
        firsts = Submission.objects.filter(**same, duplicate_of=None, deleted_at=None)
        other.duplicate_of = firsts.filter(part=other.part).first()
        _store(other)


def _store(other: Submission) -> None:
    run = other.latest_run
    if run is None:
        raise ValueError
    other.save(force_insert=True)
    run.save(force_insert=True)
    record(
        EventCode.SUBMISSION_CREATED,
        actor=other.owner,
        subject=other,
        kind=other.kind,
        part=other.part,
    )
    transaction.on_commit(partial(queue.send, run.pk, other.kind))


def _remove_files(made: list[Submission]) -> None:
    for one in made:
        for file in (one.image, one.thumbnail):
            with suppress(OSError):
                file.delete(save=False)
