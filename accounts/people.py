"""Change what a person may do: role, suspension, second factors.

Whoever calls has asked whether the one who decides may; what is checked here holds for everybody.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts import second_factor, tokens
from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import Role, User
from accounts.notices import tell_after_commit


class OwnAccountError(Exception):
    """Nobody changes their own role or suspends themselves: the last moderator might."""


@transaction.atomic
def change_role(*, user: User, role: Role, decided_by: User) -> None:
    """Give a person another role.

    Tokens made before a role that needs a second factor were made without one: they go.
    """
    _refuse_own(user, decided_by)
    user.role = role
    if role != Role.MODERATOR:
        user.is_superuser = False
    user.save(update_fields=["role", "is_superuser"])
    if role in second_factor.ROLES_THAT_NEED_IT:
        tokens.revoke_tokens(owner=user, by=decided_by)
    record(EventCode.ROLE_CHANGED, actor=decided_by, subject=user, role=user.role)


@transaction.atomic
def suspend(*, user: User, decided_by: User) -> None:
    """Shut a person out: no login, no session, no token."""
    _refuse_own(user, decided_by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    tokens.revoke_tokens(owner=user, by=decided_by)
    end_sessions(user=user)
    record(EventCode.ACCOUNT_SUSPENDED, actor=decided_by, subject=user)


@transaction.atomic
def reinstate(*, user: User, decided_by: User) -> None:
    """Let a suspended person log in again."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(EventCode.ACCOUNT_REINSTATED, actor=decided_by, subject=user)


@transaction.atomic
def reset_second_factors(*, user: User, decided_by: User) -> None:
    """Remove the factors of a person who lost them all, with everything that stood on them."""
    _refuse_own(user, decided_by)
    Authenticator.objects.filter(user=user).delete()
    tokens.revoke_tokens(owner=user, by=decided_by)
    end_sessions(user=user)
    record(EventCode.FACTORS_RESET, actor=decided_by, subject=user)
    tell_after_commit(user, "second_factors_removed", {})


def end_sessions(*, user: User, keep: str | None = None) -> None:
    """Log a person out everywhere, but for the session of the key to ``keep``."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep or ""):
        session.end()


def _refuse_own(user: User, decided_by: User) -> None:
    if user.pk == decided_by.pk:
        raise OwnAccountError
