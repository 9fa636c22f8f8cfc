"""What was read, and what people said of it."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from recognition.admin.read_only import ReadOnly
from recognition.masking import is_secret, masked
from recognition.models import (
    Correction,
    FieldReading,
)


class CorrectionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    """What people said about a reading, the newest first."""

    model = Correction
    fields = ("masked_value", "taken_from", "made_by", "made_at")
    readonly_fields = fields
    extra = 0

    @admin.display(description=_("value"))
    def masked_value(self, correction: Correction) -> str:
        """Show what was said, but of an account number the last digits alone."""
        return masked(correction.reading.name, correction.value)


@admin.register(FieldReading)
class FieldReadingAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Every field that was read, with what people said of it."""

    list_display = ("run", "name", "masked_value", "confidence", "is_accepted")
    list_filter = ("name", "is_accepted")
    list_select_related = ("run",)
    search_fields = ("value", "raw_text")
    inlines = (CorrectionInline,)

    def get_fields(self, _request: HttpRequest, obj: FieldReading | None = None) -> tuple[str, ...]:
        """Leave out what would tell a masked value after all."""
        if obj is not None and is_secret(obj):
            return (*self.list_display, "box", "notes")
        return (*self.list_display, "raw_text", "box", "characters", "alternatives", "notes")

    def get_readonly_fields(
        self, request: HttpRequest, obj: FieldReading | None = None
    ) -> tuple[str, ...]:
        """Show, never edit."""
        return self.get_fields(request, obj)

    @admin.display(description=_("value"), ordering="value")
    def masked_value(self, reading: FieldReading) -> str:
        """Show what was read, but of an account number the last digits alone."""
        return masked(reading.name, reading.value)


@admin.register(Correction)
class CorrectionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Every correction, beside what the machine read."""

    list_display = ("field", "read", "masked_value", "taken_from", "made_by", "made_at")
    list_filter = ("reading__name", "made_at")
    list_select_related = ("reading", "made_by")
    search_fields = ("value", "reading__value", "made_by__email")
    fields = ("reading", *list_display)

    @admin.display(description=_("field"), ordering="reading__name")
    def field(self, correction: Correction) -> str:
        """Name the field."""
        return correction.reading.get_name_display()

    @admin.display(description=_("as read"))
    def read(self, correction: Correction) -> str:
        """Say what the machine read."""
        return masked(correction.reading.name, correction.reading.value)

    @admin.display(description=_("value"), ordering="value")
    def masked_value(self, correction: Correction) -> str:
        """Show what was said, but of an account number the last digits alone."""
        return masked(correction.reading.name, correction.value)
