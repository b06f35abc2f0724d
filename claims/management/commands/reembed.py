"""``reembed [--status]``: vectors by the newest encoder, and how far they are."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Count

from claims.actions.embedding_slots import ask_to_reembed, reembedding_is_needed
from claims.actions.match_index import REEMBED
from claims.actions.match_marks import INDEX
from claims.matching.embedders import embedder_for, newest_embedder
from claims.models import EmbeddingSlot, MatchEmbedding, MatchEntry
from claimtracker.jobs.models import Job


class Command(BaseCommand):
    help = (
        "Have the workers make vectors for every indexed entry by the newest encoder, beside those that are "
        "searched, and switch when none is missing. Killed or asked for twice, it goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--status", action="store_true", help="only say how far it is")

    def handle(self, *args: Any, status: bool, **options: Any) -> None:
        if status:
            self.show()
        elif not EmbeddingSlot.objects.exclude(state=EmbeddingSlot.State.SPARE).exists():
            self.stdout.write("Nothing to do: nothing is indexed yet; the indexer begins with the newest.")
        elif not reembedding_is_needed():
            self.stdout.write(f"Nothing to do: {newest_embedder().version} made what is searched.")
        else:
            with transaction.atomic():
                ask_to_reembed()
            self.stdout.write(
                f"To be embedded anew by {newest_embedder().version}; the workers of the queue match do it. "
                "See manage.py reembed --status."
            )

    def show(self) -> None:
        """A line for each slot, what waits, and what failed."""
        self.stdout.write(f"Newest encoder: {newest_embedder().version}")
        vectors = dict(MatchEmbedding.objects.order_by().values_list("slot").annotate(Count("pk")))
        for slot in EmbeddingSlot.objects.all():
            gone = slot.model_version and embedder_for(slot.model_version) is None
            missing = ", its encoder is not there any more" if gone else ""
            count = vectors.get(slot.number, 0)
            self.stdout.write(f"{str(slot).capitalize()}, {count} vectors{missing}")
        indexed = MatchEntry.objects.filter(indexed_at__isnull=False).count()
        stale = MatchEntry.objects.filter(is_stale=True).count()
        self.stdout.write(f"Entries: {indexed} indexed, {stale} waiting for the indexer")
        for job in Job.objects.filter(kind__in=(INDEX, REEMBED)).open().order_by("kind"):
            self.stdout.write(f"Job {job.kind}: {job.state}, attempt {job.attempt}")
        for job in Job.objects.filter(kind__in=(INDEX, REEMBED)).dead():
            self.stdout.write(f"Job {job.kind}: failed for good, {job.last_error.splitlines()[0]}")
