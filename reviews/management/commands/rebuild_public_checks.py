"""Work out readers' lists anew from what is published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reviews.actions.public_lists import list_again
from reviews.models import Publication


class Command(BaseCommand):
    help = "Works out readers' lists (front page, claimants, topics, feeds, sitemap) anew. Safe at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        claims = Publication.objects.order_by("claim").values_list("claim", flat=True).distinct()
        done = sum(1 for claim_id in claims.iterator() if list_again(claim_id))
        self.stdout.write(f"{done} fact checks are listed.")
