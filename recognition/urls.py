"""Addresses of the pages."""

from django.urls import path

from recognition import images
from recognition.views import (
    comparing,
    drawing,
    history,
    home,
    networks,
    personal_data,
    submissions,
    submitting,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("submit/", submitting.submit, name="submit"),
    path("draw/", drawing.draw, name="draw"),
    path("personal-data/", personal_data.personal_data_export, name="personal_data_export"),
    path("personal-data/erase/", personal_data.account_erase, name="account_erase"),
    path("history/", history.history, name="history"),
    path("history/searches/", history.search_save, name="search_save"),
    path("history/searches/<int:search_id>/delete/", history.search_delete, name="search_delete"),
    path("history/export.csv", history.export, name="history_export"),
    path("submissions/delete/", submissions.submissions_delete, name="submissions_delete"),
    path("submissions/<uuid:submission_id>/", submissions.submission, name="submission"),
    path(
        "submissions/<uuid:submission_id>/reading/",
        submissions.submission_reading,
        {"fragment": "page"},
        name="submission_reading",
    ),
    path(
        "submissions/<uuid:submission_id>/drawing/",
        submissions.submission_reading,
        {"fragment": "drawing"},
        name="submission_drawing",
    ),
    path(
        "submissions/<uuid:submission_id>/rerun/",
        submissions.submission_rerun,
        name="submission_rerun",
    ),
    path(
        "submissions/<uuid:submission_id>/unmask/",
        submissions.submission_unmask,
        name="submission_unmask",
    ),
    path(
        "submissions/<uuid:submission_id>/cancel/",
        submissions.submission_cancel,
        name="submission_cancel",
    ),
    path(
        "submissions/<uuid:submission_id>/fields/<slug:name>/correct/",
        submissions.reading_correct,
        name="reading_correct",
    ),
    path(
        "submissions/<uuid:submission_id>/image/", images.submission_image, name="submission_image"
    ),
    path(
        "submissions/<uuid:submission_id>/original/",
        images.submission_original,
        name="submission_original",
    ),
    path(
        "submissions/<uuid:submission_id>/thumbnail/",
        images.submission_thumbnail,
        name="submission_thumbnail",
    ),
    path(
        "submissions/<uuid:submission_id>/fields/<slug:name>/snippet/",
        images.submission_snippet,
        name="submission_snippet",
    ),
    path("models/", networks.networks, name="models"),
    path("models/compare/", comparing.compare, name="compare"),
    path("models/compare/<uuid:comparison_id>/", comparing.comparison, name="comparison"),
    path(
        "models/<slug:name>/<slug:version>/<str:file_name>",
        networks.network_file,
        name="network_file",
    ),
]
