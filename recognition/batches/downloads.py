"""Reports and exports as answers, the same for pages and API."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.utils.text import slugify

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.batches import exports, report
from recognition.batches.models import Batch

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: dict[str, tuple[str, Callable[[Batch], bytes]]] = {
    "report.pdf": ("application/pdf", report.as_pdf),
    "report.xlsx": (_XLSX, report.as_xlsx),
    "export.csv": ("text/csv; charset=utf-8", exports.as_csv),
    "export.xlsx": (_XLSX, exports.as_xlsx),
    "export.json": ("application/json", exports.as_json),
}


def file_response(batch: Batch, file_name: str, *, by: User) -> HttpResponse:
    """Return one file of a batch to be kept, or raise ``Http404`` for a name that is none."""
    if file_name not in FILES:
        raise Http404
    content_type, made = FILES[file_name]
    record(EventCode.BATCH_EXPORTED, actor=by, subject=batch, file=file_name)
    response = HttpResponse(made(batch), content_type=content_type)
    name = f"{slugify(batch.name) or 'batch'}-{file_name}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
