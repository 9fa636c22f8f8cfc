"""Batches, workers that are called by hand, and a queue that only takes notes."""

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recognition.batches.models import Batch, ReceivedFile
from recognition.batches.services import sending, unpacking
from recognition.services import queue
from tests.recognition.conftest import reader, stored_files, work  # noqa: F401 - fixtures
from tests.recognition.drawings import drawing, encoded, upload


@pytest.fixture(autouse=True)
def sent(monkeypatch) -> list[tuple[str, str]]:
    """What was handed to the workers: (id of a run or batch, queue)."""
    messages: list[tuple[str, str]] = []

    def send_task(name: str, args: list[str], queue: str) -> None:
        assert name in {"recognition.tasks.recognise", sending.UNPACK}
        messages.append((args[0], queue))

    monkeypatch.setattr(current_app, "send_task", send_task)
    monkeypatch.setattr(queue, "_resting_until", 0.0)
    return messages


@pytest.fixture
def unpack() -> Callable[[], None]:
    """Do what workers would: take in everything that was received."""

    def unpack_all() -> None:
        for batch_id in list(ReceivedFile.objects.values_list("batch", flat=True)):
            unpacking.unpack(batch_id)

    return unpack_all


@pytest.fixture
def hand_in(client_of, official) -> Callable[..., Batch]:
    """Hand files in through the page, and return the batch."""

    def send(*files: SimpleUploadedFile, client: Client | None = None, **data: str) -> Batch:
        form = {"name": "Morning", "kind": "cheque", "files": files} | data
        answer = (client or client_of(official)).post("/batches/new/", form)
        assert answer.status_code == 302, answer.text
        return Batch.objects.with_stage().get(pk=answer.headers["Location"].split("/")[2])

    return send


def zip_of(members: Mapping[str, bytes], name: str = "cheques.zip") -> SimpleUploadedFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return upload(stream.getvalue(), name)


def picture() -> bytes:
    return encoded(drawing())
