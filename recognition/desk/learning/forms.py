"""Which judgements somebody wants to see."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recognition.desk.models import Basis


class SelectionForm(forms.Form):
    """Bank, days, and why items were keyed twice; nothing chosen: all."""

    bank = forms.ChoiceField(label=_("Bank"), required=False)
    since = forms.DateField(
        label=_("Judged from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Judged to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    basis = forms.ChoiceField(
        label=_("Why they were keyed twice"),
        required=False,
        choices=[("", _("for any reason")), *Basis.choices],
    )
    use_required_attribute = False

    def __init__(self, *args: Any, banks: Iterable[str] | None, **kwargs: Any) -> None:
        """Offer these banks; ``None``: there is no choice."""
        super().__init__(*args, **kwargs)
        if banks is None:
            del self.fields["bank"]
            return
        field = self.fields["bank"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [("", _("all banks")), *((one, one) for one in banks)]
