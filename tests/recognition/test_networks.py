"""Which version of each network reads: the models folder proposes, moderators decide."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from recognition.models import ModelVersion
from recognition.services import networks


@pytest.fixture
def folder(db, settings, tmp_path) -> Path:
    settings.MODELS_DIR = tmp_path / "models"
    ModelVersion.objects.all().delete()
    return settings.MODELS_DIR


def _publish(folder: Path, active: str, *versions: str) -> None:
    manifest = {
        "digits": {
            "active": active,
            "versions": {version: {"sha256": version * 64} for version in versions},
        }
    }
    for version in versions:
        (folder / "digits" / version).mkdir(parents=True, exist_ok=True)
        card = folder / "digits" / version / "card.json"
        card.write_text(json.dumps({"summary": f"version {version}"}))
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _active() -> list[str]:
    return [row.version for row in ModelVersion.objects.filter(is_active=True)]


def test_what_is_published_becomes_a_row_with_its_card(folder, capsys) -> None:
    _publish(folder, "1", "1", "2")
    call_command("sync_models")
    assert capsys.readouterr().out == "digits 1 (active)\ndigits 2\n"
    assert ModelVersion.objects.get(version="2").card == {"summary": "version 2"}


def test_a_new_active_version_is_followed(folder) -> None:
    _publish(folder, "1", "1")
    networks.sync(folder)
    _publish(folder, "2", "1", "2")
    networks.sync(folder)
    assert _active() == ["2"]


def test_what_a_person_chose_is_kept(folder, moderator) -> None:
    _publish(folder, "1", "1", "2", "3")
    networks.sync(folder)
    networks.activate(ModelVersion.objects.get(version="2"), by=moderator)
    _publish(folder, "3", "1", "2", "3")
    networks.sync(folder)
    assert _active() == ["2"]


def test_what_is_gone_from_the_folder_no_longer_reads(folder, moderator) -> None:
    _publish(folder, "1", "1", "2")
    networks.sync(folder)
    networks.activate(ModelVersion.objects.get(version="2"), by=moderator)
    _publish(folder, "1", "1")
    networks.sync(folder)
    assert _active() == ["1"]


def test_without_a_folder_there_are_none(folder) -> None:
    networks.sync(folder)
    assert not ModelVersion.objects.exists()


def test_rolling_back_needs_a_version_before(folder, moderator) -> None:
    _publish(folder, "1", "1", "2")
    networks.sync(folder)
    with pytest.raises(networks.NoOlderVersion):
        networks.roll_back("digits", by=moderator)
