"""The first page, the networks' page, and the pages that say what went wrong."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from fontTools.ttLib import TTFont

from recognition.models import ModelVersion
from tests.recognition.drawings import upload


def test_the_first_page_is_for_everybody(client, client_of, individual):
    assert "How to photograph a cheque" in client.get("/").text
    assert "Log out" in client_of(individual).get("/").text


@pytest.mark.django_db
def test_a_wrong_address_is_told_kindly(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@pytest.mark.django_db
def test_a_form_that_is_too_old_is_told_kindly(client):
    client.handler.enforce_csrf_checks = True
    answer = client.post("/account/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.text


def test_too_many_files_at_once_are_told_kindly(client_of, individual, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    answer = client_of(individual).post(
        "/submit/", {"kind": "digit", "images": [upload(), upload()]}
    )
    assert answer.status_code == 400
    assert "cannot be understood" in answer.text


@pytest.fixture
def network(individual, settings, tmp_path) -> ModelVersion:
    settings.MODELS_DIR = tmp_path / "models"
    folder = settings.MODELS_DIR / "example" / "3"
    folder.mkdir(parents=True)
    (folder / "confusion_matrix.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (folder / "model.tflite").write_bytes(b"weights")
    card = {
        "title": "Example, version 3",
        "summary": ["Reads one digit."],
        "facts": {"size": {"bytes": 481_234}, "report": [{"digit": 0, "precision": 0.5}]},
    }
    (folder / "card.json").write_text(json.dumps(card))
    return ModelVersion.objects.create(
        name="example",
        version="3",
        sha256="ab" * 32,
        is_active=True,
        activated_by=individual,
        card=card,
    )


@pytest.mark.usefixtures("network")
def test_networks_are_shown_with_their_cards_and_figures(client_of, individual):
    client = client_of(individual)
    page = client.get("/models/").text
    for said in ("Example, version 3", "Reads one digit.", "481234", "Precision", "reads now"):
        assert said in page
    figure = client.get("/models/example/3/confusion_matrix.svg")
    assert figure.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in figure.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["model.tflite", "card.json", "..%2F..%2Fmanifest.json", "no.svg"])
@pytest.mark.usefixtures("network")
def test_nothing_but_figures_leaves_the_folder(client_of, individual, name):
    assert client_of(individual).get(f"/models/example/3/{name}").status_code == 404


def test_without_networks_the_page_says_so(client_of, individual):
    ModelVersion.objects.all().delete()
    assert "nothing can be read yet" in client_of(individual).get("/models/").text


def test_the_font_of_the_micr_symbols_is_the_one_its_command_draws(settings, tmp_path):
    committed = Path(settings.BASE_DIR) / "static" / "fonts" / "micr-symbols.woff"
    settings.BASE_DIR = tmp_path
    drawn = tmp_path / "static" / "fonts" / "micr-symbols.woff"
    drawn.parent.mkdir(parents=True)
    call_command("make_micr_font", stdout=io.StringIO())
    assert set(TTFont(drawn).getBestCmap()) == {0x2446, 0x2447, 0x2448, 0x2449}
    assert drawn.read_bytes() == committed.read_bytes()
