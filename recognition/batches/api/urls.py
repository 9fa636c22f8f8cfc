"""Addresses of the batches' API."""

from django.urls import path

from recognition.batches.api import views

app_name = "batches_api"

_BATCH = "batches/<uuid:batch_id>"

urlpatterns = [
    path("batches", views.BatchesView.as_view(), name="batches"),
    path(_BATCH, views.BatchView.as_view(), name="batch"),
    path(f"{_BATCH}/files", views.BatchFilesView.as_view(), name="files"),
    path(f"{_BATCH}/files/<str:file_name>", views.BatchFileView.as_view(), name="file"),
    path(f"{_BATCH}/items", views.BatchItemsView.as_view(), name="items"),
    path(f"{_BATCH}/items/<int:position>", views.BatchItemView.as_view(), name="item"),
    path(f"{_BATCH}/pause", views.PauseView.as_view(), name="pause"),
    path(f"{_BATCH}/resume", views.ResumeView.as_view(), name="resume"),
    path(f"{_BATCH}/cancel", views.CancelView.as_view(), name="cancel"),
    path(f"{_BATCH}/close", views.CloseView.as_view(), name="close"),
]
