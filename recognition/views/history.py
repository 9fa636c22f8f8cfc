"""What a person submitted, and what was read in it: as a list, and as a table to take away."""

import csv
from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.requests import AuthenticatedRequest
from recognition.forms import EVERYBODY, HistoryFilter
from recognition.masking import masked
from recognition.models import FieldName, Submission
from recognition.paging import IdsFirstPaginator
from recognition.services import searches
from recognition.templatetags.readings import doubtful

ITEMS_A_PAGE = 24
ROWS_A_QUERY = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"  # spreadsheets take a CSV file without it for one in an old encoding


class Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


@login_required
@never_cache
@require_safe
def history(request: AuthenticatedRequest) -> HttpResponse:
    """List this person's submissions that match the filters."""
    found = _filtered(request)
    paginator = IdsFirstPaginator(found.qs.with_outcome(), ITEMS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "pages": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "is_filtered": any(request.GET.get(name) for name in found.form.fields),
        "searches": request.user.saved_searches.all(),
        "query": request.GET.urlencode(),
    }
    return render(request, "recognition/history.html", context)


@login_required
@require_POST
def search_save(request: AuthenticatedRequest) -> HttpResponse:
    """Keep the filters that are set under a name, and show what they find."""
    query = request.POST.get("query", "")
    try:
        kept = searches.save_search(
            owner=request.user,
            name=request.POST.get("name", ""),
            query=query,
            known=HistoryFilter.base_filters,
        )
    except searches.CannotSave as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The search “%s” was kept.") % kept)
    return redirect(f"{reverse('history')}?{QueryDict(query).urlencode()}")


@login_required
@require_POST
def search_delete(request: AuthenticatedRequest, search_id: int) -> HttpResponse:
    """Forget one of one's own searches."""
    get_object_or_404(request.user.saved_searches, pk=search_id).delete()
    messages.success(request, _("The search was removed."))
    return redirect("history")


@login_required
@never_cache
@require_safe
def export(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """Send the filtered list as CSV, a row a submission, a column a field as it finally stands."""
    used = sorted(name for name in HistoryFilter.base_filters if request.GET.get(name))
    record(EventCode.HISTORY_EXPORTED, actor=request.user, filters=used)
    writer = csv.writer(Echo())
    rows = _rows(request, _filtered(request).qs.with_outcome())
    lines = (writer.writerow(map(harmless, row)) for row in rows)
    response = StreamingHttpResponse(_with_mark(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="hdr.csv"'
    return response


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection).

    >>> harmless("=1+1"), harmless("1250.00")
    ("'=1+1", '1250.00')
    """
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _filtered(request: AuthenticatedRequest) -> HistoryFilter:
    found = Submission.objects.history_of(request.user)
    if request.user.is_staff and request.GET.get("whose") == EVERYBODY:
        found = Submission.objects.visible_to(request.user)
    return HistoryFilter(request.GET, queryset=found, request=request)


def _rows(request: AuthenticatedRequest, found: QuerySet[Submission]) -> Iterator[list[str]]:
    """Yield the head and a row a submission."""
    labels = [str(label).capitalize() for label in FieldName.labels]
    yield [
        _("Submitted"),
        _("File"),
        _("Page"),
        _("Kind"),
        _("State"),
        *labels,
        _("Not sure"),
        _("Address"),
    ]
    for one in found.iterator(chunk_size=ROWS_A_QUERY):
        run = one.latest_run
        readings = {} if run is None else {reading.name: reading for reading in run.readings.all()}
        yield [
            one.created_at.isoformat(timespec="seconds"),
            one.file_name,
            str(one.page),
            one.get_kind_display(),
            "" if run is None else run.get_state_display(),
            *(
                masked(name, readings[name].final) if name in readings else ""
                for name in FieldName.values
            ),
            ", ".join(reading.get_name_display() for reading in doubtful(readings.values())),
            request.build_absolute_uri(reverse("submission", args=[one.pk])),
        ]


def _with_mark(lines: Iterator[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    yield from lines
