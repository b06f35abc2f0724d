"""Prove that no row of the audit was changed or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claimtracker.ledger.models import AuditEntry, LedgerSeal
from claimtracker.ledger.sealing import verify


class Command(BaseCommand):
    help = "Walk the ledger's chain and report what does not hold; the exit code is then 1."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(verify())
        for fault in faults:
            self.stderr.write(fault.what)
        if faults:
            raise CommandError(f"The ledger does not hold: {len(faults)} faults.")
        entries, seals = AuditEntry.objects.count(), LedgerSeal.objects.count()
        self.stdout.write(f"The ledger holds: {entries} entries, {seals} seals.")
