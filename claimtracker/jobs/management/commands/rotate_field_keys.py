"""Bring every confidential field under the current FIELD_KEY."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claimtracker.kernel.at_rest import keys
from claimtracker.kernel.at_rest.rotating import Done, places, reencrypt


class Command(BaseCommand):
    help = (
        "Encrypt with FIELD_KEY what stands in plain letters or under a key of FIELD_KEYS_BEFORE. "
        "Stop it and start it again as you like. Exit code 1 while anything is left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count what is left to do.")
        parser.add_argument("--json", action="store_true", help="Say it in JSON on standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [Done(place.name, left=place.left()) for place in places()] if options["dry_run"] else []
        told = []
        for done in found or reencrypt():
            told.append(done)
            if not options["json"]:
                self._tell(done)
        if options["json"]:
            whole = {"key": keys.current().id, "places": [asdict(done) for done in told]}
            self.stdout.write(json.dumps(whole, indent=2))
        if left := sum(done.left for done in told):
            count = "1 value is" if left == 1 else f"{left} values are"
            raise CommandError(f"{count} not under FIELD_KEY. Keep FIELD_KEYS_BEFORE as it is.")
        if not options["json"]:
            key = keys.current().id
            self.stdout.write(f"All is under FIELD_KEY ({key}): FIELD_KEYS_BEFORE can be emptied.")

    def _tell(self, done: Done) -> None:
        for row, sentence in done.unreadable.items():
            self.stderr.write(f"row {row}: {sentence}")
        if done.rewritten or done.left:
            self.stdout.write(f"{done.place}: {done.rewritten} written anew, {done.left} left")
