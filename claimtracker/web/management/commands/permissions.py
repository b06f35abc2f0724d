"""Writes docs/permissions.md from the permission table, or shows what the table lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claimtracker.web.permissions.addresses import gaps
from claimtracker.web.permissions.document import text

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "permissions.md"


class Command(BaseCommand):
    help = "Writes docs/permissions.md, who may do what, from the permission table."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--show", action="store_true", help="write it to the terminal instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if found := gaps():
            raise CommandError("\n".join(found))
        if options["show"]:
            self.stdout.write(text())
            return
        DOCUMENT.write_text(text(), encoding="utf-8")
        self.stdout.write(f"{DOCUMENT.name} is written.")
