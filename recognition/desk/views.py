"""The desk's pages: what waits, one item, and the key to it.

Everything works as plain forms; the page's script only saves waiting. It asks for JSON, and for the
next item as a fragment.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from recognition import images
from recognition.access import person
from recognition.desk import access
from recognition.desk.errors import DeskError
from recognition.desk.models import ReturnCode, Verdict
from recognition.desk.presenting import ItemOnDesk, put_on_desk
from recognition.desk.services import claims
from recognition.desk.services.keys import Answer, give_key
from recognition.models import FieldName

PER_PAGE = 50

View = Callable[..., HttpResponseBase]


def for_bank_staff(view: View) -> View:
    """Let bank staff in; for everyone else there is no desk."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        access.must_have_a_desk(person(request))
        return view(request, *args, **kwargs)

    return guarded


@for_bank_staff
@require_safe
def queue(request: AuthenticatedRequest) -> HttpResponse:
    """List what waits for this person, the most pressing first."""
    waiting = access.queue_of(request.user).select_related("submission")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=2)),
        "now": timezone.now(),
    }
    return render(request, "desk/queue.html", context)


@for_bank_staff
@require_POST
def take_next(request: AuthenticatedRequest) -> HttpResponse:
    """Take the most pressing item; for the script answer with it as a fragment, 204 if none."""
    without = [one for one in map(_uuid, request.POST.getlist("without")) if one]
    item = claims.claim_next(request.user, without=without)
    if "fragment" in request.POST:
        if item is None:
            return HttpResponse(status=204)
        return render(request, "desk/_item.html", _context(put_on_desk(item)))
    if item is None:
        messages.success(request, _("Nothing waits for you."))
        return redirect("desk:queue")
    return redirect("desk:item", item.pk)


@for_bank_staff
@require_POST
def take(request: AuthenticatedRequest, item_id: uuid.UUID) -> HttpResponse:
    """Take one item of the list."""
    try:
        claims.claim(access.item_for(request.user, item_id), request.user)
    except DeskError as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:queue")
    return redirect("desk:item", item_id)


@for_bank_staff
@require_safe
def item(request: AuthenticatedRequest, item_id: uuid.UUID) -> HttpResponse:
    """Show an item that this person has open."""
    try:
        found = access.held_item_for(request.user, item_id)
    except Http404:
        access.item_for(request.user, item_id)
        messages.info(request, _("Open an item from the list first."))
        return redirect("desk:queue")
    return render(request, "desk/item.html", _context(put_on_desk(found)))


@for_bank_staff
@require_POST
def key(request: AuthenticatedRequest, item_id: uuid.UUID) -> HttpResponseBase:
    """Store this person's key and go on to the next item."""
    is_script = request.headers.get("Accept") == "application/json"
    try:
        given = give_key(
            item_id=item_id,
            person=request.user,
            version=int(request.POST.get("version", "-1")),
            answer=_answer(request),
        )
    except DeskError as refusal:
        if is_script:
            error = {"code": refusal.code, "message": refusal.message, "field": refusal.field}
            return JsonResponse({"error": error}, status=409 if refusal.is_conflict else 400)
        return _show_again(request, item_id, refusal)
    except ValueError as error:
        raise Http404 from error
    if is_script:
        return JsonResponse({"state": given.state})
    messages.success(request, given.get_state_display().capitalize())
    return take_next(request)


@for_bank_staff
@require_POST
def renew(request: AuthenticatedRequest, item_id: uuid.UUID) -> HttpResponse:
    """Keep an item for longer; 409 where it is somebody else's by now."""
    try:
        claims.renew(item_id, request.user)
    except DeskError as refusal:
        error = {"code": refusal.code, "message": refusal.message}
        return JsonResponse({"error": error}, status=409)
    return JsonResponse({})


@for_bank_staff
@require_POST
def release(request: AuthenticatedRequest, item_id: uuid.UUID) -> HttpResponse:
    """Leave an item to others."""
    claims.release(item_id, request.user)
    return redirect("desk:queue")


@for_bank_staff
@require_safe
def image(request: AuthenticatedRequest, item_id: uuid.UUID) -> HttpResponseBase:
    """Answer with the image of an item that this person has open."""
    return images.image_response(access.held_image_for(request.user, item_id))


@for_bank_staff
@require_safe
def snippet(request: AuthenticatedRequest, item_id: uuid.UUID, name: str) -> HttpResponseBase:
    """Answer with the part of the image that holds one field."""
    reading = access.held_reading_for(request.user, item_id, name)
    return images.snippet_response(reading.run.submission, reading)


def _answer(request: HttpRequest) -> Answer:
    return Answer(
        verdict=Verdict(request.POST.get("verdict", Verdict.ACCEPT)),
        values=_typed(request),
        return_code=request.POST.get("return_code", ""),
        comment=request.POST.get("comment", ""),
    )


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[name] for name in FieldName.values if name in request.POST}


def _show_again(
    request: AuthenticatedRequest, item_id: uuid.UUID, refusal: DeskError
) -> HttpResponse:
    """Show the item as it was typed, and why that was refused."""
    try:
        found = access.held_item_for(request.user, item_id)
    except Http404:
        messages.error(request, refusal.message)
        return redirect("desk:queue")
    desk = put_on_desk(found, typed=_typed(request), invalid=refusal.field)
    context = _context(desk) | {"refusal": refusal, "comment": request.POST.get("comment", "")}
    return render(request, "desk/item.html", context, status=409 if refusal.is_conflict else 400)


def _context(desk: ItemOnDesk) -> dict[str, Any]:
    verdicts = () if desk.is_blind else desk.item.run.verdicts.all()
    return {
        "desk": desk,
        "item": desk.item,
        "submission": desk.item.submission,
        "failed_rules": [one for one in verdicts if one.verdict == "failed"],
        "return_codes": ReturnCode.choices,
        "is_overdue": desk.item.due_at < timezone.now(),
    }


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
