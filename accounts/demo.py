"""One account of each role, for trying the site out on one's own machine."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import ApplicationState, OfficialApplication, Role, User

DOMAIN = "demo.example"  # RFC 2606: nobody's


class NotADemonstrationError(Exception):
    """Accounts whose passwords are printed have no place on a real site."""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """What to type to come in."""

    role: str
    email: str
    password: str


def make_demo_accounts() -> list[DemoLogin]:
    """Make whichever demo account is missing, and return the logins of all four.

    Each installation has passwords of its own, made from its secret key, so that they stay the
    same from start to start and are stored nowhere. Somebody who changed one finds it changed.

    Raises:
        NotADemonstrationError: ``HDR_DEMO`` is off.
    """
    if not settings.DEMO:
        raise NotADemonstrationError
    logins = [_make(role) for role in Role]
    for role in (Role.OFFICIAL, Role.CHECKER):  # colleagues, or none could check the other's
        _employ(User.objects.get(email=_email(role)))
    return logins


def is_over_for(user: User) -> bool:
    """Say whether this is a demo account on a site that is no demonstration (any more)."""
    return not settings.DEMO and user.email.endswith(f"@{DOMAIN}")


@transaction.atomic
def _make(role: Role) -> DemoLogin:
    email = _email(role)
    password = salted_hmac("accounts.demo", role.value, algorithm="sha256").hexdigest()[:16]
    if not User.objects.filter(email=email).exists():
        user = User.objects.create_user(
            email, password, role=role, full_name=f"Demo {role.label}".title()
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return DemoLogin(role.value, email, password)


def _email(role: Role) -> str:
    return f"{role.value}@{DOMAIN}"


def _employ(user: User) -> None:
    OfficialApplication.objects.get_or_create(
        applicant=user,
        bank="Demo Bank",
        defaults={
            "full_name": user.full_name,
            "branch": "Main branch",
            "branch_code": "DEMO0000001",
            "employee_number": user.role,
            "state": ApplicationState.APPROVED,
            "decided_at": timezone.now(),
            "decided_by": User.objects.get(email=_email(Role.MODERATOR)),
        },
    )
