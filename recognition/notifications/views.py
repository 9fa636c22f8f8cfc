"""The page of notifications: what one was told of, and how one wants to hear of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from recognition.notifications import access
from recognition.notifications.forms import WishForm
from recognition.notifications.services import telling

A_PAGE = 25


@login_required
@never_cache
@require_safe
def notifications(request: AuthenticatedRequest) -> HttpResponse:
    """List what this person was told of, the latest first."""
    return _page(request, WishForm(instance=access.wish_of(request.user)))


@login_required
@require_POST
def notice_read(request: AuthenticatedRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Mark one as read."""
    telling.mark_read(access.notice_for(request.user, notice_id))
    return redirect("notifications")


@login_required
@require_POST
def notices_read(request: AuthenticatedRequest) -> HttpResponse:
    """Mark all as read."""
    telling.mark_all_read(request.user)
    messages.success(request, _("All notifications are marked as read."))
    return redirect("notifications")


@login_required
@require_POST
def notices_mail(request: AuthenticatedRequest) -> HttpResponse:
    """Keep whether notices are mailed, too."""
    form = WishForm(request.POST, instance=access.wish_of(request.user))
    if not form.is_valid():
        return _page(request, form, status=400)
    telling.set_mail(request.user, form.cleaned_data["mail"])
    messages.success(request, _("Your choice is kept."))
    return redirect("notifications")


def _page(request: AuthenticatedRequest, form: WishForm, status: int = 200) -> HttpResponse:
    found = access.notices_of(request.user)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form}
    return render(request, "notifications/notifications.html", context, status=status)
