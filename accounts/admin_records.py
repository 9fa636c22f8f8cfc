"""Tables of the admin site whose every change stands in the audit log."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User

if TYPE_CHECKING:
    from django.forms import ModelForm


class RecordedChanges(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Changes and removals are recorded under ``change_code``, and rows go one by one."""

    change_code: ClassVar[EventCode]

    def save_model(
        self,
        request: HttpRequest,
        obj: models.Model,
        form: "ModelForm[Any]",
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        """Store it, and write what it says now into the audit log."""
        super().save_model(request, obj, form, change)
        told = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        record(self.change_code, actor=_person(request), subject=obj, **told)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Remove it, and write so into the audit log."""
        record(self.change_code, actor=_person(request), subject=obj, is_removed=True)
        super().delete_model(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer no removal of many at once, which would call nothing of the above."""
        offered = super().get_actions(request)
        return {name: one for name, one in offered.items() if name != "delete_selected"}


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
