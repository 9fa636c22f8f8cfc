"""The bank's decision on a cheque or draft: one item each, one row a person's key, never edited.

A key is what one person says an item holds, and whether it is to be paid. An item that needs two
keys is settled only by what two people said, each without seeing the other's. What the database
can refuse of all that, it refuses.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role as PersonRole
from accounts.models import User
from recognition.models import FieldName, FieldReading, RecognitionRun, Source, Submission

KEYED_FIELDS = (
    FieldName.COURTESY_AMOUNT,
    FieldName.DATE,
    FieldName.ACCOUNT_NUMBER,
    FieldName.CHEQUE_NUMBER,
)
"""What a key holds, and two keys are compared by: what is typed and paid by."""


class State(models.TextChoices):
    """Where an item stands. The last two are final."""

    WAITING = "waiting", _("waiting for its first key")
    RETURNED = "returned", _("returned to the maker")
    SECOND_KEY = "second_key", _("waiting for the second key")
    THIRD_KEY = "third_key", _("waiting for a third person")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


SETTLED = (State.APPROVED, State.REJECTED)
OPEN = (State.WAITING, State.RETURNED, State.SECOND_KEY, State.THIRD_KEY)
SHOWN_IN = (State.WAITING, State.RETURNED)
"""Whoever has an item open in these is shown what the machine read of it."""


class KeyRole(models.TextChoices):
    """Whose key it is. Second and third keys are given blind."""

    MAKER = "maker", _("maker")
    CHECKER = "checker", _("checker")
    THIRD = "third", _("third person")


class Verdict(models.TextChoices):
    """What a person decides."""

    ACCEPT = "accept", _("accept")
    REJECT = "reject", _("reject")
    RETURN = "return", _("return to the maker")


class ReturnCode(models.TextChoices):
    """Why a cheque is not paid: the reasons of Indian clearing that an image can show."""

    SIGNATURE_DIFFERS = "12", _("drawer's signature differs")
    SIGNATURE_MISSING = "10", _("drawer's signature is missing")
    ALTERED = "17", _("alteration needs the drawer's confirmation")
    POST_DATED = "30", _("post-dated")
    STALE = "31", _("out of date")
    UNDATED = "32", _("undated, or without a proper date")
    MUTILATED = "33", _("mutilated")
    AMOUNTS_DIFFER = "34", _("words and figures differ")
    NOT_OURS = "36", _("not drawn on us")
    EXTRANEOUS = "38", _("contains extraneous matter")
    NOT_CLEAR = "39", _("image is not clear")
    TWICE = "41", _("item is listed twice")
    NO_ACCOUNT = "52", _("no such account")


class ItemQuerySet(models.QuerySet["Item"]):
    """Reads of items."""

    def settled(self) -> Self:
        """Keep what was approved or rejected."""
        return self.filter(state__in=SETTLED)

    def open(self) -> Self:
        """Keep what still waits for somebody."""
        return self.filter(state__in=OPEN, submission__deleted_at=None, submission__is_hidden=False)

    def for_person(self, person: User) -> Self:
        """Keep the open items that this person could give the next key to.

        Whoever had one part in an item never has another: a maker never checks it, a checker is
        never its third person, and its owner gives neither a second nor a third key. Who was shown
        what the machine read, and left it at that, keys it blind no more.
        """
        keys = Key.objects.filter(person=person)
        seen = Q(pk__in=Sight.objects.filter(person=person).values("item"))

        def had_another_part(role: KeyRole) -> Q:
            return Q(pk__in=keys.exclude(role=role).values("item"))

        returned = Q(state=State.RETURNED) & ~had_another_part(KeyRole.MAKER)
        if person.role != PersonRole.MODERATOR:  # for whom an item whose maker left is not lost
            returned &= Q(maker=person)
        may = Q(state=State.WAITING) | returned
        if person.role in {PersonRole.CHECKER, PersonRole.MODERATOR}:
            others = ~Q(submission__owner=person) & ~Q(maker=person) & ~seen
            for state, role, had_no_part in (
                (State.SECOND_KEY, KeyRole.CHECKER, others),
                (State.THIRD_KEY, KeyRole.THIRD, others & ~Q(checker=person)),
            ):
                # Only what was returned has keys of people who are not among the item's own.
                earlier = Q(round__gt=1) & had_another_part(role)
                may |= Q(state=state) & had_no_part & ~earlier
        return self.open().filter(may)

    def unclaimed_for(self, person: User) -> Self:
        """Keep what nobody else has open just now."""
        return self.filter(
            Q(claimed_by=None) | Q(claimed_by=person) | Q(claimed_until__lte=timezone.now())
        )

    def in_order(self) -> Self:
        """Put the most pressing first: see ``Item.rank_at``."""
        return self.order_by("rank_at", "pk")


def _apart(one: str, other: str) -> Q:
    return Q(**{one: None}) | Q(**{other: None}) | ~Q(**{one: F(other)})


class Item(models.Model):
    """A cheque or draft on its way to a decision."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, primary_key=True, related_name="item"
    )
    run = models.ForeignKey(RecognitionRun, models.CASCADE, related_name="+")
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    worth = models.DecimalField(_("worth"), max_digits=17, decimal_places=2, null=True)
    due_at = models.DateTimeField(_("due"))
    rank_at = models.DateTimeField(
        _("rank"), help_text=_("When it is due, less a head start for what it is worth.")
    )
    needs_two_keys = models.BooleanField(_("needs two keys"), default=True)
    is_audit = models.BooleanField(
        _("audit"), default=False, help_text=_("Drawn to check what the machine accepts alone.")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    third = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When it was last taken up.")
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    return_code = models.CharField(
        _("return code"), max_length=2, blank=True, choices=ReturnCode.choices
    )
    values = models.JSONField(_("values"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("arrived"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ("rank_at", "pk")
        indexes = (
            models.Index(fields=("rank_at",), condition=Q(state__in=OPEN), name="desk_queue"),
            models.Index(
                fields=("bank", "rank_at"), condition=Q(state__in=OPEN), name="desk_queue_of_bank"
            ),
            models.Index(fields=("bank", "settled_at"), name="desk_settled_of_bank"),
            # Both columns, so that the history counts what stands so without the rows themselves.
            models.Index(fields=("state", "submission"), name="desk_items_of_a_state"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="item_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_at__isnull=False)
                | Q(state__in=OPEN, settled_at__isnull=True),
                name="item_settled_at_if_and_only_if_settled",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REJECTED) & ~Q(return_code="")
                | ~Q(state=State.REJECTED) & Q(return_code=""),
                name="item_return_code_if_and_only_if_rejected",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False, state__in=OPEN),
                name="item_claim_is_whole_and_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED) | ~Q(comment=""),
                name="item_return_says_why",
            ),
            models.CheckConstraint(
                condition=_apart("maker", "checker")
                & _apart("maker", "third")
                & _apart("checker", "third"),
                name="item_people_are_different",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SETTLED, needs_two_keys=True)
                | Q(maker__isnull=False, checker__isnull=False),
                name="item_settled_by_two_where_two_are_needed",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SECOND_KEY, maker__isnull=False, checker__isnull=True)
                | Q(state=State.THIRD_KEY, checker__isnull=False, third__isnull=True)
                | ~Q(state__in=(State.SECOND_KEY, State.THIRD_KEY)),
                name="item_waits_for_who_is_missing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.get_state_display()}"

    @property
    def is_settled(self) -> bool:
        """Nothing about it changes any more."""
        return self.state in SETTLED


class Key(models.Model):
    """What one person said of one item, once a round. Rows are added, never changed."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="keys")
    round = models.PositiveSmallIntegerField(_("round"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=7, choices=KeyRole.choices)
    verdict = models.CharField(_("verdict"), max_length=6, choices=Verdict.choices)
    values = models.JSONField(_("values"), default=dict, blank=True)
    return_code = models.CharField(
        _("return code"), max_length=2, blank=True, choices=ReturnCode.choices
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    seconds = models.PositiveIntegerField(
        _("seconds"), null=True, help_text=_("From the taking up of the item to this key.")
    )
    created_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("item", "round", "person"), name="one_key_a_person"),
            models.UniqueConstraint(fields=("item", "round", "role"), name="one_key_a_role"),
            models.CheckConstraint(condition=Q(role__in=KeyRole.values), name="key_role_is_known"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.ACCEPT, return_code="")
                | Q(verdict=Verdict.REJECT) & ~Q(return_code="")
                | Q(verdict=Verdict.RETURN, return_code="")
                & ~Q(comment="")
                & ~Q(role=KeyRole.MAKER),
                name="key_says_what_its_verdict_needs",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.get_verdict_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; a row that is there stays as it is."""
        if self.pk is not None:
            raise TypeError("A key is never changed.")
        super().save(*args, **kwargs)


class Sight(models.Model):
    """Who was shown what the machine read of an item: they never key it blind."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="sights")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "item"), name="one_sight_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.item_id}"


class Policy(models.Model):
    """What one bank leaves to the machine, and what two people must agree on."""

    bank = models.CharField(
        _("bank"),
        max_length=120,
        unique=True,
        blank=True,
        help_text=_("As in its officials' applications; empty: every bank without its own policy."),
    )
    two_keys_from = models.DecimalField(
        _("two keys from this amount on"),
        max_digits=17,
        decimal_places=2,
        default=Decimal(50_000),
        validators=[MinValueValidator(0)],
        help_text=_("0: every item needs two keys."),
    )
    two_keys_share = models.DecimalField(
        _("two keys for a sample of the rest (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Drawn at random, item by item."),
    )
    auto_accept = models.BooleanField(
        _("approve without a person"),
        default=False,
        help_text=_(
            "Only below the amount for two keys, when every field is certain enough and every "
            "rule has passed."
        ),
    )
    max_error = models.DecimalField(
        _("at most so many values wrong (%)"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(1)],
        help_text=_("A value less certain than this goes to a person."),
    )
    audit_share = models.DecimalField(
        _("audited sample (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(2),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_(
            "Of what would be approved without a person: so many are given to two people instead."
        ),
    )
    minutes_to_decide = models.PositiveIntegerField(
        _("minutes to decide"), default=180, help_text=_("After its submission an item is overdue.")
    )

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ("bank",)
        constraints = (
            models.CheckConstraint(
                condition=Q(two_keys_share__range=(0, 100), audit_share__range=(0, 100)),
                name="policy_shares_are_shares",
            ),
            models.CheckConstraint(
                condition=Q(two_keys_from__gte=0, max_error__gt=0, max_error__lte=1),
                name="policy_limits_make_sense",
            ),
        )

    def __str__(self) -> str:
        return self.bank or str(_("every other bank"))

    @property
    def time_to_decide(self) -> timedelta:
        """How long after its submission an item is due."""
        return timedelta(minutes=self.minutes_to_decide)


class Basis(models.TextChoices):
    """Why two people keyed an item whose values are now held against the machine's."""

    AUDIT = "audit", _("audited sample of what the machine accepts")
    SAMPLE = "sample", _("drawn at random for two keys")
    REQUIRED = "required", _("its amount asked for two keys")


class Found(models.TextChoices):
    """What people found of a value that the machine read."""

    RIGHT = "right", _("right")
    WRONG = "wrong", _("wrong")
    UNREAD = "unread", _("not read")


class Judgement(models.Model):
    """Whether one value was read rightly, by the word of two people of whom one keyed blind.

    It repeats facts of the reading, so that a hundred thousand of them are counted by one table.
    It holds no value: those stand in the item and in the reading.
    """

    reading = models.OneToOneField(
        FieldReading, models.CASCADE, primary_key=True, related_name="judgement"
    )
    run = models.ForeignKey(RecognitionRun, models.CASCADE, related_name="judgements")
    field = models.CharField(_("field"), max_length=20, choices=FieldName.choices)
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    networks = models.CharField(_("networks"), max_length=200, blank=True)
    basis = models.CharField(_("why it was keyed twice"), max_length=8, choices=Basis.choices)
    confidence = models.FloatField(_("confidence"))
    was_accepted = models.BooleanField(_("accepted"))
    found = models.CharField(_("found"), max_length=6, choices=Found.choices)
    characters = models.PositiveSmallIntegerField(help_text=_("In the value that people keyed."))
    judged_at = models.DateTimeField(_("judged"))

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        indexes = (
            models.Index(fields=("judged_at",), name="judgements_of_a_time"),
            models.Index(fields=("bank", "judged_at"), name="judgements_of_a_bank"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(found__in=Found.values), name="judgement_is_known"),
        )
        permissions = (
            ("export_account_numbers", _("May export account numbers among the corrections")),
        )

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.get_found_display()}"


class Confusion(models.Model):
    """One character that was read as another one; empty: there was none, or none was read."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="confusions")
    written = models.CharField(_("written"), max_length=1, blank=True)
    read = models.CharField(_("read"), max_length=1, blank=True)

    class Meta:
        verbose_name = _("confusion")
        verbose_name_plural = _("confusions")
        constraints = (
            models.CheckConstraint(
                condition=~Q(written=F("read")), name="confusion_is_of_two_characters"
            ),
        )

    def __str__(self) -> str:
        return f"{self.written} / {self.read}"
