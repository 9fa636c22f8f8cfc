"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from hdr_site import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("recognition.batches.api.urls")),
    path("api/v1/desk/", include("recognition.desk.api.urls")),
    path("api/v1/", include("recognition.api.urls")),
    path("admin/", admin.site.urls),
    path("desk/", include("recognition.desk.urls")),
    path("", include("recognition.batches.urls")),
    path("", include("recognition.notifications.urls")),
    path("", include("recognition.webhooks.urls")),
    path("", include("recognition.urls")),
]
