"""What a bank says of an endpoint."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recognition.webhooks import posting
from recognition.webhooks.models import CHOSEN, Endpoint


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """An address, and what it is told."""

    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=CHOSEN, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Endpoint
        fields = ("url", "events")

    def clean_url(self) -> str:
        """Refuse what nothing would be sent to."""
        url: str = self.cleaned_data["url"]
        try:
            posting.checked(url)
        except posting.RefusedError as refused:
            raise forms.ValidationError(str(refused)) from refused
        return url
