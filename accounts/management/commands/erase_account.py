"""``manage.py erase_account E-MAIL``: take a person out of an account, for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import erasure
from accounts.models import User


class Command(BaseCommand):
    """Erases who asked for it by letter."""

    help = "Erase a person's data; the account stays, empty, and the audit log whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address, and a yes."""
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="it can't be undone: yes")

    def handle(self, *_args: Any, email: str, yes: bool, **_options: Any) -> None:
        """Erase the account."""
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError("Nobody has this address.")
        if not yes:
            raise CommandError("It can't be undone: add --yes.")
        try:
            erasure.erase(user=user, by=None)
        except erasure.MustStayError as refusal:
            text = "Bank staff can't be erased: make them an individual first."
            raise CommandError(text) from refusal
        self.stdout.write(f"The account {user.pk} is erased.")
