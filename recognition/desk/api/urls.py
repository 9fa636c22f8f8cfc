"""Addresses of the desk's API."""

from django.urls import path

from recognition.desk.api import views

app_name = "desk_api"

_ITEM = "items/<uuid:item_id>"

urlpatterns = [
    path("items", views.DeskView.as_view(), name="items"),
    path("next", views.NextView.as_view(), name="next"),
    path(_ITEM, views.ItemView.as_view(), name="item"),
    path(f"{_ITEM}/claim", views.ClaimView.as_view(), name="claim"),
    path(f"{_ITEM}/key", views.KeyView.as_view(), name="key"),
    path(f"{_ITEM}/image", views.ItemImageView.as_view(), name="image"),
    path(f"{_ITEM}/snippets/<slug:name>", views.ItemSnippetView.as_view(), name="snippet"),
]
