"""Who needs a second factor, and who still lacks it.

With a factor set up, allauth asks for it at each login, and the other sessions end when the first
one is added (``accounts.apps``). So a live session of somebody who has a factor has shown it, and
one question to the database decides.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import Role, User

ROLES_THAT_NEED_IT = frozenset({Role.CHECKER, Role.MODERATOR})
# Recovery codes are a way back in, not a factor of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required_of(user: User) -> bool:
    """Say whether this person may work only with a second factor."""
    return not settings.DEMO and (user.role in ROLES_THAT_NEED_IT or user.is_superuser)


def is_missing(user: User) -> bool:
    """Say whether this person must set up a second factor before anything else."""
    return is_required_of(user) and not has_one(user)


def has_one(user: User) -> bool:
    """Say whether this person has set up an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())
