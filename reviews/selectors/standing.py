"""How far each of many claims has come: its open task, its newest verdict, what is published of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ..models import Publication, ReviewTask, Verdict


@dataclass(frozen=True, slots=True)
class Standing:
    task: ReviewTask | None = None
    verdict: Verdict | None = None
    publication: Publication | None = None


def standings_of(claim_ids: Collection[int]) -> dict[int, Standing]:
    """Claim id → where it stands, for each of ``claim_ids``. Three queries for any number."""
    tasks = _newest_by_claim(ReviewTask.objects.open().select_related("assignee").filter(claim__in=claim_ids))
    verdicts = _newest_by_claim(Verdict.objects.filter(claim__in=claim_ids))
    publications = _newest_by_claim(Publication.objects.current().filter(claim__in=claim_ids))
    return {
        claim_id: Standing(tasks.get(claim_id), verdicts.get(claim_id), publications.get(claim_id))
        for claim_id in claim_ids
    }


def _newest_by_claim(rows: Iterable[Any]) -> dict[int, Any]:
    newest: dict[int, Any] = {}
    for row in rows:
        if row.claim_id not in newest or row.pk > newest[row.claim_id].pk:
            newest[row.claim_id] = row
    return newest
