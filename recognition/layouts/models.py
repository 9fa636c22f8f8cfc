"""What moderators know of paper and of countries, beside what the engine knows of all.

A layout goes live only as it was tested, and what went live stays for ever as it was: readings made
by it can be repeated.
"""

import uuid
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LEAST_SIDE_MM, MOST_SIDE_MM = 40, 320
_SIDE = (MinValueValidator(LEAST_SIDE_MM), MaxValueValidator(MOST_SIDE_MM))


class Country(models.TextChoices):
    """Whose MICR lines are known. The values are the engine's."""

    INDIA = "IN", _("India")
    UNITED_STATES = "US", _("United States")


CURRENCIES = {Country.INDIA: "INR", Country.UNITED_STATES: "USD"}


class DateOrder(models.TextChoices):
    """In which order day, month and year are written. The values are the engine's."""

    DAY_FIRST = "DMY", _("day, month, year")
    MONTH_FIRST = "MDY", _("month, day, year")
    YEAR_FIRST = "YMD", _("year, month, day")


class PlaceName(models.TextChoices):
    """The fields that a layout may say the place of. The values are the engine's."""

    COURTESY_AMOUNT = "courtesy_amount", _("amount in figures")
    DATE = "date", _("date")
    ACCOUNT_NUMBER = "account_number", _("account number")
    LEGAL_AMOUNT = "legal_amount", _("amount in words")
    CHEQUE_NUMBER = "cheque_number", _("printed cheque number")
    SIGNATURE = "signature", _("signature")


NEEDED_PLACES = (PlaceName.COURTESY_AMOUNT, PlaceName.DATE)


def sample_file_name(_layout: "PaperLayout", name: str) -> str:
    """Return where a sample is stored: nothing of a name that a person gave is in it."""
    return f"layouts/{uuid.uuid4().hex}{PurePosixPath(name).suffix}"


class PaperLayout(models.Model):
    """One kind of paper, as a moderator drew it on a sample. Places are in millimetres.

    ``places`` has left, top, right and bottom by the name of a field. ``anchor_x`` and ``anchor_y``
    are measured by the test reading: where the MICR line stands. ``findings`` is what the test of
    ``tested_revision`` read.
    """

    title = models.CharField(_("title"), max_length=80, unique=True)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    banks = models.CharField(
        _("sort codes begin with"),
        max_length=200,
        validators=[
            RegexValidator(
                r"\A[0-9?]{2,9}(, ?[0-9?]{2,9})*\Z",
                _("Two to nine digits each, ? for any digit, commas between them."),
            )
        ],
        help_text=_(
            "First digits of the sort codes, or routing numbers, in the MICR line; ? stands for "
            "any digit. Example: ???229, 560002"
        ),
    )
    width_mm = models.FloatField(_("width in mm"), validators=_SIDE)
    height_mm = models.FloatField(_("height in mm"), validators=_SIDE)
    date_order = models.CharField(_("date order"), max_length=3, choices=DateOrder.choices)
    sample = models.FileField(_("sample"), upload_to=sample_file_name, editable=False)
    sample_width = models.PositiveIntegerField(editable=False)
    sample_height = models.PositiveIntegerField(editable=False)
    places = models.JSONField(default=dict, blank=True, editable=False)
    anchor_x = models.FloatField(null=True, editable=False)
    anchor_y = models.FloatField(null=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    test_asked_at = models.DateTimeField(null=True, editable=False)
    tested_at = models.DateTimeField(_("tested"), null=True, editable=False)
    tested_revision = models.PositiveIntegerField(null=True, editable=False)
    findings = models.JSONField(default=dict, blank=True, editable=False)
    is_active = models.BooleanField(_("live"), default=False, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        verbose_name = _("layout")
        verbose_name_plural = _("layouts")
        ordering = ("title",)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(tested_revision=models.F("revision")),
                name="live_only_as_it_was_tested",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """The name under which this revision reads, and readings are sealed."""
        return f"own-{self.pk}-{self.revision}"

    @property
    def is_tested(self) -> bool:
        """The latest test was of what it says now, and found nothing against it."""
        return self.tested_revision == self.revision and not self.findings.get("failure")

    @property
    def bank_patterns(self) -> list[str]:
        """The patterns of ``banks``, one by one."""
        return [pattern.strip() for pattern in self.banks.split(",") if pattern.strip()]

    def as_data(self) -> dict[str, Any]:
        """Return what the engine makes a layout of."""
        is_indian = self.country == Country.INDIA
        return {
            "name": self.name,
            "country": self.country,
            "currency": CURRENCIES[Country(self.country)],
            "date_order": self.date_order,
            "size": [self.width_mm, self.height_mm],
            "banks": self.bank_patterns,
            "anchor": {
                "character": "first" if is_indian else "last_transit",
                "at": [self.anchor_x or 0.0, self.anchor_y or 0.0],
            },
            "places": {name: {"usual": edges} for name, edges in self.places.items()},
        }


class SealedLayout(models.Model):
    """What a layout said when it went live. Rows are added, never changed or removed."""

    name = models.CharField(max_length=60, unique=True)
    data = models.JSONField()
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("sealed layout")
        verbose_name_plural = _("sealed layouts")

    def __str__(self) -> str:
        return self.name


class CountryRule(models.Model):
    """What one bank, or every bank, asks of one country's items."""

    bank = models.CharField(
        _("bank"),
        max_length=120,
        blank=True,
        help_text=_("As in its officials' applications; empty: every bank without its own rule."),
    )
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    valid_months = models.PositiveSmallIntegerField(
        _("months valid"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Empty: as the country's law says (India 3, United States 6)."),
    )
    date_order = models.CharField(
        _("date order"),
        max_length=3,
        blank=True,
        choices=DateOrder.choices,
        help_text=_("Empty: as each layout has it."),
    )

    class Meta:
        verbose_name = _("rule for a country")
        verbose_name_plural = _("rules for countries")
        ordering = ("country", "bank")
        constraints = (
            models.UniqueConstraint(fields=("bank", "country"), name="one_rule_a_bank_and_country"),
        )

    def __str__(self) -> str:
        return f"{self.get_country_display()}: {self.bank or _('every other bank')}"
