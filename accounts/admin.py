"""Moderation of people: applications to decide, roles, suspension."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import applications, people, second_factor, tokens
from accounts.admin_bulk import Bulk, preview_or_do
from accounts.admin_site import WaitingQueue
from accounts.forms import DecisionForm
from accounts.models import ApiToken, OfficialApplication, Role, User

OWN_ACCOUNT: Mapping[type[Exception], Promise] = {
    people.OwnAccountError: _("Another moderator must do this to your account."),
}
UNDECIDABLE: Mapping[type[Exception], Promise] = {
    applications.AlreadyDecidedError: _("already decided."),
    applications.UnverifiedEmailError: _(
        "the e-mail address is not verified yet, so it may be anybody's."
    ),
    people.OwnAccountError: _("another moderator must decide about you."),
}


def _details(application: OfficialApplication) -> str:
    one = application
    return f"{one}, {one.branch} ({one.branch_code}), {one.applicant.email}"


class NobodyAddsOrDeletes(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """People come by registering, and what was decided stays on record."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False


class UserForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """Role and suspension, refused for one's own account."""

    decided_by: User

    def clean(self) -> dict[str, Any] | None:
        """Keep moderators from shutting themselves out."""
        if self.instance.pk == self.decided_by.pk and {"role", "is_active"} & {*self.changed_data}:
            raise forms.ValidationError(
                _("Another moderator must change your own role or suspend you."), "own_account"
            )
        return super().clean()


@admin.register(User)
class UserAdmin(NobodyAddsOrDeletes):
    """Who is here, as what, and whether they may come in."""

    form = UserForm
    list_display = (
        "email",
        "full_name",
        "role",
        "is_active",
        "has_second_factor",
        "last_login",
        "date_joined",
    )
    list_filter = ("role", "is_active", "last_login", "date_joined")
    search_fields = ("email", "full_name")
    ordering = ("-date_joined",)
    date_hierarchy = "date_joined"
    fields = (
        "email",
        "full_name",
        "role",
        "is_active",
        "has_verified_email",
        "has_second_factor",
        "last_login",
        "date_joined",
    )
    readonly_fields = (
        "email",
        "full_name",
        "has_verified_email",
        "has_second_factor",
        "last_login",
        "date_joined",
    )
    actions = ("suspend", "reinstate", "reset_second_factors")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Fetch with each person what the columns say of them."""
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.FACTORS)
        verified = EmailAddress.objects.filter(
            user=OuterRef("pk"), email=OuterRef("email"), verified=True
        )
        people_here: QuerySet[User] = super().get_queryset(request)
        return people_here.annotate(
            _has_second_factor=Exists(factors), _has_verified_email=Exists(verified)
        )

    @admin.display(description=_("second factor"), boolean=True)
    def has_second_factor(self, user: Any) -> bool:
        """Say whether the person has set up a second factor."""
        return bool(user._has_second_factor)  # noqa: SLF001 - annotated above

    @admin.display(description=_("e-mail verified"), boolean=True)
    def has_verified_email(self, user: Any) -> bool:
        """Say whether the address is known to be the person's."""
        return bool(user._has_verified_email)  # noqa: SLF001 - annotated above

    def get_form(
        self,
        request: HttpRequest,
        obj: User | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **kwargs: Any,
    ) -> Any:
        """Tell the form who decides."""
        form = super().get_form(request, obj, change, **kwargs)
        form.decided_by = request.user  # type: ignore[attr-defined] # our UserForm
        return form

    def save_model(
        self,
        request: HttpRequest,
        obj: User,
        form: Any,
        change: bool,  # noqa: ARG002, FBT001 - Django's signature
    ) -> None:
        """Change role and suspension through the services, which also end sessions and tokens."""
        decided_by = _moderator(request)
        if "role" in form.changed_data:
            people.change_role(user=obj, role=Role(obj.role), decided_by=decided_by)
        if "is_active" in form.changed_data:
            if obj.is_active:
                people.reinstate(user=obj, decided_by=decided_by)
            else:
                people.suspend(user=obj, decided_by=decided_by)

    @admin.action(description=_("Suspend: end sessions and tokens, refuse logins"))
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Suspend the selected people."""
        by = _moderator(request)
        bulk = Bulk[User](
            _("They are logged out now, and their tokens are revoked for good."),
            lambda one, _why: people.suspend(user=one, decided_by=by),
            OWN_ACCOUNT,
            needless=lambda one: "" if one.is_active else _("Suspended already."),
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Reinstate: let them log in again"))
    def reinstate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Reinstate the selected people."""
        by = _moderator(request)
        bulk = Bulk[User](
            _("They can log in again; tokens that were revoked stay revoked."),
            lambda one, _why: people.reinstate(user=one, decided_by=by),
            needless=lambda one: _("Not suspended.") if one.is_active else "",
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Remove second factors (for people who lost them)"))
    def reset_second_factors(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> HttpResponse | None:
        """Remove the second factors of the selected people."""
        by = _moderator(request)
        bulk = Bulk[User](
            _(
                "Their second factors, sessions and tokens go, and they are told by mail. Be sure "
                "that it is they who ask."
            ),
            lambda one, _why: people.reset_second_factors(user=one, decided_by=by),
            OWN_ACCOUNT,
        )
        return preview_or_do(self, request, queryset, bulk)


@admin.register(OfficialApplication)
class OfficialApplicationAdmin(NobodyAddsOrDeletes):
    """Applications to approve or reject, one or many, with a reason."""

    list_display = (
        "full_name",
        "applicant",
        "has_verified_email",
        "bank",
        "branch",
        "branch_code",
        "employee_number",
        "created_at",
        "state",
        "decided_by",
    )
    list_filter = ("state", "created_at")
    search_fields = ("full_name", "applicant__email", "bank", "branch", "branch_code")
    list_select_related = ("applicant", "decided_by")
    date_hierarchy = "created_at"
    actions = ("approve", "reject")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfficialApplication]:
        """Fetch with each application whether the address is known to be the applicant's."""
        verified = EmailAddress.objects.filter(
            user=OuterRef("applicant"), email=OuterRef("applicant__email"), verified=True
        )
        found: QuerySet[OfficialApplication] = super().get_queryset(request)
        return found.annotate(_has_verified_email=Exists(verified))

    @admin.display(description=_("e-mail verified"), boolean=True)
    def has_verified_email(self, application: Any) -> bool:
        """Say whether the address is known to be the applicant's."""
        return bool(application._has_verified_email)  # noqa: SLF001 - annotated above

    def get_readonly_fields(
        self, _request: HttpRequest, _obj: OfficialApplication | None = None
    ) -> list[str]:
        """Let nobody edit what an applicant said, or decide without a reason."""
        return [field.name for field in OfficialApplication._meta.fields if field.name != "id"]  # noqa: SLF001 - Django's public API

    @admin.action(description=_("Approve …"))
    def approve(
        self, request: HttpRequest, queryset: QuerySet[OfficialApplication]
    ) -> HttpResponse | None:
        """Make the selected applicants officials."""
        by = _moderator(request)
        bulk = Bulk[OfficialApplication](
            _("The applicants become officials of their bank, and are told by mail."),
            lambda one, why: applications.approve(application=one, decided_by=by, reason=why),
            UNDECIDABLE,
            partial(DecisionForm, reason_is_required=False),
            describe=_details,
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Reject …"))
    def reject(
        self, request: HttpRequest, queryset: QuerySet[OfficialApplication]
    ) -> HttpResponse | None:
        """Turn the selected applications down, with a reason."""
        by = _moderator(request)
        bulk = Bulk[OfficialApplication](
            _("The applicants are told why by mail, and can apply again."),
            lambda one, why: applications.reject(application=one, decided_by=by, reason=why),
            UNDECIDABLE,
            partial(DecisionForm, reason_is_required=True),
            describe=_details,
        )
        return preview_or_do(self, request, queryset, bulk)

    def queue(self) -> WaitingQueue:
        """Count what waits for a decision."""
        count = OfficialApplication.objects.pending().count()
        text = ngettext(
            "%(count)d application waits for a decision",
            "%(count)d applications wait for a decision",
            count,
        )
        return WaitingQueue(count, text % {"count": count}, "state__exact=pending")


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """API tokens that moderators can revoke; the key itself is nowhere."""

    list_display = ("name", "owner", "beginning", "created_at", "expires_at", "last_used_at")
    list_filter = ("expires_at", "last_used_at")
    search_fields = ("owner__email", "name", "beginning")
    list_select_related = ("owner",)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: a key is shown to its owner only."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        """Revoke one."""
        tokens.revoke(obj, by=_moderator(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Revoke the selected ones."""
        for token in queryset:
            tokens.revoke(token, by=_moderator(request))


def _moderator(request: HttpRequest) -> User:
    """Return who acts; the admin site lets in nobody else."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("the admin site let a stranger in")
    return user
