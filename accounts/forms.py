"""Forms of what allauth does not cover."""

from datetime import timedelta
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import applications, tokens
from accounts.branch_codes import normalise_branch_code
from accounts.models import ApiToken, OfficialApplication, User

LIFETIME_DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("one year")))


class BranchCodeField(forms.CharField):
    """Takes an IFSC or a sort code in any usual spelling."""

    def to_python(self, value: object) -> str:
        """Return the code as it is stored."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return normalise_branch_code(text)
        except ValueError as error:
            raise forms.ValidationError(
                _(
                    "This is neither an IFSC (four letters, a zero, six letters or digits, such "
                    "as SBIN0001234) nor a sort code (nine digits, such as 110002001)."
                ),
                "branch_code_form",
            ) from error


class OfficialApplicationForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """Who an official is, and where."""

    branch_code = BranchCodeField(
        label=_("IFSC or sort code"),
        max_length=30,
        help_text=_("Of your branch, as printed on its cheques; such as SBIN0001234 or 110002001."),
    )

    class Meta:
        model = OfficialApplication
        fields = ("full_name", "bank", "branch", "branch_code", "employee_number")
        widgets = {
            "full_name": forms.TextInput({"autocomplete": "name"}),
            "bank": forms.TextInput({"autocomplete": "organization"}),
        }


class PlainEmailMixin:
    """Calls the e-mail address what the rest of the site calls it, once, above its field."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name in {"login", "email"} & {*self.fields}:
            self.fields[name].label = _("E-mail address")


class LoginForm(PlainEmailMixin, allauth_forms.LoginForm):
    """E-mail address and password."""


class SignupForm(PlainEmailMixin, allauth_forms.SignupForm):
    """An individual's registration."""


class AddEmailForm(PlainEmailMixin, allauth_forms.AddEmailForm):
    """Another address instead of the one there is."""


class ResetPasswordForm(PlainEmailMixin, allauth_forms.ResetPasswordForm):
    """Where to send the link to a new password."""


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey, unless the person wants it as a second factor alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passwordless = self.fields["passwordless"]
        passwordless.initial = True
        passwordless.label = _("Log in with it alone")
        passwordless.help_text = _(
            "Your device then asks for a fingerprint, your face or a PIN instead of the password."
        )


class OfficialSignupForm(SignupForm):
    """A bank official's registration: the login, with an application beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Official e-mail address")
        self.fields["email"].help_text = _("The one your bank gave you. You log in with it.")
        self.application = OfficialApplicationForm(self.data if self.is_bound else None)

    def is_valid(self) -> bool:
        """Check both parts, so that every mistake shows at once."""
        return all([super().is_valid(), self.application.is_valid()])

    def save(self, request: HttpRequest) -> User:
        """Store the person and the application, or neither."""
        with transaction.atomic():
            user = cast("User", super().save(request))
            applications.apply(application=self.application.save(commit=False), applicant=user)
        return user


class ApiTokenForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """What a new API token is for, and how long it lives."""

    days = forms.TypedChoiceField(label=_("Valid for"), choices=LIFETIME_DAYS, coerce=int)

    class Meta:
        model = ApiToken
        fields = ("name",)
        help_texts = {"name": _("What will use it, such as “scanner at the counter”.")}

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean_name(self) -> str:
        """Refuse a name the owner has used."""
        name: str = self.cleaned_data["name"]
        if self.owner.api_tokens.filter(name=name).exists():
            raise forms.ValidationError(_("You have a token of this name."), "name_taken")
        return name

    def issue(self) -> tuple[ApiToken, str] | None:
        """Return the new token and its key, or ``None`` with an error in the form."""
        try:
            return tokens.issue_token(
                owner=self.owner,
                name=self.cleaned_data["name"],
                lifetime=timedelta(days=self.cleaned_data["days"]),
            )
        except tokens.TooManyTokensError:
            self.add_error(
                None,
                forms.ValidationError(
                    _("You have %(count)d tokens, which is the most. Revoke one first."),
                    "too_many_tokens",
                    {"count": tokens.MAX_TOKENS},
                ),
            )
            return None


class DecisionForm(forms.Form):
    """A moderator's reason for a decision."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "cols": 80}),
        help_text=_("The applicant reads it."),
    )

    def __init__(self, *args: Any, reason_is_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = reason_is_required
