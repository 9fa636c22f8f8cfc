"""One submission: its image, what was read in it, and what its owner can do about it."""

import time
import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from recognition import access, timeline
from recognition.forms import DeleteForm
from recognition.models import FieldName, Submission
from recognition.services import intake, looking, queue, review

UNMASKED = "unmasked"  # in the session: until when, by the item's id
UNMASKED_SECONDS = 10 * 60
FRAGMENTS = {"page": "recognition/_reading.html", "drawing": "recognition/_drawing.html"}


@login_required
@never_cache
@require_safe
def submission(request: AuthenticatedRequest, submission_id: uuid.UUID) -> HttpResponse:
    """Show one submission, with its reading as far as it is."""
    found = access.submission_for(request.user, submission_id)
    return render(request, "recognition/submission.html", _reading_context(request, found))


@login_required
@never_cache
@require_safe
def submission_reading(
    request: AuthenticatedRequest, submission_id: uuid.UUID, fragment: str
) -> HttpResponse:
    """Answer with the part of a page that a run changes; nothing where it is as last ``seen``."""
    context = _reading_context(request, access.submission_for(request.user, submission_id))
    if request.GET.get("seen") == context["signature"]:
        return HttpResponse(status=204)
    return render(request, FRAGMENTS[fragment], context)


@login_required
@require_POST
def submission_rerun(request: AuthenticatedRequest, submission_id: uuid.UUID) -> HttpResponse:
    """Read it once more."""
    found = access.submission_for(request.user, submission_id)
    try:
        intake.rerun(found, by=request.user)
    except intake.WrongState as refusal:
        messages.error(request, refusal.message)
    return redirect("submission", found.pk)


@login_required
@require_POST
def submission_unmask(request: AuthenticatedRequest, submission_id: uuid.UUID) -> HttpResponse:
    """Show the account number in full for a while, to this person in this session."""
    found = access.submission_for(request.user, submission_id)
    looking.note_unmasked(found, request.user)
    now = time.time()
    shown = request.session.get(UNMASKED, {})
    still = {one: until for one, until in shown.items() if until > now}
    request.session[UNMASKED] = still | {str(found.pk): now + UNMASKED_SECONDS}
    return redirect("submission", found.pk)


@login_required
@require_POST
def submission_cancel(request: AuthenticatedRequest, submission_id: uuid.UUID) -> HttpResponse:
    """Cancel what has not begun."""
    found = access.submission_for(request.user, submission_id)
    try:
        intake.cancel(found)
    except intake.WrongState as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It will not be read."))
    return redirect("submission", found.pk)


@login_required
@require_POST
def submissions_delete(request: AuthenticatedRequest) -> HttpResponse:
    """Ask once, then delete the chosen submissions of this person."""
    form = DeleteForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Nothing was chosen that can be deleted."))
        return redirect("history")
    chosen = form.cleaned_data["submission"]
    if not form.cleaned_data["confirmed"]:
        return render(request, "recognition/delete.html", {"submissions": chosen})
    count = 0
    for one in chosen:
        try:
            intake.delete(one, by=request.user)
        except intake.WrongState as refusal:
            messages.error(request, f"{one}: {refusal.message}")
        else:
            count += 1
    if count:
        deleted = ngettext("%(count)d item was deleted.", "%(count)d items were deleted.", count)
        messages.success(request, deleted % {"count": count})
    return redirect("history")


@login_required
@require_POST
def reading_correct(
    request: AuthenticatedRequest, submission_id: uuid.UUID, name: str
) -> HttpResponse:
    """Store what a person says a field holds, and show the reading anew."""
    found = access.submission_for(request.user, submission_id)
    reading = access.reading_of(found, name)
    rejected: dict[str, str] = {}
    try:
        if other := request.POST.get("take"):
            review.take(reading, access.reading_of(found, other), request.user)
        else:
            review.correct(reading, request.POST.get("value", ""), request.user)
    except (review.InvalidValue, intake.WrongState) as error:
        rejected = {"name": name, "message": error.message}
    is_fragment = bool(getattr(request, "htmx", False))
    if not is_fragment and not rejected:
        return redirect("submission", found.pk)
    context = _reading_context(request, access.submission_for(request.user, submission_id))
    context["rejected"] = rejected
    fragment = FRAGMENTS[request.POST.get("fragment", "page")]
    template = fragment if is_fragment else "recognition/submission.html"
    return render(request, template, context)


def _is_unmasked(request: AuthenticatedRequest, found: Submission) -> bool:
    return bool(request.session.get(UNMASKED, {}).get(str(found.pk), 0) > time.time())


def _reading_context(request: AuthenticatedRequest, found: Submission) -> dict[str, Any]:
    run = found.latest_run
    is_open = run is not None and not run.is_terminal
    # Only an open run makes it matter whether a worker answers.
    is_answered = queue.queue_state().is_answered if is_open else True
    readings = [] if run is None else list(run.readings.all())
    return {
        "submission": found,
        "page_parts": list(found.page_parts),
        "run": run,
        "readings": readings,
        "words": next((one for one in readings if one.name == FieldName.LEGAL_AMOUNT), None),
        "verdicts": [] if run is None else list(run.verdicts.all()),
        "advice": [] if run is None else [m["advice"] for m in run.quality if m["advice"]],
        "is_open": is_open,
        "is_unmasked": _is_unmasked(request, found),
        "timeline": partial(timeline.entries_of, found),  # read where the page shows it
        "is_answered": is_answered,
        "signature": f"{run.pk}-{run.state}-{run.awaits_words:d}{is_answered:d}" if run else "",
    }
