"""People, what they may do, and bank officials' applications."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
