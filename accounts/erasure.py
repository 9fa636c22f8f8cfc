"""Take a person out of an account. The account stays, empty: what was done stays done by it."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.dispatch import Signal

from accounts import people, tokens
from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import ApplicationState, OfficialApplication, User

DOMAIN = "erased.invalid"  # RFC 2606: nobody's, ever

erasing = Signal()
"""Sent with ``user`` inside the transaction, for who keeps more about people than we do here."""


class MustStayError(Exception):
    """The account holds a role: another moderator takes that away first."""


@transaction.atomic
def erase(*, user: User, by: User | None) -> None:
    """Remove name, address, logins and applications' details, and shut the account for good.

    Events name accounts by id alone, so the audit log stays as it is, and whole.

    Raises:
        MustStayError: see there.
    """
    if user.is_bank_staff:
        raise MustStayError
    erasing.send(sender=User, user=user)
    tokens.revoke_tokens(owner=user, by=by or user)
    people.end_sessions(user=user)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    applications = OfficialApplication.objects.filter(applicant=user)
    applications.filter(state=ApplicationState.PENDING).delete()
    applications.update(full_name="", employee_number="", reason="erased")
    user.email, user.full_name, user.is_active = f"{user.pk.hex}@{DOMAIN}", "", False
    user.set_unusable_password()
    user.save()
    record(EventCode.ACCOUNT_ERASED, actor=by, subject=user)
