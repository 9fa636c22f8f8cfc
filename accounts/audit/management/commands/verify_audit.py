"""``manage.py verify_audit``: does the chain of events still hold?"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import chain
from accounts.audit.models import ChainHead, Event


class Command(BaseCommand):
    """Finds events that were changed, deleted, reordered or cut off."""

    help = "Check every event of the audit log; exit with 1, and say where, if one does not fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a head that was noted down elsewhere."""
        parser.add_argument(
            "--head",
            metavar="NUMBER:SEAL",
            help="the last event as printed by an earlier run, kept away from this database",
        )

    def handle(self, *_args: Any, head: str | None, **_options: Any) -> None:
        """Print each fault, or the head to keep."""
        found = 0
        for fault in chain.faults(_parsed(head)):
            self.stdout.write(f"event {fault.sequence}: {fault.what}")
            found += 1
        if found:
            self.stdout.write(f"{found} faults")
            sys.exit(1)
        unkeyed = Event.objects.filter(scheme="sha256").count()
        kept = ChainHead.objects.first()
        self.stdout.write(
            f"{Event.objects.count()} events, no fault; {unkeyed} sealed without a key"
        )
        if kept is not None:
            self.stdout.write(f"head {kept}")


def _parsed(head: str | None) -> tuple[int, str] | None:
    if head is None:
        return None
    number, _, kept = head.partition(":")
    if not number.isdecimal() or not kept:
        raise CommandError("A head looks like 1200:9f86d08…")
    return int(number), kept
