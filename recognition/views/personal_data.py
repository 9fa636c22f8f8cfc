"""One's own data: take it away, or have it erased."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import erasure
from accounts.requests import AuthenticatedRequest
from recognition.services import personal_data


@login_required
@require_POST
@reauthentication_required
def personal_data_export(request: AuthenticatedRequest) -> FileResponse:
    """Send a ZIP file of everything that is kept about this person."""
    archive = personal_data.archive_of(request.user)
    response = FileResponse(archive, as_attachment=True, filename="hdr-personal-data.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def account_erase(request: AuthenticatedRequest) -> HttpResponse:
    """Ask once, then erase this person's account and items."""
    if request.method != "POST":
        return render(request, "recognition/erase.html")
    try:
        erasure.erase(user=request.user, by=request.user)
    except erasure.MustStayError:
        messages.error(request, _("Ask a moderator to end your role first: you work for a bank."))
        return redirect("account_home")
    except personal_data.IsHeld:
        text = _("Something of yours must be kept for legal reasons for now. Ask a moderator.")
        messages.error(request, text)
        return redirect("account_home")
    logout(request)
    messages.success(request, _("Your account and your items were erased."))
    return redirect("account_login")
