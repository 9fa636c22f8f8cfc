"""Draw a digit or a number."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from recognition.views.addresses import ANY_ID


@login_required
@require_safe
def draw(request: AuthenticatedRequest) -> HttpResponse:
    """Show the sheet. What is drawn on it goes to the API, as any image does."""
    return render(request, "recognition/draw.html", {"any_id": ANY_ID})
