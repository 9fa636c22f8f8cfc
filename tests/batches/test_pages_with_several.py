"""Pages with several cheques in a batch: each counts, in the batch of its page."""

import io

import pytest
from PIL import Image

from recognition.batches import models
from recognition.batches.models import Batch, BatchItem
from recognition.batches.services import figures, unpacking
from recognition.engine.types import Kind, Lie
from recognition.models import RecognitionRun, RunState, Submission
from tests.batches.conftest import zip_of
from tests.recognition.drawings import drawing, encoded, field, reading, upload

pytestmark = pytest.mark.django_db


def lie(top: int) -> Lie:
    corners = ((0.0, top), (240.0, top), (240.0, top + 40), (0.0, top + 40))
    onto = (1.0, 0.0, 0.0, 0.0, 1.0, float(top), 0.0, 0.0, 1.0)
    return Lie(corners, onto, 240, 40, 0.5, 200.0, 0.0)


PLACES = (lie(0), lie(60), lie(120))


def cheque(amount: int, place: Lie, others: tuple[Lie, ...] = ()):
    fields = (field("courtesy_amount", value=f"{amount}.00"),)
    return reading(Kind.CHEQUE, fields=fields, checks=(), lie=place, others=others)


@pytest.fixture(autouse=True)
def three(reader) -> None:
    """Three cheques are found on every page."""
    reader.answer = cheque(100, PLACES[0], PLACES[1:])
    amounts = zip((100, 20, 3), PLACES, strict=True)
    reader.parts = {place: cheque(amount, place) for amount, place in amounts}


@pytest.fixture
def read_all(work):
    def read() -> None:
        while RecognitionRun.objects.filter(state=RunState.QUEUED, is_held=False).exists():
            work()

    return read


def page() -> bytes:
    return encoded(drawing((240, 200)))


def pages(kind: str, count: int = 2) -> bytes:
    stream = io.BytesIO()
    first, *others = [drawing((240, 200)) for _ in range(count)]
    first.save(stream, kind, save_all=True, append_images=others)
    return stream.getvalue()


def of(batch: Batch) -> list[tuple[int, str, int, int, int]]:
    return [
        (item.position, item.file_name, item.page, item.submission.part, item.submission.parts)
        for item in batch.items.select_related("submission").order_by("position")
    ]


@pytest.mark.parametrize("kind", ["zip", "tiff", "pdf"])
def test_every_cheque_of_every_page_counts(
    kind, hand_in, unpack, read_all, client_of, official
) -> None:
    name = f"bundle.{kind}"
    files = {
        "zip": lambda: zip_of({"a.png": page(), "b.png": page()}, name),
        "tiff": lambda: upload(pages("TIFF"), name),
        "pdf": lambda: upload(pages("PDF"), name),
    }
    batch = hand_in(files[kind](), control_total="246", control_count="6")
    unpack()
    assert figures.progress_of(batch).total == 2
    read_all()
    totals, progress = figures.totals_of(batch), figures.progress_of(batch)
    assert (totals.total, totals.count, totals.difference, totals.count_difference) == (
        246,
        6,
        0,
        0,
    )
    assert (progress.total, progress.done, progress.failed) == (6, 6, 0)
    assert sorted(part for *_rest, part, _parts in of(batch)) == [1, 1, 2, 2, 3, 3]
    assert [position for position, *_rest in of(batch)] == [1, 2, 3, 4, 5, 6]
    assert set(Submission.objects.values_list("owner", flat=True)) == {official.pk}
    shown = client_of(official).get(f"/batches/{batch.pk}/").text
    assert shown.count("3 of 3 on the page") == 2


def test_parts_of_a_paused_batch_wait_until_it_is_resumed(
    hand_in, unpack, work, read_all, client_of, official
) -> None:
    batch = hand_in(upload(page(), "page.png"))
    unpack()
    begun = RecognitionRun.objects.get()
    Batch.objects.update(state=models.BatchState.PAUSED)
    work()
    others = RecognitionRun.objects.exclude(pk=begun.pk)
    assert set(others.values_list("state", "is_held")) == {(RunState.QUEUED, True)}
    work()
    assert others.filter(state=RunState.QUEUED).count() == 2
    client_of(official).post(f"/batches/{batch.pk}/resume/")
    read_all()
    assert figures.totals_of(batch).total == 123


def test_a_full_batch_leaves_the_page_to_a_person(hand_in, unpack, read_all) -> None:
    batch = hand_in(upload(page(), "page.png"))
    unpack()
    BatchItem.objects.update(position=models.MAX_ITEMS - 1)
    read_all()
    assert (Submission.objects.count(), figures.totals_of(batch).count) == (1, 1)
    verdict = Submission.objects.get().latest_run.verdicts.get(rule="single_item")
    assert verdict.verdict == "failed"
    assert "submit each by itself" in verdict.reason


def test_what_is_still_coming_has_its_place_before_parts(hand_in, unpack, read_all) -> None:
    batch = hand_in(zip_of({f"{number}.png": page() for number in range(3)}))
    unpacking.unpack(batch.pk, seconds=0)
    BatchItem.objects.update(position=models.MAX_ITEMS - 3)
    read_all()
    unpack()
    assert batch.items.filter(outcome="refused").count() == 0
    assert batch.items.count() == 3


def test_a_part_taken_out_or_never_in_counts_no_more(
    hand_in, unpack, read_all, client_of, official
) -> None:
    batch = hand_in(upload(page(), "page.png"))
    unpack()
    client_of(official).post(f"/batches/{batch.pk}/items/1/withdraw/")
    RecognitionRun.objects.update(state=RunState.QUEUED, finished_at=None)
    read_all()
    assert (Submission.objects.count(), figures.totals_of(batch).count) == (3, 0)


def test_the_same_page_in_two_batches_is_told(hand_in, unpack, read_all) -> None:
    same = page()
    hand_in(upload(same, "page.png"))
    unpack()
    read_all()
    second = hand_in(upload(same, "page.png"), name="Noon")
    unpack()
    read_all()
    item = second.items.get()
    assert (item.outcome, item.duplicate_of.submission.part) == ("duplicate", 1)


def test_the_picture_of_a_part_is_what_was_cut_out(hand_in, unpack, read_all) -> None:
    hand_in(upload(page(), "page.png"))
    unpack()
    read_all()
    for one in Submission.objects.all():
        with one.image.open() as file:
            assert Image.open(file).size == (240, 40)
