"""Addresses of the page of notifications."""

from django.urls import path

from recognition.notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.notices_read, name="notices_read"),
    path("notifications/mail/", views.notices_mail, name="notices_mail"),
    path("notifications/<uuid:notice_id>/read/", views.notice_read, name="notice_read"),
]
