"""Batches in the pages: handed in, read, paused, corrected, and closed with their total."""

from decimal import Decimal

import pytest

from recognition.batches.models import Batch, BatchItem, ReceivedFile
from recognition.engine.types import Kind, FieldName
from recognition.models import RecognitionRun, RunState, Submission
from recognition.services import review
from tests.batches.conftest import picture, zip_of
from tests.recognition.drawings import field, reading, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, official):
    return client_of(official)


def test_files_and_an_archive_become_items_in_their_order(
    hand_in, unpack, work, client, stored_files
) -> None:
    archive = zip_of({"a/1.png": picture(), "a/2.png": picture(), "a/.DS_Store": b"x"})
    batch = hand_in(upload(name="0.png"), archive, upload(b"no image", "3.png"))
    assert batch.stage == "open"

    unpack()

    assert Batch.objects.with_stage().get().stage == "reading"
    assert not ReceivedFile.objects.exists()
    facts = batch.items.values_list("position", "file_name", "outcome", "error_code")
    assert list(facts) == [
        (1, "0.png", "accepted", ""),
        (2, "1.png", "accepted", ""),
        (3, "2.png", "accepted", ""),
        (4, "3.png", "refused", "unsupported_type"),
    ]
    assert len(stored_files()) == 6  # three images with their thumbnails; nothing that came in

    work()
    page = client.get(f"/batches/{batch.pk}/")
    assert "4 of 4 done" in page.text
    assert "3,75,001.50" in page.text
    assert "This is no image" in page.text
    assert "in review" in page.text
