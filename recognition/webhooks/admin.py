"""The log of webhooks for moderators: read only, and nothing of what was sent."""

from django.contrib import admin
from django.http import HttpRequest

from recognition.webhooks.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """What was sent where, and what came of it."""

    list_display = ("created_at", "event", "endpoint", "state", "attempts", "last_code")
    list_filter = ("state", "event")
    list_select_related = ("endpoint",)
    exclude = ("body",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Events make deliveries."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Keep the log as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Keep the log as it is."""
        return False
