"""A run is sealed with what was read, and reads the same again, bit for bit."""

import hashlib
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw

from recognition import readers
from recognition.models import FieldReading, Kind, RecognitionRun, Source
from recognition.services import intake, processing
from tests.recognition.drawings import encoded, upload

pytestmark = pytest.mark.django_db


def replay(run: RecognitionRun) -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("replay", str(run.pk), stdout=output)
    except SystemExit as exit_:
        return int(str(exit_.code)), output.getvalue()
    return 0, output.getvalue()


@pytest.fixture
def read_run(individual, monkeypatch) -> RecognitionRun:
    """A number, read by the real networks."""
    monkeypatch.setattr(readers, "_loaded", None)
    image = Image.new("L", (300, 120), 255)
    pen = ImageDraw.Draw(image)
    pen.line((40, 20, 100, 20, 60, 100), 0, 7)
    pen.line((160, 15, 160, 105), 0, 7)
    pen.ellipse((210, 25, 260, 100), outline=0, width=7)
    (outcome,) = intake.submit(
        owner=individual, uploads=[upload(encoded(image))], kind=Kind.NUMBER, source=Source.UPLOAD
    )
    run = outcome.submission.latest_run
    processing.execute_run(run.pk, worker="test")
    run.refresh_from_db()
    assert run.state == "succeeded", run.error_code
    return run


def test_a_replayed_reading_is_identical(read_run):
    with read_run.submission.image.open("rb") as file:
        assert read_run.image_sha256 == hashlib.sha256(file.read()).hexdigest()
    assert {"name", "version", "sha256"} <= read_run.models_used[0].keys()
    status, text = replay(read_run)
    assert (status, text.split(";")[0]) == (0, "identical")


def test_what_was_changed_since_is_named(read_run):
    FieldReading.objects.filter(run=read_run).update(confidence=0.5)
    status, text = replay(read_run)
    assert status == 1
    assert "field number, confidence: 0.5 was stored" in text


def test_other_networks_than_those_recorded_are_named(read_run):
    read_run.models_used[0]["sha256"] = "0" * 64
    read_run.save()
    status, text = replay(read_run)
    assert status == 1
    assert "run, models_used" in text


def test_an_altered_image_is_not_read_again(read_run):
    path = Path(read_run.submission.image.path)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(CommandError, match="no stored image has the SHA-256"):
        replay(read_run)


def test_a_run_that_was_not_sealed_is_not_read_again(read_run):
    RecognitionRun.objects.update(image_sha256="")
    with pytest.raises(CommandError, match="older than the sealing"):
        replay(read_run)


def test_an_image_that_was_turned_upright_is_kept_as_it_was_read(
    individual, submit, reader, monkeypatch, stored_files
):
    real = reader.read

    def turned(data, kind, **options):
        return replace(real(data, kind, **options), quarter_turns=1)

    monkeypatch.setattr(reader, "read", turned)
    run = submit(individual).latest_run
    processing.execute_run(run.pk, worker="test")
    run.refresh_from_db()
    monkeypatch.setattr(readers, "build_reader", lambda _versions, _circumstances: reader)
    status, text = replay(run)
    assert (status, text.split(";")[0]) == (0, "identical")
