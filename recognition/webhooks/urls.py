"""Addresses of the pages of webhooks."""

from django.urls import path

from recognition.webhooks import views

urlpatterns = [
    path("webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/<uuid:endpoint_id>/", views.webhook, name="webhook"),
    path("webhooks/<uuid:endpoint_id>/secret/", views.webhook_rotate, name="webhook_rotate"),
    path("webhooks/<uuid:endpoint_id>/switch/", views.webhook_switch, name="webhook_switch"),
    path("webhooks/<uuid:endpoint_id>/test/", views.webhook_test, name="webhook_test"),
    path("webhooks/sent/<uuid:delivery_id>/", views.webhook_resend, name="webhook_resend"),
]
