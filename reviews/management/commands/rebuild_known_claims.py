"""``rebuild_known_claims``: our own known claims, made anew from what was published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reviews.actions.known_claims import rebuild_known_claims


class Command(BaseCommand):
    help = "Record the newest publication of every claim as a known claim. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        count = rebuild_known_claims(by="system")
        self.stdout.write(f"{count} published claim{'' if count == 1 else 's'} known.")
