"""Filters of submissions: the same in the history page and in the API."""

from typing import Any

import django_filters
from django.apps import apps
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recognition.models import (
    Correction,
    Kind,
    RunState,
    Submission,
    SubmissionQuerySet,
)

BANK_DIGITS = 3


def _desk_states() -> list[tuple[str, Any]]:
    """Ask the desk where an item can stand: it stands above this module, which cannot name it."""
    states = apps.get_model("desk", "Item")._meta.get_field("state").choices  # noqa: SLF001 - Django's public API
    return [(str(state), label) for state, label in states or ()]


class UuidsFilter(django_filters.BaseInFilter, django_filters.UUIDFilter):
    """Several ids, separated by commas."""


class SubmissionFilter(django_filters.FilterSet):
    """Narrow submissions down; values are those finally standing."""

    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    state = django_filters.ChoiceFilter(
        field_name="latest_run__state", choices=RunState.choices, label=_("State")
    )
    desk = django_filters.ChoiceFilter(
        field_name="item__state", choices=_desk_states, label=_("At the desk")
    )
    amount_min = django_filters.NumberFilter(
        field_name="amount", lookup_expr="gte", label=_("Amount from")
    )
    amount_max = django_filters.NumberFilter(
        field_name="amount", lookup_expr="lte", label=_("Amount to")
    )
    cheque_number = django_filters.CharFilter(lookup_expr="contains", label=_("Cheque number"))
    bank = django_filters.CharFilter(
        method="of_bank",
        label=_("Bank or sort code"),
        validators=[RegexValidator(r"\A([0-9]{3}|[0-9]{9})\Z", _("3 or 9 digits."))],
        help_text=_("As in the MICR line: the bank's 3 digits, or all 9."),
    )
    person = django_filters.CharFilter(method="by_person", label=_("Submitted or changed by"))
    date_from = django_filters.DateFilter(
        field_name="dated", lookup_expr="gte", label=_("Dated from")
    )
    date_to = django_filters.DateFilter(field_name="dated", lookup_expr="lte", label=_("Dated to"))
    submitted_from = django_filters.DateFilter(
        field_name="created_at", lookup_expr="date__gte", label=_("Submitted from")
    )
    submitted_to = django_filters.DateFilter(
        field_name="created_at", lookup_expr="date__lte", label=_("Submitted to")
    )
    needs_person = django_filters.BooleanFilter(label=_("Not sure"))
    q = django_filters.CharFilter(method="search", label=_("Search"))
    ids = UuidsFilter(field_name="pk", lookup_expr="in", label=_("Ids"))
    order = django_filters.OrderingFilter(
        fields=(
            ("created_at", "submitted"),
            ("kind", "kind"),
            ("file_name", "name"),
            ("latest_run__state", "state"),
        ),
        label=_("Order"),
    )

    class Meta:
        model = Submission
        fields: tuple[str, ...] = ()

    def of_bank(self, found: SubmissionQuerySet, _name: str, value: str) -> QuerySet[Submission]:
        """Keep what bears this sort code, or one of this bank: city, bank, branch, 3 digits."""
        if len(value) == BANK_DIGITS:
            return found.alias(of_bank=Substr("sort_code", 4, 3)).filter(of_bank=value)
        return found.filter(sort_code=value)

    def by_person(self, found: SubmissionQuerySet, _name: str, value: str) -> QuerySet[Submission]:
        """Keep what somebody submitted or corrected whose address or name contains this."""
        people = User.objects.filter(Q(email__icontains=value) | Q(full_name__icontains=value))
        theirs = Correction.objects.filter(made_by__in=people)
        return found.filter(
            Q(owner__in=people) | Q(pk__in=theirs.values("reading__run__submission"))
        )

    def search(self, found: SubmissionQuerySet, _name: str, value: str) -> QuerySet[Submission]:
        """Keep those whose file name or any value contains this."""
        return found.filter(searched__contains=value.lower())
