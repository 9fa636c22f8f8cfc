"""What allauth and Django say about logins and second factors, written into the audit log."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User


def connect() -> None:
    """Listen from now on."""
    for signal, receiver in (
        (auth_signals.user_logged_in, _logged_in),
        (auth_signals.user_logged_out, _logged_out),
        (auth_signals.user_login_failed, _login_failed),
        (account_signals.user_signed_up, _signed_up),
        (account_signals.password_changed, _password_changed),
        (account_signals.password_reset, _password_changed),
        (account_signals.email_changed, _email_changed),
        (mfa_signals.authenticator_added, _factor_added),
        (mfa_signals.authenticator_removed, _factor_removed),
        (mfa_signals.authenticator_reset, _factor_added),
    ):
        signal.connect(receiver, weak=False)


def _logged_in(user: User, **_kwargs: Any) -> None:
    record(EventCode.LOGGED_IN, actor=user, subject=user)


def _logged_out(user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        record(EventCode.LOGGED_OUT, actor=user, subject=user)


def _login_failed(credentials: dict[str, Any], **_kwargs: Any) -> None:
    # An address that nobody has is left out: it may be somebody's who never came here, or a
    # password typed into the wrong box.
    email = str(credentials.get("email") or credentials.get("username") or "")
    record(
        EventCode.LOGIN_FAILED,
        actor=None,
        subject=User.objects.filter(email__iexact=email).first(),
    )


def _signed_up(user: User, **_kwargs: Any) -> None:
    record(EventCode.ACCOUNT_CREATED, actor=user, subject=user)


def _password_changed(user: User, **_kwargs: Any) -> None:
    record(EventCode.PASSWORD_CHANGED, actor=user, subject=user)


def _email_changed(user: User, **_kwargs: Any) -> None:
    record(EventCode.EMAIL_CHANGED, actor=user, subject=user)


def _factor_added(user: User, authenticator: Any, **_kwargs: Any) -> None:
    record(EventCode.FACTOR_ADDED, actor=user, subject=user, kind=authenticator.type)


def _factor_removed(user: User, authenticator: Any, **_kwargs: Any) -> None:
    record(EventCode.FACTOR_REMOVED, actor=user, subject=user, kind=authenticator.type)
