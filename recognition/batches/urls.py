"""Addresses of the batches' pages."""

from django.urls import path

from recognition.batches import views

_BATCH = "batches/<uuid:batch_id>/"

urlpatterns = [
    path("batches/", views.batches, name="batches"),
    path("batches/new/", views.batch_new, name="batch_new"),
    path(_BATCH, views.batch, name="batch"),
    path(f"{_BATCH}progress/", views.batch_progress, name="batch_progress"),
    path(f"{_BATCH}files/", views.batch_files, name="batch_files"),
    path(f"{_BATCH}control/", views.batch_control, name="batch_control"),
    path(f"{_BATCH}cancel/", views.batch_cancel, name="batch_cancel"),
    path(f"{_BATCH}close/", views.batch_close, name="batch_close"),
    path(
        f"{_BATCH}items/<int:position>/withdraw/", views.item_withdraw, name="batch_item_withdraw"
    ),
    path(f"{_BATCH}files/<str:file_name>", views.batch_file, name="batch_file"),
    path(f"{_BATCH}<slug:action>/", views.batch_action, name="batch_action"),
]
