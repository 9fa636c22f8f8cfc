"""All that is kept about a person: to take away, and to be removed."""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any, cast

from django.core.serializers.json import DjangoJSONEncoder

from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.audit.services import record
from accounts.models import User
from recognition.models import LegalHold, Submission
from recognition.services import upkeep
from recognition.signals import exporting


class IsHeld(Exception):  # noqa: N818 - it says what is the case
    """Something of the person is under a legal hold, so nothing can be erased."""


def archive_of(user: User) -> IO[bytes]:
    """Return a ZIP file, at its start, of all that is kept about a person."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "account.json", _account(user))
        items = []
        own = Submission.objects.filter(owner=user, deleted_at=None).with_outcome()
        for item in own.iterator(chunk_size=200):
            name = f"images/{item.pk}{PurePosixPath(item.image.name or '').suffix}"
            try:
                with item.image.open("rb") as image:
                    archive.writestr(name, image.read(), zipfile.ZIP_STORED)
            except FileNotFoundError:
                name = ""
            items.append(_item(item, name))
        _write(archive, "items.json", items)
        _write(archive, "events.json", list(_events(user)))
        for _receiver, part in exporting.send(sender=User, user=user):
            name, content = cast("tuple[str, object]", part)
            _write(archive, name, content)
    file.seek(0)
    record(EventCode.ACCOUNT_EXPORTED, actor=user, subject=user)
    return file


def remove_items(user: User) -> None:
    """Purge everything a person submitted, images too.

    Raises:
        IsHeld: as it says; nothing is removed.
    """
    if LegalHold.objects.filter(submission__owner=user).exists():
        raise IsHeld
    for submission in Submission.objects.filter(owner=user):
        upkeep.purge_one(submission)


def _account(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "email": user.email,
        "full_name": user.full_name,
        "role": user.role,
        "joined": user.date_joined,
        "last_login": user.last_login,
        "applications": list(
            user.applications.values(
                "full_name", "bank", "branch", "branch_code", "employee_number", "created_at",
                "state", "reason", "decided_at",
            )
        ),
        "api_tokens": list(user.api_tokens.values("name", "created_at", "expires_at")),
        "saved_searches": list(user.saved_searches.values("name", "query")),
    }  # fmt: skip


def _item(item: Submission, image: str) -> dict[str, Any]:
    run = item.latest_run
    return {
        "id": item.pk,
        "kind": item.kind,
        "file_name": item.file_name,
        "page": item.page,
        "submitted": item.created_at,
        "image": image,
        "fields": {} if run is None else {
            reading.name: {
                "read": reading.value,
                "confidence": reading.confidence,
                "corrections": [
                    {"value": one.value, "made_at": one.made_at}
                    for one in reading.corrections.all()
                ],
            }
            for reading in run.readings.all()
        },
    }  # fmt: skip


def _events(user: User) -> Iterator[dict[str, Any]]:
    for event in Event.objects.filter(actor=user.pk).order_by("sequence").iterator():
        yield {
            "number": event.sequence,
            "when": event.made_at,
            "what": event.code,
            "object": f"{event.subject_type} {event.subject_id}".strip(),
            "details": event.details,
        }


def _write(archive: zipfile.ZipFile, name: str, content: object) -> None:
    archive.writestr(name, json.dumps(content, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
