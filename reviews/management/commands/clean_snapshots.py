"""Remove copies of pages that no row names, and prove that those which rows name are there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claimtracker.kernel.content_store import ContentDamaged, ContentMissing
from reviews.models import StoredContent
from reviews.snapshot_store import snapshot_store

OLDER_THAN_SECONDS = 24 * 3600  # far longer than a job may take from writing a file to committing its row


class Command(BaseCommand):
    help = "Remove copies of cited pages that no row names; with --verify, read all others."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what would be removed")
        parser.add_argument(
            "--verify", action="store_true", help="read every kept file and name what is lost"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        store = snapshot_store()
        swept = store.sweep(named, older_than=OLDER_THAN_SECONDS, dry_run=options["dry_run"])
        done = "Would remove" if options["dry_run"] else "Removed"
        self.stdout.write(
            f"{done} {swept.unnamed} contents without a row and {swept.unfinished} unfinished files, "
            f"{swept.freed:,} bytes."
        )
        if options["verify"]:
            self._verify()

    def _verify(self) -> None:
        store, lost = snapshot_store(), 0
        for digest in StoredContent.objects.order_by("digest").values_list("digest", flat=True).iterator():
            try:
                store.get(digest)
            except ContentMissing:
                lost += 1
                self.stdout.write(f"missing: {digest}")
            except ContentDamaged:
                lost += 1
                self.stdout.write(f"damaged: {digest}")
        if lost:
            raise CommandError(f"{lost} kept contents are lost. Bring them back from a backup.")
        self.stdout.write("Every kept content is there and is what its name says.")


def named(digests: Collection[str]) -> set[str]:
    return set(StoredContent.objects.filter(pk__in=digests).values_list("pk", flat=True))
