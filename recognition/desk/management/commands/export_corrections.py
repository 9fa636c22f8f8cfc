"""Write what people said of readings as a labelled set: ``export_corrections --out DIR``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from recognition.desk.learning.exports import ACCOUNT_NUMBERS, LABELS, write_folder


class Command(BaseCommand):
    """Write snippets and their table; the audit log is told."""

    help = "Write a labelled set of snippets from what people corrected and keyed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a folder; account numbers only for somebody who may have them."""
        parser.add_argument("--out", type=Path, required=True, help="a folder, made if missing")
        parser.add_argument("--by", help="the e-mail address of who asks for it")
        parser.add_argument(
            "--account-numbers", action="store_true", help="too; --by must name who may export them"
        )

    def handle(self, **options: Any) -> None:
        """Write it, and say how much it was."""
        person = User.objects.filter(email=options["by"]).first() if options["by"] else None
        if options["by"] and person is None:
            raise CommandError(f"Nobody has the address {options['by']}.")
        with_accounts = options["account_numbers"]
        if with_accounts and (person is None or not person.has_perm(ACCOUNT_NUMBERS)):
            raise CommandError("--by must name somebody who may export account numbers.")
        if (options["out"] / LABELS).exists():
            raise CommandError(f"There is a labelled set in {options['out']} already.")
        count = write_folder(options["out"], by=person, with_accounts=with_accounts)
        self.stdout.write(f"{count} labels in {options['out'] / LABELS}")
