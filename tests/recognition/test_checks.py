"""Settings that would lose work or lay files open are told."""

from django.core.checks import run_checks
from django.db import connection

from recognition.models import ModelVersion


def _told(**options) -> set[str]:
    return {message.id for message in run_checks(**options)}


def test_the_settings_as_they_are_pass(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    assert not {one for one in _told() if one.startswith("recognition.")}


def test_work_is_not_taken_from_a_worker_that_still_does_it(settings) -> None:
    settings.RUN_LOST_SECONDS = settings.CELERY_TASK_TIME_LIMIT
    assert "recognition.E001" in _told()


def test_uploads_do_not_lie_among_static_files(settings) -> None:
    settings.MEDIA_ROOT = settings.STATIC_ROOT / "media"
    assert "recognition.E002" in _told()


def test_a_network_that_is_not_as_recorded_is_told(db, settings, tmp_path) -> None:
    settings.MODELS_DIR = tmp_path
    ModelVersion.objects.create(name="x", version="1", sha256="0" * 64, is_active=True)
    assert "recognition.W001" in _told(databases=["default"])


def test_the_first_migrate_of_all_finds_no_tables_and_goes_on(db, monkeypatch) -> None:
    ModelVersion.objects.create(name="gone", version="1", sha256="0" * 64, is_active=True)
    assert "recognition.W001" in _told(databases=["default"])
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert "recognition.W001" not in _told(databases=["default"])
