"""``rebuild_match_index``: what the search for known claims reads, made anew from claims and known claims."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.actions.match_index import UnreadableStatements, index_everything
from claims.actions.match_rebuild import rebuild_match_index


class Command(BaseCommand):
    help = (
        "Make the search index for known claims anew, from claims and known claims alone: every entry is "
        "marked for the indexer, missing ones are made, and the word counts are counted afresh. The search "
        "goes on meanwhile. Workers do the indexing; safe to repeat and to interrupt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--here", action="store_true", help="index here too, and wait until it is done")

    def handle(self, *args: Any, here: bool, verbosity: int, **options: Any) -> None:
        found = rebuild_match_index(say=self.say if verbosity > 1 else lambda line: None)
        wrong = f"{found.wrong_counts} word count{'' if found.wrong_counts == 1 else 's'} put right"
        entries = "1 entry waits" if found.stale == 1 else f"{found.stale} entries wait"
        self.say(f"{entries} for the indexer; {wrong}.")
        if not here:
            self.say("The workers of the queue match do the rest; manage.py reembed --status shows how far.")
            return
        try:
            turn = index_everything()
        except UnreadableStatements as error:
            raise CommandError(str(error)) from error
        self.say(f"{turn.indexed} indexed, {turn.removed} removed.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
