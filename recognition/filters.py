"""Filters of submissions: the same in the history page and in the API."""

from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recognition.models import (
    Correction,
    FieldName,
    FieldReading,
    Kind,
    RuleVerdict,
    RunState,
    Submission,
    SubmissionQuerySet,
)

BANK_DIGITS = 3


class UuidsFilter(django_filters.BaseInFilter, django_filters.UUIDFilter):
    """Several ids, separated by commas."""


class SubmissionFilter(django_filters.FilterSet):
    """Narrow submissions down; values are those finally standing, corrections included."""

    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    state = django_filters.ChoiceFilter(
        field_name="latest_run__state", choices=RunState.choices, label=_("State")
    )
    amount_min = django_filters.NumberFilter(method="at_least", label=_("Amount from"))
    amount_max = django_filters.NumberFilter(method="at_most", label=_("Amount to"))
    cheque_number = django_filters.CharFilter(method="with_number", label=_("Cheque number"))
    bank = django_filters.CharFilter(
        method="of_bank",
        label=_("Bank or sort code"),
        validators=[RegexValidator(r"\A([0-9]{3}|[0-9]{9})\Z", _("3 or 9 digits."))],
        help_text=_("As in the MICR line: the bank's 3 digits, or all 9."),
    )
    person = django_filters.CharFilter(method="by_person", label=_("Submitted or changed by"))
    date_from = django_filters.DateFilter(method="dated_from", label=_("Dated from"))
    date_to = django_filters.DateFilter(method="dated_to", label=_("Dated to"))
    submitted_from = django_filters.DateFilter(
        field_name="created_at", lookup_expr="date__gte", label=_("Submitted from")
    )
    submitted_to = django_filters.DateFilter(
        field_name="created_at", lookup_expr="date__lte", label=_("Submitted to")
    )
    needs_person = django_filters.BooleanFilter(method="doubtful", label=_("Not sure"))
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

    def at_least(self, found: SubmissionQuerySet, _name: str, value: Any) -> QuerySet[Submission]:
        """Keep amounts of this and more."""
        return found.with_reading(FieldName.COURTESY_AMOUNT, amount__gte=value)

    def at_most(self, found: SubmissionQuerySet, _name: str, value: Any) -> QuerySet[Submission]:
        """Keep amounts of this and less."""
        return found.with_reading(FieldName.COURTESY_AMOUNT, amount__lte=value)

    def with_number(
        self, found: SubmissionQuerySet, _name: str, value: str
    ) -> QuerySet[Submission]:
        """Keep cheque numbers that contain this."""
        return found.with_reading(FieldName.CHEQUE_NUMBER, value__contains=value)

    def of_bank(self, found: SubmissionQuerySet, _name: str, value: str) -> QuerySet[Submission]:
        """Keep what bears this sort code, or one of this bank: city, bank, branch, 3 digits."""
        if len(value) == BANK_DIGITS:
            value = f"[0-9]{{3}}{value}[0-9]{{3}}"
        sort_code = f"{value}\N{OCR BRANCH BANK IDENTIFICATION}"
        return found.with_reading(FieldName.MICR_LINE, value__regex=sort_code)

    def by_person(self, found: SubmissionQuerySet, _name: str, value: str) -> QuerySet[Submission]:
        """Keep what somebody submitted or corrected whose address or name contains this."""
        people = User.objects.filter(Q(email__icontains=value) | Q(full_name__icontains=value))
        theirs = Correction.objects.filter(
            made_by__in=people, reading__run__submission=OuterRef("pk")
        )
        return found.filter(Q(owner__in=people) | Exists(theirs))

    def dated_from(self, found: SubmissionQuerySet, _name: str, value: Any) -> QuerySet[Submission]:
        """Keep what bears this date or a later one."""
        return found.with_reading(FieldName.DATE, date__gte=value)

    def dated_to(self, found: SubmissionQuerySet, _name: str, value: Any) -> QuerySet[Submission]:
        """Keep what bears this date or an earlier one."""
        return found.with_reading(FieldName.DATE, date__lte=value)

    def doubtful(self, found: SubmissionQuerySet, _name: str, value: bool) -> QuerySet[Submission]:  # noqa: FBT001 - django-filter calls it so
        """Keep what needs a person, or does not.

        A field that was neither accepted nor corrected does, and so does a rule that failed.
        """
        is_corrected = Exists(Correction.objects.filter(reading=OuterRef("pk")))
        doubtful = FieldReading.objects.filter(~is_corrected, is_accepted=False)
        failed = RuleVerdict.objects.filter(verdict="failed")
        condition = Q(latest_run__in=doubtful.values("run")) | Q(
            latest_run__in=failed.values("run")
        )
        return found.filter(condition if value else ~condition)

    def search(self, found: SubmissionQuerySet, _name: str, value: str) -> QuerySet[Submission]:
        """Keep those whose file name or any value contains this."""
        holding = Submission.objects.finally_holding(
            FieldReading.objects.all(), value__contains=value
        )
        return found.filter(Q(file_name__icontains=value) | Q(pk__in=holding.values("pk")))
