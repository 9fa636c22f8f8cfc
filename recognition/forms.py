"""Forms of the pages."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import F
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recognition import access
from recognition.filters import SubmissionFilter
from recognition.models import Kind, ModelVersion, Submission
from recognition.services.comparisons import KINDS

ACCEPTED_TYPES = "image/png,image/jpeg,image/webp,image/tiff,application/pdf,.tif,.tiff,.pdf"

USUAL_ORDER = (Kind.CHEQUE, Kind.DEMAND_DRAFT, Kind.NUMBER, Kind.DIGIT)


EVERYBODY = "everybody"


class SeveralFilesInput(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Cleans to a list of files. Whether each can be read is told file by file, by the intake."""

    widget = SeveralFilesInput

    def clean(self, data: Sequence[Any] | None, initial: Any = None) -> list[Any]:
        """Return the files that were chosen; the base class knows of one file only."""
        files = data if isinstance(data, list | tuple) and data else [None]
        # An empty file is the intake's to refuse, beside its name, so it may pass here.
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]


class SubmitForm(forms.Form):
    """What is submitted, and the files."""

    kind = forms.ChoiceField(label=_("What do the images show?"), widget=forms.RadioSelect)
    images = SeveralFilesField(
        label=_("Images"),
        allow_empty_file=True,
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED_TYPES}),
        help_text=_("PNG, JPEG, WebP, TIFF or PDF, several at once. Each page is read by itself."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = access.kinds_for(user)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        ordered = [kind for kind in USUAL_ORDER if kind in kinds]
        field.choices = [(kind.value, kind.label.capitalize()) for kind in ordered]
        field.initial = ordered[0].value


class DeleteForm(forms.Form):
    """Which of their own submissions a person wants to be rid of, and whether they mean it."""

    submission = forms.ModelMultipleChoiceField(Submission.objects.none())
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["submission"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - as above
        field.queryset = Submission.objects.history_of(user)


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at run time
    """Cleans to a version of a network, and says which of them reads now."""

    def label_from_instance(self, version: Any) -> str:
        """Name network and version."""
        return _("%s (reads now)") % version if version.is_active else str(version)


class CompareForm(forms.Form):
    """Which two versions are to read the same images."""

    first = VersionField(ModelVersion.objects.none(), label=_("One version"), empty_label=None)
    second = VersionField(ModelVersion.objects.none(), label=_("The other"), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = ModelVersion.objects.filter(name__in=KINDS).order_by("name", "-is_active", "-pk")
        for name in ("first", "second"):
            field = self.fields[name]
            assert isinstance(field, VersionField)  # noqa: S101 - tells the type checker
            field.queryset = known


def _date_filter(name: str) -> django_filters.DateFilter:
    """Return the same filter with the browser's calendar."""
    known = SubmissionFilter.base_filters[name]
    return django_filters.DateFilter(
        field_name=known.field_name,
        lookup_expr=known.lookup_expr,
        method=known.method,
        label=known.label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class HistoryOrder(django_filters.OrderingFilter):  # type: ignore[misc]  # it has no types
    """The orders of the list, and that of the amounts; what has no amount comes last."""

    def filter(self, found: Any, orders: list[str] | None) -> Any:
        """Sort, newest first unless told."""
        if not orders or orders[0] not in {"amount", "-amount"}:
            return super().filter(found, orders)
        falls = orders[0] == "-amount"
        return found.order_by(
            OrderBy(F("amount"), descending=falls, nulls_last=True), "-created_at"
        )


class HistoryForm(forms.Form):
    """The filters in the order in which people look for things."""

    field_order = ("q", "kind", "state", "desk", "cheque_number", "amount_min", "amount_max")
    use_required_attribute = False


class HistoryFilter(SubmissionFilter):
    """The filters as a form for people."""

    date_from = _date_filter("date_from")
    date_to = _date_filter("date_to")
    submitted_from = _date_filter("submitted_from")
    submitted_to = _date_filter("submitted_to")
    needs_person = django_filters.BooleanFilter(
        label=_("Needs a person's look"),
        widget=forms.Select(choices=[("", _("Any")), ("true", _("Yes")), ("false", _("No"))]),
    )
    order = HistoryOrder(
        fields=(
            ("created_at", "submitted"),
            ("amount", "amount"),
            ("kind", "kind"),
            ("file_name", "name"),
            ("latest_run__state", "state"),
        ),
        label=_("Order"),
        choices=[
            ("-submitted", _("Newest first")),
            ("submitted", _("Oldest first")),
            ("-amount", _("Largest amount first")),
            ("amount", _("Smallest amount first")),
            ("name", _("By file name")),
            ("kind", _("By kind")),
            ("state", _("By state")),
        ],
        empty_label=None,
    )
    ids = None  # type: ignore[assignment]  # django-filter: not for this form
    whose = django_filters.ChoiceFilter(
        method="as_it_is",
        label=_("Whose items"),
        choices=[(EVERYBODY, _("everybody's"))],
        empty_label=_("mine"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = access.person(self.request)
        if not person.is_staff:
            del self.filters["whose"]
        if not access.can_submit(person, Kind.CHEQUE):
            del self.filters["desk"]  # nothing of theirs ever comes there

    def as_it_is(self, found: Any, _name: str, _value: str) -> Any:
        """Keep all: whose items there are is decided before they are filtered."""
        return found

    class Meta(SubmissionFilter.Meta):
        form = HistoryForm
