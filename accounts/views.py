"""Pages about one's own account that allauth does not have."""

import uuid

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.account.views import SignupView
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import applications, second_factor, tokens
from accounts.forms import ApiTokenForm, OfficialApplicationForm, OfficialSignupForm
from accounts.models import OfficialApplication
from accounts.requests import AuthenticatedRequest


@login_required
@never_cache
@require_safe
def account_home(request: AuthenticatedRequest) -> HttpResponse:
    """Show who one is here, and everything that can be changed about it."""
    user = request.user
    context = {
        "email_is_verified": EmailAddress.objects.filter(
            user=user, email=user.email, verified=True
        ).exists(),
        "factors": Authenticator.objects.filter(user=user, type__in=second_factor.FACTORS).count(),
        "factor_is_required": second_factor.is_required_of(user),
        "sessions": len(UserSession.objects.purge_and_list(user)),
        "tokens": user.api_tokens.count(),
        "application": OfficialApplication.objects.latest_of(user),
        "may_apply": applications.may_apply(user),
    }
    return render(request, "accounts/home.html", context)


class OfficialSignupView(SignupView):
    """Register a bank official; until a moderator approves, they are an individual."""

    form_class = OfficialSignupForm
    template_name = "accounts/official_signup.html"

    def get_form_class(self) -> type[OfficialSignupForm]:
        """Return this view's own form, whatever the settings say of registration in general."""
        return self.form_class

    def get_default_success_url(self) -> str:
        """Return the page that shows the application's state."""
        return reverse("official_application")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def official_application(request: AuthenticatedRequest) -> HttpResponse:
    """Show one's application; take one from whoever has none waiting."""
    may_apply = applications.may_apply(request.user)
    form = OfficialApplicationForm(
        request.POST or None, initial={"full_name": request.user.full_name}
    )
    if request.method == "POST" and form.is_valid():
        try:
            applications.apply(application=form.save(commit=False), applicant=request.user)
        except applications.CannotApplyError:
            messages.error(request, _("You are an official already, or have applied already."))
        else:
            messages.success(request, _("Your application was sent."))
        return redirect("official_application")
    context = {
        "application": OfficialApplication.objects.latest_of(request.user),
        "form": form if may_apply else None,
    }
    return render(request, "accounts/official_application.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
@sensitive_variables("issued")
def api_tokens(request: AuthenticatedRequest) -> HttpResponse:
    """List one's API tokens and make a new one; its key is shown in this one answer only."""
    form = ApiTokenForm(request.POST or None, owner=request.user)
    issued = form.issue() if request.method == "POST" and form.is_valid() else None
    context = {
        "tokens": request.user.api_tokens.all(),
        "form": ApiTokenForm(owner=request.user) if issued else form,
        "new_token": issued[0] if issued else None,
        "new_key": issued[1] if issued else None,
    }
    return render(request, "accounts/api_tokens.html", context)


@login_required
@require_POST
def api_token_revoke(request: AuthenticatedRequest, token_id: uuid.UUID) -> HttpResponse:
    """Delete one of one's own tokens."""
    token = get_object_or_404(request.user.api_tokens, pk=token_id)
    tokens.revoke(token, by=request.user)
    messages.success(request, _("The token “%(name)s” was revoked.") % {"name": token.name})
    return redirect("account_tokens")
