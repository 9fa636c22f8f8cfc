"""The pages of webhooks: a bank's endpoints, and what was sent to each."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from recognition.webhooks import access, signing
from recognition.webhooks.forms import EndpointForm
from recognition.webhooks.models import Endpoint
from recognition.webhooks.services import endpoints, outbox, sending

A_PAGE = 25


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: AuthenticatedRequest) -> HttpResponse:
    """List a bank's endpoints, and take a new one."""
    blank = Endpoint(bank=access.bank_for(request.user))
    form = EndpointForm(request.POST or None, instance=blank)
    if request.method == "POST" and form.is_valid():
        endpoint = form.save(commit=False)
        endpoints.add(endpoint, by=request.user)
        return _secret(request, endpoint)
    context = {"form": form, "endpoints": access.endpoints_of(request.user)}
    status = 400 if request.method == "POST" else 200
    return render(request, "webhooks/webhooks.html", context, status=status)


@login_required
@never_cache
@require_safe
def webhook(request: AuthenticatedRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """List what was sent to an endpoint, the latest first."""
    endpoint = access.endpoint_for(request.user, endpoint_id)
    deliveries = endpoint.deliveries.defer("body")
    page = Paginator(deliveries, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "webhooks/webhook.html", {"endpoint": endpoint, "page": page})


@login_required
@never_cache
@require_POST
def webhook_rotate(request: AuthenticatedRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Give an endpoint a new secret, and show it this once."""
    endpoint = access.endpoint_for(request.user, endpoint_id)
    endpoints.rotate(endpoint, by=request.user)
    return _secret(request, endpoint)


@login_required
@require_POST
def webhook_switch(request: AuthenticatedRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Switch an endpoint on or off."""
    endpoints.switch(access.endpoint_for(request.user, endpoint_id), by=request.user)
    return redirect("webhook", endpoint_id)


@login_required
@require_POST
def webhook_test(request: AuthenticatedRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Send a test event."""
    outbox.note_test(access.endpoint_for(request.user, endpoint_id))
    messages.success(request, _("A test event will be sent within seconds."))
    return redirect("webhook", endpoint_id)


@login_required
@require_POST
def webhook_resend(request: AuthenticatedRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """Send a message once more."""
    delivery = access.delivery_for(request.user, delivery_id)
    sending.resend(delivery)
    messages.success(request, _("The message will be sent again within seconds."))
    return redirect("webhook", delivery.endpoint_id)


def _secret(request: AuthenticatedRequest, endpoint: Endpoint) -> HttpResponse:
    context = {"endpoint": endpoint, "secret": signing.secret_of(endpoint)}
    return render(request, "webhooks/secret.html", context)
