"""People, what they may do, bank officials' applications, and API tokens."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.branch_codes import BRANCH_CODE_FORM


class Role(models.TextChoices):
    """What a person is on this site."""

    INDIVIDUAL = "individual", _("individual")
    OFFICIAL = "official", _("bank official")
    CHECKER = "checker", _("checker")
    MODERATOR = "moderator", _("moderator")


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Store and return a new active user; without a password nobody can log in as it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Store and return a moderator with every permission."""
        fields |= {"is_superuser": True, "role": Role.MODERATOR}
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        """Find a user by e-mail in whatever case it was typed."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in by e-mail. ``is_active`` off means suspended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    role = models.CharField(
        _("role"), max_length=12, choices=Role.choices, default=Role.INDIVIDUAL, db_index=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="email_is_unique_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="role_is_a_known_one"
            ),
        )

    def __str__(self) -> str:
        return self.email

    @property
    def is_staff(self) -> bool:
        """Moderators, and nobody else, may enter the admin site."""
        return self.role == Role.MODERATOR

    @property
    def is_bank_staff(self) -> bool:
        """Approved bank officials and those who check or moderate their work."""
        return self.role in {Role.OFFICIAL, Role.CHECKER, Role.MODERATOR}


class ApplicationState(models.TextChoices):
    """Where an application stands. The last two are final."""

    PENDING = "pending", _("waiting for a decision")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class OfficialApplicationQuerySet(models.QuerySet["OfficialApplication"]):
    """Reads of applications."""

    def pending(self) -> Self:
        """Keep those that wait for a decision."""
        return self.filter(state=ApplicationState.PENDING)

    def latest_of(self, user: User) -> "OfficialApplication | None":
        """Return the person's last application, if there is one."""
        return self.filter(applicant=user).order_by("-created_at").first()


class OfficialApplication(models.Model):
    """One person's request to work here for a bank. A decision is final; one can apply again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="applications",
        verbose_name=_("applicant"),
    )
    full_name = models.CharField(_("full name"), max_length=150)
    bank = models.CharField(_("bank"), max_length=120)
    branch = models.CharField(_("branch"), max_length=120)
    branch_code = models.CharField(_("IFSC or sort code"), max_length=11)
    employee_number = models.CharField(
        _("employee number"),
        max_length=32,
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9][A-Za-z0-9 ./-]*\Z",
                _("Use letters, digits, dots, slashes and hyphens only."),
            )
        ],
    )
    created_at = models.DateTimeField(_("applied"), default=timezone.now)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=ApplicationState.choices,
        default=ApplicationState.PENDING,
        db_index=True,
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = OfficialApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("official's application")
        verbose_name_plural = _("officials' applications")
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("applicant",),
                condition=Q(state=ApplicationState.PENDING),
                name="one_pending_application_a_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ApplicationState.PENDING,
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | Q(
                    state__in=(ApplicationState.APPROVED, ApplicationState.REJECTED),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="decided_if_and_only_if_final",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.REJECTED) | ~Q(reason=""),
                name="a_rejection_says_why",
            ),
            models.CheckConstraint(
                condition=Q(branch_code__regex=BRANCH_CODE_FORM),
                name="branch_code_has_a_known_form",
            ),
        )

    def __str__(self) -> str:
        return f"{self.full_name}, {self.bank}"

    @property
    def is_pending(self) -> bool:
        """Nobody has decided yet."""
        return self.state == ApplicationState.PENDING


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Reads of API tokens."""

    def valid_at(self, moment: datetime) -> Self:
        """Keep those that have not expired by then."""
        return self.filter(expires_at__gt=moment)


class ApiToken(models.Model):
    """A key to the API. Only its SHA-256 is kept: the key itself is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # Enough to recognise a key that turned up somewhere, too little to guess the rest.
    beginning = models.CharField(_("begins with"), max_length=10, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-created_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="one_token_a_name"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="a_token_expires_after_its_creation",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def has_expired(self) -> bool:
        """It opens nothing any more."""
        return self.expires_at <= timezone.now()
