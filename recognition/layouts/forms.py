"""A layout as a form: what it is, its sample, and four edges in millimetres a field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recognition.engine.layouts.layout import LayoutError, layout_from
from recognition.layouts.models import (
    LEAST_SIDE_MM,
    MOST_SIDE_MM,
    NEEDED_PLACES,
    PaperLayout,
    PlaceName,
)
from recognition.services.uploads import Page, RefusedUpload, receive

EDGES = (
    ("left", gettext_lazy("left")),
    ("top", gettext_lazy("top")),
    ("right", gettext_lazy("right")),
    ("bottom", gettext_lazy("bottom")),
)
_PROPORTIONS_SLACK = 0.04
"""Share by which a sample's proportions may differ from the size that is given."""


def edge_field(place: str, edge: str) -> str:
    """Return the name of the input of one edge of one field's place."""
    return f"{place}-{edge}"


class LayoutForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """What a moderator says of a layout. The places are asked for once there is a sample."""

    sample_file = forms.FileField(
        label=gettext_lazy("Sample"),
        help_text=gettext_lazy(
            "A straight scan of one filled cheque, cut to its edges: 200 dpi or more."
        ),
    )

    class Meta:
        model = PaperLayout
        fields = ("title", "country", "banks", "width_mm", "height_mm", "date_order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page: Page | None = None
        if self.instance.pk is None:
            return
        self.fields["sample_file"].required = False
        for place, label in PlaceName.choices:
            edges = self.instance.places.get(place, ("",) * 4)
            for (edge, edge_label), value in zip(EDGES, edges, strict=True):
                self.fields[edge_field(place, edge)] = forms.FloatField(
                    label=_("%(field)s: %(edge)s") % {"field": label, "edge": edge_label},
                    required=False,
                    initial=value,
                    min_value=0,
                    widget=forms.NumberInput(attrs={"step": "0.1", "min": "0"}),
                )

    def clean_sample_file(self) -> None:
        """Take the sample as any upload is taken: hostile until written anew."""
        file = self.cleaned_data.get("sample_file")
        if not file:
            return
        try:
            self.page, *others = receive(file).pages
        except RefusedUpload as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        if others:
            raise ValidationError(_("The file has several pages; send the one with the cheque."))

    def clean(self) -> dict[str, Any]:
        """Hold the sample against the size, and the places against what a layout can say."""
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        width, height = self._sample_size()
        if not all(
            LEAST_SIDE_MM <= said[side] <= MOST_SIDE_MM for side in ("width_mm", "height_mm")
        ):
            return said  # the model says so
        if abs(width / height / (said["width_mm"] / said["height_mm"]) - 1) > _PROPORTIONS_SLACK:
            self.add_error(
                "width_mm",
                _(
                    "The sample is %(width)d x %(height)d pixels, which are other proportions "
                    "than this width and height: cut it to the cheque's edges."
                )
                % {"width": width, "height": height},
            )
            return said
        if self.instance.pk is not None:
            self._take_places(said)
        return said

    def save(self, commit: bool = True) -> PaperLayout:  # noqa: FBT001, FBT002 - Django calls it so
        """Return the layout with its sample."""
        layout: PaperLayout = super().save(commit=False)
        if self.page is not None:
            data = ContentFile(self.page.data)
            layout.sample.save(f"sample{self.page.suffix}", data, save=False)
            layout.sample_width, layout.sample_height = self.page.width, self.page.height
        if commit:
            layout.save()
        return layout

    def _sample_size(self) -> tuple[int, int]:
        if self.page is not None:
            return self.page.width, self.page.height
        return self.instance.sample_width, self.instance.sample_height

    def _take_places(self, said: dict[str, Any]) -> None:
        places: dict[str, list[float]] = {}
        for place, label in PlaceName.choices:
            edges = [said.get(edge_field(place, edge)) for edge, _label in EDGES]
            if any(edge is not None for edge in edges):
                if None in edges:
                    text = _("Give all four edges of “%s”, or none.") % label
                    self.add_error(edge_field(place, "left"), text)
                    return
                places[place] = [float(edge) for edge in edges if edge is not None]
            elif place in NEEDED_PLACES:
                text = _("Say where “%s” stands.") % label
                self.add_error(edge_field(place, "left"), text)
        if self.errors:
            return
        layout = PaperLayout(pk=self.instance.pk, revision=1, places=places)
        for name in self.Meta.fields:
            setattr(layout, name, said[name])
        try:
            layout_from(layout.as_data())
        except LayoutError as error:
            raise ValidationError(str(error)) from error
        self.instance.places = places
