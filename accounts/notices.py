"""Mail about what others decided."""

import logging
from collections.abc import Mapping
from functools import partial

from allauth.account.adapter import get_adapter
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import User

logger = logging.getLogger(__name__)


def tell_after_commit(user: User, notice: str, context: Mapping[str, object]) -> None:
    """Mail ``accounts/email/<notice>_{subject,message}.txt`` once what it says is stored."""
    transaction.on_commit(partial(_tell, user.email, f"accounts/email/{notice}", dict(context)))


def mail(email: str, template: str, context: Mapping[str, object]) -> None:
    """Mail ``<template>_{subject,message}.txt``.

    Raises:
        OSError: the mail server is away, or takes no mail for this address.
    """
    subject = render_to_string(f"{template}_subject.txt", dict(context)).strip()
    message = render_to_string(f"{template}_message.txt", dict(context))
    send_mail(get_adapter().format_email_subject(subject), message, None, [email])


def _tell(email: str, template: str, context: dict[str, object]) -> None:
    try:
        mail(email, template, context)
    except OSError:
        # The decision stands; what it changed shows on the account page all the same.
        logger.exception("The notice %s could not be mailed.", template)
