"""Layouts and rules for countries in the admin site: draw, test, let read."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin_records import RecordedChanges
from accounts.audit.codes import EventCode
from recognition.access import person
from recognition.images import crop_response, file_response
from recognition.layouts import services
from recognition.layouts.forms import EDGES, LayoutForm, edge_field
from recognition.layouts.models import CountryRule, PaperLayout, PlaceName
from recognition.messages import FAILURES
from recognition.models import FieldName

if TYPE_CHECKING:
    from django.forms import ModelForm

FAULTS = {
    "no_line": _("No MICR line of a known form was read in the sample."),
    "turned": _("The sample does not lie upright."),
    "other_size": _(
        "By the pitch of its MICR line the sample has another size: cut it to the cheque's edges, "
        "and give the width and height of the paper."
    ),
    "other_bank": _(
        "The sample's MICR line does not begin with any of these sort codes, or a layout that "
        "names it more closely is known."
    ),
}


@admin.register(PaperLayout)
class PaperLayoutAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Paper that the engine does not know: its fields are drawn on a sample."""

    form = LayoutForm
    fields = (*LayoutForm.Meta.fields, "sample_file")  # the places follow beside the sample
    change_form_template = "admin/layouts/paperlayout/change_form.html"
    list_display = ("title", "country", "banks", "date_order", "revision", "tested_at", "is_active")
    list_filter = ("country", "is_active")
    search_fields = ("title", "banks")

    def get_urls(self) -> list[URLPattern]:
        """Add the sample, what was read in it, and whether the test is done."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:layout_id>/sample/", wrap(self.sample), name="layouts_paperlayout_sample"),
            path(
                "<int:layout_id>/snippet/<slug:name>/",
                wrap(self.snippet),
                name="layouts_paperlayout_snippet",
            ),
            path("<int:layout_id>/tested/", wrap(self.tested), name="layouts_paperlayout_tested"),
            *super().get_urls(),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        form_url: str = "",
        obj: PaperLayout | None = None,
    ) -> HttpResponse:
        """Bring the places and what the last test found."""
        if obj is not None:
            form = context["adminform"].form
            context |= {
                "layout": obj,
                "places": [
                    {
                        "name": name,
                        "label": label,
                        "edges": [
                            {"label": edge_label, "field": form[edge_field(name, edge)]}
                            for edge, edge_label in EDGES
                        ],
                    }
                    for name, label in PlaceName.choices
                ],
                "fault": _fault(obj),
                "found": _found(obj),
                "is_awaited": services.awaits_test(obj),
                "is_outdated": obj.tested_at is not None and obj.tested_revision != obj.revision,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(
        self,
        request: HttpRequest,
        obj: PaperLayout,
        form: "ModelForm[PaperLayout]",
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        """Store another revision, if anything was changed."""
        if not change or form.has_changed():
            services.save(obj, by=person(request))

    def response_add(
        self, request: HttpRequest, obj: PaperLayout, _post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on to the page where the fields are drawn."""
        text = _("“%s” was added. Now say where its fields stand.") % obj
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(_address(obj))

    def response_change(self, request: HttpRequest, obj: PaperLayout) -> HttpResponse:
        """Do what was asked for beside saving."""
        by = person(request)
        try:
            if "_test" in request.POST:
                services.ask_for_test(obj)
            elif "_activate" in request.POST:
                services.activate(obj, by=by)
                self.message_user(request, _("“%s” reads now.") % obj, messages.SUCCESS)
            elif "_retire" in request.POST:
                services.retire(obj, by=by)
                self.message_user(request, _("“%s” reads no longer.") % obj, messages.SUCCESS)
            else:
                return super().response_change(request, obj)
        except (services.CannotTest, services.NotTested) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        return HttpResponseRedirect(_address(obj))

    def has_delete_permission(self, request: HttpRequest, obj: PaperLayout | None = None) -> bool:
        """Let what never reads, or reads no longer, be removed."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_active)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer no removal of many at once."""
        return {
            name: one
            for name, one in super().get_actions(request).items()
            if name != "delete_selected"
        }

    def sample(self, request: HttpRequest, layout_id: int) -> HttpResponseBase:
        """Answer with the sample."""
        return file_response(self._layout(request, layout_id).sample)

    def snippet(self, request: HttpRequest, layout_id: int, name: str) -> HttpResponseBase:
        """Answer with the part of the sample in which one field was read."""
        layout = self._layout(request, layout_id)
        box = next((one["box"] for one in _fields(layout) if one["name"] == name), None)
        if box is None:
            raise Http404
        return crop_response(layout.sample, box)

    def tested(self, request: HttpRequest, layout_id: int) -> JsonResponse:
        """Say whether the findings of a test may still come."""
        return JsonResponse({"awaited": services.awaits_test(self._layout(request, layout_id))})

    def _layout(self, request: HttpRequest, layout_id: int) -> PaperLayout:
        layout: PaperLayout | None = self.get_object(request, str(layout_id))
        if layout is None or not self.has_view_permission(request, layout):
            raise Http404
        return layout


def _address(layout: PaperLayout) -> str:
    return reverse("admin:layouts_paperlayout_change", args=[layout.pk])


def _fault(layout: PaperLayout) -> str:
    """Return in a sentence what the last test found against it."""
    failure = layout.findings.get("failure", "")
    return str(FAULTS.get(failure) or FAILURES.get(failure, failure))


def _found(layout: PaperLayout) -> list[dict[str, Any]]:
    """Return what the last test read, as the page shows it."""
    labels = dict(FieldName.choices)
    return [one | {"label": labels.get(one["name"], one["name"])} for one in _fields(layout)]


def _fields(layout: PaperLayout) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = layout.findings.get("fields", [])
    return fields


@admin.register(CountryRule)
class CountryRuleAdmin(RecordedChanges):
    """How long a country's items are valid and how their dates are written, bank by bank."""

    list_display = ("__str__", "valid_months", "date_order")
    fields = ("bank", "country", "valid_months", "date_order")
    change_code = EventCode.COUNTRY_RULE_CHANGED
