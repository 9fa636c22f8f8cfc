"""``manage.py make_demo_accounts``: one account of each role, with its password."""

from django.core.management.base import BaseCommand, CommandError

from accounts.demo import NotADemonstrationError, make_demo_accounts


class Command(BaseCommand):
    """Makes the demo accounts that are missing and prints all their logins."""

    help = "Make one account of each role and print the logins. Only where HDR_DEMO is on."

    def handle(self, **_options: object) -> None:
        """Print a login a line: role, e-mail, password."""
        try:
            logins = make_demo_accounts()
        except NotADemonstrationError as error:
            raise CommandError("Demo accounts are only for demonstrations: HDR_DEMO is off.") from (
                error
            )
        for login in logins:
            self.stdout.write(f"{login.role:<14}{login.email:<28}{login.password}")
