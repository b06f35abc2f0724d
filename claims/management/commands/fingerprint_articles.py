"""``fingerprint_articles``: what was read before there were fingerprints is found again as wire copy too."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.actions.copies import fingerprint_some


class Command(BaseCommand):
    help = (
        "Fingerprint the texts that were read before fingerprints were kept, or that another method made, in "
        "batches. It can be stopped and goes on where it was; claims are not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=50, help="texts in one transaction (default 50)")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        done = 0
        while made := fingerprint_some(max(1, batch)):
            done += made
            self.stdout.write(f"{done} fingerprinted")
        self.stdout.write("Every text that was read has its fingerprint.")
