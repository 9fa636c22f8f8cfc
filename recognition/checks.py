"""Settings that would lose work or lay files open are told before anything starts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - its name
from django.db import connection

from recognition.engine.errors import EngineError
from recognition.engine.weights import find_weights
from recognition.models import ModelVersion


@register()
def check_time_limits(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    **_kwargs: Any,
) -> list[CheckMessage]:
    """A run may be given up for lost, or sent anew by Redis, only when no worker can hold it."""
    limit = settings.CELERY_TASK_TIME_LIMIT
    later = {
        "RUN_LOST_SECONDS": settings.RUN_LOST_SECONDS,
        "CELERY_BROKER_TRANSPORT_OPTIONS['visibility_timeout']": (
            settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
        ),
    }
    return [
        Error(
            f"{name} is {seconds} seconds, and a task may take {limit}.",
            hint="Work would be taken from workers that still do it. Make it longer.",
            id="recognition.E001",
        )
        for name, seconds in later.items()
        if seconds <= limit
    ]


@register(Tags.security)
def check_uploads_are_private(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Nobody may fetch an uploaded image but through a view that asks who they are."""
    media, static = Path(settings.MEDIA_ROOT).resolve(), Path(settings.STATIC_ROOT).resolve()
    if not media.is_relative_to(static):
        return []
    return [
        Error(
            "MEDIA_ROOT lies inside STATIC_ROOT, whose files everybody can fetch.",
            hint="Put uploads into a folder of their own.",
            id="recognition.E002",
        )
    ]


@register(Tags.database)
def check_networks(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Every active network is there, and is the file that was recorded."""
    if not databases:
        return []
    told: list[CheckMessage] = []
    if ModelVersion._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001 - public
        return []  # migrate asks before there are tables
    for row in ModelVersion.objects.filter(is_active=True):
        try:
            find_weights(settings.MODELS_DIR, row.name, row.version)
        except EngineError as error:
            told.append(Warning(error.message, id="recognition.W001"))
    return told
