"""Addresses of the API."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from recognition.api import errors, scoring, views

app_name = "api"

_SUBMISSION = "submissions/<uuid:submission_id>"

urlpatterns = [
    path("submissions", views.SubmissionsView.as_view(), name="submissions"),
    path(_SUBMISSION, views.SubmissionView.as_view(), name="submission"),
    path(f"{_SUBMISSION}/result", views.ResultView.as_view(), name="result"),
    path(f"{_SUBMISSION}/rerun", views.RerunView.as_view(), name="rerun"),
    path(f"{_SUBMISSION}/cancel", views.CancelView.as_view(), name="cancel"),
    path(f"{_SUBMISSION}/corrections", views.CorrectionsView.as_view(), name="corrections"),
    path(f"{_SUBMISSION}/image", views.ImageView.as_view(), name="image"),
    path(f"{_SUBMISSION}/original", views.OriginalView.as_view(), name="original"),
    path(f"{_SUBMISSION}/thumbnail", views.ThumbnailView.as_view(), name="thumbnail"),
    path(f"{_SUBMISSION}/snippets/<slug:name>", views.SnippetView.as_view(), name="snippet"),
    path("score", scoring.ScoreView.as_view(), name="score"),
    path("queue", views.QueueView.as_view(), name="queue"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs",
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html"),
        name="docs",
    ),
    re_path(r"", errors.not_found),
]
