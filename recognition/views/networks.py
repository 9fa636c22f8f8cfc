"""The networks that read: their cards, as their training wrote them."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from recognition.models import ModelVersion
from recognition.services import comparisons

FIGURE_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
_FIGURE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.(?:svg|png)")


@login_required
@require_safe
def networks(request: AuthenticatedRequest) -> HttpResponse:
    """Show every version of every network that is known, the active ones first."""
    versions = ModelVersion.objects.order_by("name", "-is_active", "-pk")
    cards = [
        {
            "version": version,
            "figures": _figures(version),
            "is_comparable": version.name in comparisons.KINDS,
        }
        for version in versions
    ]
    return render(request, "recognition/networks.html", {"cards": cards})


@login_required
@require_safe
def network_file(
    _request: AuthenticatedRequest, name: str, version: str, file_name: str
) -> HttpResponse:
    """Answer with one figure of a card."""
    known = get_object_or_404(ModelVersion, name=name, version=version)
    if file_name not in _figures(known):
        raise Http404
    path = _folder(known) / file_name
    response = HttpResponse(path.read_bytes(), content_type=FIGURE_TYPES[path.suffix])
    # Plots carry style attributes, which only they may use; scripts they have none.
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Content-Security-Policy"] = policy
    return response


def _folder(version: ModelVersion) -> Path:
    return Path(settings.MODELS_DIR) / version.name / version.version


def _figures(version: ModelVersion) -> list[str]:
    """Return the names of the images that lie beside a network, in order."""
    folder = _folder(version)
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if _FIGURE_NAME.fullmatch(path.name))
