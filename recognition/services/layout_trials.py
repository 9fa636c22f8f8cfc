"""What workers do to test a layout: measure its sample, and read the sample by it."""

from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from recognition import readers
from recognition.engine.errors import EngineError
from recognition.engine.layouts.layout import Anchor, LayoutError, layout_from
from recognition.engine.layouts.measure import SampleFault
from recognition.engine.serialise import box_as_dict
from recognition.engine.terms import Terms
from recognition.engine.types import Kind, Reading
from recognition.layouts.models import PaperLayout
from recognition.masking import masked

OTHER_BANK = "other_bank"


def try_layout(layout_id: int, revision: int) -> None:
    """Read a layout's sample and store what was found; one that was changed since is left alone."""
    layout = PaperLayout.objects.filter(pk=layout_id, revision=revision).first()
    if layout is None:
        return
    try:
        findings = _findings(layout)
    except EngineError as error:
        findings = {"failure": error.code.value}
    except LayoutError as error:
        findings = {"failure": str(error)}
    except OSError:
        findings = {"failure": "storage_unavailable"}
    except SoftTimeLimitExceeded:
        findings = {"failure": "took_too_long"}
    PaperLayout.objects.filter(pk=layout_id, revision=revision, is_active=False).update(
        findings=findings,
        tested_at=timezone.now(),
        tested_revision=revision,
        anchor_x=layout.anchor_x,
        anchor_y=layout.anchor_y,
    )


def _findings(layout: PaperLayout) -> dict[str, Any]:
    with layout.sample.open("rb") as file:
        data = file.read()
    reader = readers.get_reader()
    anchor = Anchor(layout.as_data()["anchor"]["character"])
    found = reader.measure_sample(data, (layout.width_mm, layout.height_mm), anchor)
    if isinstance(found, SampleFault):
        return {"failure": found.value}
    layout.anchor_x, layout.anchor_y = found
    own = layout_from(layout.as_data())
    today = timezone.localdate()
    reading = reader.read(data, Kind.CHEQUE, today=today, terms=Terms((own,)))
    if reading.layout != own.name:
        return {"failure": OTHER_BANK}
    return {"failure": "", "fields": _fields(reading)}


def _fields(reading: Reading) -> list[dict[str, Any]]:
    """Return what was read, of an account number the last digits alone."""
    return [
        {
            "name": field.name.value,
            "value": masked(field.name.value, field.value or ""),
            "confidence": round(field.confidence, 4),
            "is_accepted": field.accepted,
            "box": box_as_dict(field.box),
            "notes": list(field.notes),
        }
        for field in reading.fields
    ]
