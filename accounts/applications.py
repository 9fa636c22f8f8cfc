"""Apply to work here as a bank official, and decide such applications."""

from allauth.account import app_settings as account_settings
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts import people
from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import ApplicationState, OfficialApplication, Role, User
from accounts.notices import tell_after_commit

DECISIONS = {
    ApplicationState.APPROVED: EventCode.APPLICATION_APPROVED,
    ApplicationState.REJECTED: EventCode.APPLICATION_REJECTED,
}


application_decided = Signal()
"""Sent with ``application`` inside the transaction that decides it."""


class CannotApplyError(Exception):
    """The person is bank staff already, or has an application waiting."""


class AlreadyDecidedError(Exception):
    """Somebody else was first."""


class UnverifiedEmailError(Exception):
    """Nothing shows yet that the official address is the applicant's."""


class ReasonMissingError(Exception):
    """A rejection must say why."""


def may_apply(user: User) -> bool:
    """Say whether an application of this person would be accepted."""
    return not user.is_bank_staff and not user.applications.pending().exists()


def apply(*, application: OfficialApplication, applicant: User) -> OfficialApplication:
    """Store a new application; the applicant stays an individual until it is approved.

    Raises:
        CannotApplyError: see there.
    """
    if applicant.is_bank_staff:
        raise CannotApplyError
    application.applicant = applicant
    try:
        with transaction.atomic():
            application.save(force_insert=True)
            applicant.full_name = application.full_name
            applicant.save(update_fields=["full_name"])
            record(EventCode.APPLICATION_MADE, actor=applicant, subject=application)
    except IntegrityError as error:
        raise CannotApplyError from error
    return application


@transaction.atomic
def approve(*, application: OfficialApplication, decided_by: User, reason: str = "") -> None:
    """Make the applicant an official, and tell them.

    Raises:
        AlreadyDecidedError, UnverifiedEmailError, OwnAccountError: see there.
    """
    if not _has_verified_email(application.applicant):
        raise UnverifiedEmailError
    _decide(application, ApplicationState.APPROVED, decided_by, reason)
    people.change_role(user=application.applicant, role=Role.OFFICIAL, decided_by=decided_by)


@transaction.atomic
def reject(*, application: OfficialApplication, decided_by: User, reason: str) -> None:
    """Turn the application down, and tell the applicant why.

    Raises:
        AlreadyDecidedError, ReasonMissingError: see there.
    """
    if not reason.strip():
        raise ReasonMissingError
    _decide(application, ApplicationState.REJECTED, decided_by, reason)


def _decide(
    application: OfficialApplication, state: ApplicationState, decided_by: User, reason: str
) -> None:
    # One conditional update, so that of two moderators only the first decides.
    decided = OfficialApplication.objects.pending().filter(pk=application.pk)
    if not decided.update(
        state=state, reason=reason.strip(), decided_at=timezone.now(), decided_by=decided_by
    ):
        raise AlreadyDecidedError
    application.refresh_from_db()
    record(DECISIONS[state], actor=decided_by, subject=application)
    tell_after_commit(
        application.applicant, f"application_{application.state}", {"application": application}
    )
    application_decided.send(sender=OfficialApplication, application=application)


def _has_verified_email(user: User) -> bool:
    if account_settings.EMAIL_VERIFICATION != account_settings.EmailVerificationMethod.MANDATORY:
        return True
    return bool(
        EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
    )
