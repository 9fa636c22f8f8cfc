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
from recognition.desk.models import KEYED_FIELDS, Item, Policy, Verdict
from recognition.desk.services import claims, keys
from recognition.services import queue
from tests.desk.conftest import make_user  # noqa: F401 - fixture
from tests.recognition.conftest import (  # noqa: F401 - fixtures
    reader,
    redis,
    stored_files,
    work,
)
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
        form = {"name": "Morning", "kind": "cheque", "documents": files} | data
        answer = (client or client_of(official)).post("/batches/new/", form)
        assert answer.status_code == 302, answer.text
        return Batch.objects.with_stage().get(pk=answer.headers["Location"].split("/")[2])

    return send


@pytest.fixture
def settle(official) -> Callable[..., None]:
    """Decide on every open item at the desk, one key each: pay it, with this amount if told."""
    Policy.objects.create(bank="", two_keys_from=10**12, two_keys_share=0)

    def decide_all(amount: str | None = None, return_code: str = "") -> None:
        for item in Item.objects.open():
            claims.claim(item, official)
            readings = item.run.readings.prefetch_related("corrections")
            values = {one.name: one.final for one in readings if one.name in KEYED_FIELDS}
            if amount is not None:
                values["courtesy_amount"] = amount
            verdict = Verdict.REJECT if return_code else Verdict.ACCEPT
            answer = keys.Answer(verdict, values, return_code)
            keys.give_key(item_id=item.pk, person=official, version=item.version, answer=answer)

    return decide_all


def zip_of(members: Mapping[str, bytes], name: str = "cheques.zip") -> SimpleUploadedFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return upload(stream.getvalue(), name)


def picture() -> bytes:
    return encoded(drawing())
