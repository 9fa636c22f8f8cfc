"""Moderation of people: applications to decide, roles, suspension."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import applications, people, second_factor, tokens
from accounts.forms import DecisionForm
from accounts.models import ApiToken, OfficialApplication, Role, User

DECISIONS = {"approve": _("Approve applications"), "reject": _("Reject applications")}


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
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Suspend the selected people."""
        self._do_for_others(request, queryset, people.suspend, "suspended")

    @admin.action(description=_("Reinstate: let them log in again"))
    def reinstate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Reinstate the selected people."""
        for user in queryset:
            people.reinstate(user=user, decided_by=_moderator(request))
            self.log_change(request, user, "reinstated")
        self.message_user(request, _("They can log in again."), messages.SUCCESS)

    @admin.action(description=_("Remove second factors (for people who lost them)"))
    def reset_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Remove the second factors of the selected people."""
        self._do_for_others(
            request, queryset, people.reset_second_factors, "second factors removed"
        )

    def _do_for_others(
        self,
        request: HttpRequest,
        queryset: QuerySet[User],
        service: Callable[..., None],
        log_entry: str,
    ) -> None:
        decided_by = _moderator(request)
        done = 0
        for user in queryset:
            try:
                service(user=user, decided_by=decided_by)
            except people.OwnAccountError:
                self.message_user(
                    request, _("Another moderator must do this to your account."), messages.ERROR
                )
            else:
                self.log_change(request, user, log_entry)
                done += 1
        if done:
            text = ngettext("Done for %(count)d person.", "Done for %(count)d people.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)


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
        """Ask for a reason, then make the selected applicants officials."""
        return self._decide(request, queryset, "approve")

    @admin.action(description=_("Reject …"))
    def reject(
        self, request: HttpRequest, queryset: QuerySet[OfficialApplication]
    ) -> HttpResponse | None:
        """Ask for a reason, then turn the selected applications down."""
        return self._decide(request, queryset, "reject")

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[OfficialApplication], decision: str
    ) -> HttpResponse | None:
        form = DecisionForm(
            request.POST if "decide" in request.POST else None,
            reason_is_required=decision == "reject",
        )
        if form.is_valid():
            self._carry_out(request, queryset, decision, form.cleaned_data["reason"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": DECISIONS[decision],
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "applications": queryset,
            "decision": decision,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/accounts/decide.html", context)

    def _carry_out(
        self,
        request: HttpRequest,
        queryset: QuerySet[OfficialApplication],
        decision: str,
        reason: str,
    ) -> None:
        service = {"approve": applications.approve, "reject": applications.reject}[decision]
        decided = 0
        for application in queryset:
            try:
                service(application=application, decided_by=_moderator(request), reason=reason)
            except applications.AlreadyDecidedError:
                text = _("%(name)s: already decided.")
            except applications.UnverifiedEmailError:
                text = _(
                    "%(name)s: the e-mail address is not verified yet, so it may be anybody's."
                )
            except people.OwnAccountError:
                text = _("%(name)s: another moderator must decide about you.")
            else:
                self.log_change(request, application, f"{decision}: {reason}")
                decided += 1
                continue
            self.message_user(request, text % {"name": application.full_name}, messages.ERROR)
        if decided:
            done = ngettext(
                "%(count)d application decided.", "%(count)d applications decided.", decided
            )
            self.message_user(request, done % {"count": decided}, messages.SUCCESS)


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
