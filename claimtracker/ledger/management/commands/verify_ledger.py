"""Prove that no row of the audit was changed, removed or slipped in."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claimtracker.ledger.models import AuditEntry, LedgerSeal
from claimtracker.ledger.verifying import verify


class Command(BaseCommand):
    help = "Walk the ledger's chain and report what does not hold, the first first; the exit code is then 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json",
            action="store_true",
            help="Say it in JSON on standard output: ok, entries, seals, faults.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(verify())
        entries, seals = AuditEntry.objects.count(), LedgerSeal.objects.count()
        if options["json"]:
            told = {
                "ok": not faults,
                "entries": entries,
                "seals": seals,
                "faults": [asdict(one) for one in faults],
            }
            self.stdout.write(json.dumps(told, indent=2))
        else:
            for fault in faults:
                self.stderr.write(fault.what)
        if faults:
            count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
            raise CommandError(f"The ledger does not hold: {count}. The first: {faults[0].what}")
        if not options["json"]:
            self.stdout.write(f"The ledger holds: {entries} entries, {seals} seals.")
