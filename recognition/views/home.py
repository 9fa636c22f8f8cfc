"""The first page: what hdr does, how to photograph a cheque, what it can't do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the guide."""
    return render(request, "recognition/home.html")
