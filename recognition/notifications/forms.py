"""The form on the page of notifications."""

from django import forms

from recognition.notifications.models import Wish


class WishForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """Whether notices are mailed, too."""

    class Meta:
        model = Wish
        fields = ("mail",)
        widgets = {"mail": forms.RadioSelect}
