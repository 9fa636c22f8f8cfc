"""The pages of batches: parse, call one service, answer."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from recognition.batches import access, downloads, forms
from recognition.batches.models import Batch, Stage
from recognition.batches.services import control, figures, intake
from recognition.batches.upload_handlers import is_too_large, takes_batch_files
from recognition.models import Source
from recognition.services.intake import WrongState

BATCHES_A_PAGE = 25
ITEMS_A_PAGE = 50

ACTIONS: dict[str, tuple[Callable[..., None], Any]] = {
    "pause": (control.pause, gettext_lazy("Nothing more of the batch is read until you resume.")),
    "resume": (control.resume, gettext_lazy("The batch is being read again.")),
}


@login_required
@never_cache
@require_safe
def batches(request: AuthenticatedRequest) -> HttpResponse:
    """List the batches that this person may see."""
    access.must_be_bank_staff(request.user)
    found = Batch.objects.visible_to(request.user).with_stage().with_counts()
    paginator = Paginator(found.select_related("owner"), BATCHES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(request, "batches/batches.html", {"page": page})


@takes_batch_files
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch_new(request: AuthenticatedRequest) -> HttpResponse:
    """Hand in a new batch."""
    access.must_be_bank_staff(request.user)
    form = _form(request, forms.BatchForm)
    if form.is_valid() and not _refused_for_size(request, form):
        given = form.cleaned_data
        batch = intake.create(
            owner=request.user,
            name=given["name"],
            reference=given["reference"],
            kind=given["kind"],
            source=Source.UPLOAD,
            control=form.control,
            uploads=given["documents"],
        )
        return redirect("batch", batch.pk)
    context = {"form": form, "title": _("New batch"), "submit": _("Hand in"), "back": "batches"}
    return render(request, "batches/form.html", context)


@login_required
@never_cache
@require_safe
def batch(request: AuthenticatedRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Show a batch, with its progress, totals and items."""
    found = access.batch_for(request.user, batch_id)
    return render(request, "batches/batch.html", _progress_context(request, found))


@login_required
@never_cache
@require_safe
def batch_progress(request: AuthenticatedRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Answer with the part of the page that changes; nothing where it is as last ``seen``."""
    context = _progress_context(request, access.batch_for(request.user, batch_id))
    if request.GET.get("seen") == context["signature"]:
        return HttpResponse(status=204)
    return render(request, "batches/_progress.html", context)


@login_required
@require_POST
def batch_action(request: AuthenticatedRequest, batch_id: uuid.UUID, action: str) -> HttpResponse:
    """Pause or resume."""
    found = access.batch_for(request.user, batch_id)
    if action not in ACTIONS:
        raise Http404
    carry_out, said = ACTIONS[action]
    try:
        carry_out(found, by=request.user)
    except WrongState as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("batch", found.pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def batch_cancel(request: AuthenticatedRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Ask, then give the batch up."""
    found = access.batch_for(request.user, batch_id)
    form = _form(request, forms.CancelForm)
    if form.is_valid():
        try:
            control.cancel(found, by=request.user)
        except WrongState as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The batch was cancelled."))
            return redirect("batch", found.pk)
    warning = _(
        "Nothing more of this batch will be taken in or read, and it can never be closed. "
        "What was read stays in the history, and its content can be handed in again."
    )
    return _form_page(
        request, found, form, _("Cancel the batch"), _("Cancel the batch"), warning=warning
    )


@takes_batch_files
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch_files(request: AuthenticatedRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Take more files into a batch."""
    found = access.batch_for(request.user, batch_id)
    form = _form(request, forms.FilesForm)
    if form.is_valid() and not _refused_for_size(request, form):
        try:
            intake.add_files(found, form.cleaned_data["documents"])
        except WrongState as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("batch", found.pk)
    return _form_page(request, found, form, _("Add files"), _("Add"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch_control(request: AuthenticatedRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Enter what the paper holds."""
    found = access.batch_for(request.user, batch_id)
    entered = {"control_total": found.control_total, "control_count": found.control_count}
    form = _form(request, forms.ControlForm, initial=entered)
    if form.is_valid():
        try:
            control.set_control(found, form.control, by=request.user)
        except WrongState as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("batch", found.pk)
    return _form_page(request, found, form, _("Control total"), _("Save"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def batch_close(request: AuthenticatedRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Close a batch whose items are all settled."""
    found = access.batch_for(request.user, batch_id)
    form = _form(request, forms.CloseForm)
    if form.is_valid():
        try:
            control.close(found, by=request.user, note=form.cleaned_data["note"].strip())
        except WrongState as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The batch is closed."))
            return redirect("batch", found.pk)
    return _form_page(
        request, found, form, _("Close the batch"), _("Close"), totals=figures.totals_of(found)
    )


@login_required
@never_cache
@require_safe
def batch_file(request: AuthenticatedRequest, batch_id: uuid.UUID, file_name: str) -> HttpResponse:
    """Send a report or an export."""
    return downloads.file_response(
        access.batch_for(request.user, batch_id), file_name, by=request.user
    )


@login_required
@require_POST
def item_withdraw(
    request: AuthenticatedRequest, batch_id: uuid.UUID, position: int
) -> HttpResponse:
    """Take one item out of the account."""
    item = access.item_of(access.batch_for(request.user, batch_id), position)
    try:
        control.withdraw(item, by=request.user)
    except WrongState as refusal:
        messages.error(request, refusal.message)
    else:
        said = _("Item %(position)d does not count in the batch any more.")
        messages.success(request, said % {"position": position})
    return redirect("batch", batch_id)


def _form(request: AuthenticatedRequest, form: type[Any], **options: Any) -> Any:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return form(*sent, **options)


def _form_page(
    request: AuthenticatedRequest, batch: Batch, form: Any, title: str, submit: str, **more: Any
) -> HttpResponse:
    context = {"batch": batch, "form": form, "title": title, "submit": submit} | more
    return render(request, "batches/form.html", context)


def _refused_for_size(request: AuthenticatedRequest, form: Any) -> bool:
    if not is_too_large(request):
        return False
    limit = settings.BATCH_MAX_BYTES // 2**20
    message = _("The files are larger than %d MB together: send them in several batches.")
    form.add_error("documents", message % limit)
    return True


def _progress_context(request: AuthenticatedRequest, found: Batch) -> dict[str, Any]:
    """Return what the page shows, and a signature of it."""
    progress, totals = figures.progress_of(found), figures.totals_of(found)
    items = found.items.with_reading().annotate(is_settled=figures.settled())
    paginator = Paginator(items, ITEMS_A_PAGE)
    paginator.count = progress.listed  # they are counted already
    page = paginator.get_page(request.GET.get("page"))
    seen = (found.stage, progress, totals, [_facts(item) for item in page])
    return {
        "batch": found,
        "progress": progress,
        "totals": totals,
        "page": page,
        "is_moving": found.stage in {Stage.OPEN, Stage.READING} or bool(progress.running),
        "is_in_review": found.stage == Stage.IN_REVIEW,
        "signature": hashlib.sha256(repr(seen).encode()).hexdigest()[:16],
    }


def _facts(item: Any) -> tuple[Any, ...]:
    submission = item.submission
    run = None if submission is None else submission.latest_run
    readings = () if run is None else [reading.final for reading in run.readings.all()]
    return (item.pk, item.outcome, item.is_settled, run and run.state, *readings)
