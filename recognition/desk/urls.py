"""Addresses of the desk's pages."""

from django.urls import path

from recognition.desk import views
from recognition.desk.learning import views as learning

app_name = "desk"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("accuracy/", learning.accuracy, name="accuracy"),
    path("accuracy/errors/", learning.errors, name="errors"),
    path("accuracy/export/", learning.export, name="export"),
    path("next/", views.take_next, name="next"),
    path("<uuid:item_id>/", views.item, name="item"),
    path("<uuid:item_id>/take/", views.take, name="take"),
    path("<uuid:item_id>/key/", views.key, name="key"),
    path("<uuid:item_id>/renew/", views.renew, name="renew"),
    path("<uuid:item_id>/release/", views.release, name="release"),
    path("<uuid:item_id>/image/", views.image, name="image"),
    path("<uuid:item_id>/fields/<slug:name>/snippet/", views.snippet, name="snippet"),
]
