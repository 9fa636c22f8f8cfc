"""Forms of the batches' pages."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from recognition.batches.models import KINDS, MAX_ITEMS
from recognition.batches.services.intake import Control
from recognition.forms import ACCEPTED_TYPES, SeveralFilesField, SeveralFilesInput


class AmountField(forms.DecimalField):
    """An amount as people write it: ``1,25,000.50``."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=17, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the amount without the marks that group its digits."""
        return super().to_python(re.sub(r"[ ,]", "", value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask telephones for their keyboard of figures."""
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off"}


class ControlForm(forms.Form):
    """What the official says of the paper."""

    control_total = AmountField(
        label=_("Control total"),
        required=False,
        help_text=_("The sum of all amounts, as your adding machine or deposit slip says."),
    )
    control_count = forms.IntegerField(
        label=_("Number of items"), required=False, min_value=0, max_value=MAX_ITEMS
    )

    @property
    def control(self) -> Control:
        """What was entered, once the form is valid."""
        return Control(self.cleaned_data["control_total"], self.cleaned_data["control_count"])


class FilesForm(forms.Form):
    """Files of a batch."""

    documents = SeveralFilesField(
        label=_("Files"),
        allow_empty_file=True,
        widget=SeveralFilesInput(attrs={"accept": f"{ACCEPTED_TYPES},.zip,application/zip"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {"files": settings.UPLOAD_MAX_FILES, "items": MAX_ITEMS}
        self.fields["documents"].help_text = (
            _(
                "Images, TIFF and PDF documents with many pages, or ZIP archives of these: "
                "up to %(files)d files at once, and %(items)d items in a batch."
            )
            % limits
        )


class BatchForm(ControlForm, FilesForm):
    """A new batch."""

    field_order = ("name", "reference", "kind", "documents", "control_total", "control_count")

    name = forms.CharField(label=_("Name"), max_length=120)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        required=False,
        help_text=_("Such as the number of the deposit slip."),
    )
    kind = forms.ChoiceField(
        label=_("What do the images show?"),
        choices=[(kind.value, kind.label.capitalize()) for kind in KINDS],
        initial=KINDS[0].value,
        widget=forms.RadioSelect,
    )


class CancelForm(forms.Form):
    """Sending it is all there is to say."""


class CloseForm(forms.Form):
    """Closing, and why where the sum is not the control total."""

    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Needed where the sum differs from the control total. It is in the report."),
    )
