"""Two versions of a network beside each other, for those who choose which one reads."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import AuthenticatedRequest
from recognition.forms import CompareForm
from recognition.models import ModelVersion, NetworkComparison
from recognition.services import comparisons


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: AuthenticatedRequest) -> HttpResponse:
    """Choose two versions; have the workers read with both."""
    _check(request)
    if request.method == "POST":
        form = CompareForm(request.POST)
        if form.is_valid():
            first, second = form.cleaned_data["first"], form.cleaned_data["second"]
            try:
                begun = comparisons.begin(first, second, by=request.user)
            except comparisons.CannotCompare as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("comparison", begun.pk)
    else:
        form = CompareForm(initial=_initial(request.GET.get("with", "")))
    latest = NetworkComparison.objects.select_related("made_by").defer("answers")[:10]
    return render(request, "recognition/compare.html", {"form": form, "latest": latest})


@login_required
@never_cache
@require_safe
def comparison(request: AuthenticatedRequest, comparison_id: uuid.UUID) -> HttpResponse:
    """Show what both read; while it is open, the page's part asks for itself again."""
    _check(request)
    found = get_object_or_404(NetworkComparison, pk=comparison_id)
    context = {
        "comparison": found,
        "is_open": comparisons.is_open(found),
        "versions": comparisons.versions_of(found),
        "summary": comparisons.summarise(found) if found.answers else None,
    }
    is_fragment = bool(getattr(request, "htmx", False))
    template = "recognition/_comparison.html" if is_fragment else "recognition/comparison.html"
    return render(request, template, context)


def _check(request: AuthenticatedRequest) -> None:
    if not request.user.is_staff:
        raise PermissionDenied


def _initial(key: str) -> dict[str, ModelVersion | None]:
    """Return the version that was asked for, beside the one that reads."""
    known = ModelVersion.objects.filter(name__in=comparisons.KINDS)
    asked = known.filter(pk=key).first() if key.isdigit() else None
    asked = asked or known.filter(is_active=False).order_by("name", "-pk").first()
    reads = known.filter(name=asked.name, is_active=True).first() if asked else None
    return {"first": reads, "second": asked}
