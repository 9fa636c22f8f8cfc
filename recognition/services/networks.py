"""Which version of each network reads. The models folder has the files, these rows the choice."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.models import ModelVersion


class NoOlderVersion(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """There is nothing to roll back to."""


@transaction.atomic
def sync(models_dir: Path) -> None:
    """Make the rows agree with ``manifest.json``: a row a version, none for what is gone.

    A new active version in the manifest becomes active here too, unless a person chose one.
    """
    path = models_dir / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    present = {
        (name, version): facts["sha256"]
        for name, network in manifest.items()
        for version, facts in network["versions"].items()
    }
    for row in ModelVersion.objects.all():
        if (row.name, row.version) not in present:
            row.delete()
    for (name, version), sha256 in present.items():
        card = models_dir / name / version / "card.json"
        facts = {
            "sha256": sha256,
            "card": json.loads(card.read_text("utf-8")) if card.exists() else {},
        }
        ModelVersion.objects.update_or_create(name=name, version=version, defaults=facts)
    for name, network in manifest.items():
        active = ModelVersion.objects.filter(name=name, is_active=True).first()
        if active is None or (active.activated_by is None and active.version != network["active"]):
            activate(ModelVersion.objects.get(name=name, version=network["active"]), by=None)


@transaction.atomic
def activate(row: ModelVersion, *, by: User | None) -> None:
    """Let this version read from now on; workers notice at their next run."""
    ModelVersion.objects.filter(name=row.name, is_active=True).update(is_active=False)
    row.is_active, row.activated_by, row.activated_at = True, by, timezone.now()
    row.save(update_fields=("is_active", "activated_by", "activated_at"))
    record(EventCode.NETWORK_ACTIVATED, actor=by, subject=row, name=row.name, version=row.version)


def roll_back(name: str, *, by: User) -> ModelVersion:
    """Make active what was active before, and return it.

    Raises:
        NoOlderVersion: no other version has ever been active.
    """
    older = ModelVersion.objects.filter(name=name, is_active=False, activated_at__isnull=False)
    previous = older.order_by("-activated_at").first()
    if previous is None:
        raise NoOlderVersion(_("No other version of “%s” has been active.") % name)
    activate(previous, by=by)
    return previous
