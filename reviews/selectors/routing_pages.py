"""What the pages of routing list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from claims.models import Claim

from ..models import RoutingRule, Rulebook, Topic
from ..placement.rules import Placed
from .dry_run import DryRun

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class CaughtClaim:
    claim: Claim
    placed: Placed
    desk: str

    @property
    def is_elsewhere(self) -> bool:
        return self.claim.desk_id != self.placed.desk

    @property
    def because(self) -> str:
        return ", ".join(self.placed.because)


@dataclass(frozen=True, slots=True)
class CaughtPage:
    """``hidden`` counts those of desks whose work the person does not see."""

    rows: list[CaughtClaim]
    hidden: int
    next_cursor: str


def rules_in_order() -> list[RoutingRule]:
    """Every rule with what its line says. Four queries."""
    rules = RoutingRule.objects.order_by("position", "id").select_related("desk")
    return list(rules.prefetch_related("topics", "came_in_at", "reviewers"))


def kept_rulebook() -> Rulebook:
    found = Rulebook.objects.select_related("desk").filter(pk=Rulebook.ONLY).first()
    return found or Rulebook(pk=Rulebook.ONLY)


def topics_in_use() -> QuerySet[Topic]:
    """Topics with the number of rules that ask for each."""
    return Topic.objects.annotate(rule_count=Count("rules", distinct=True)).order_by("name")


def caught_page(
    run: DryRun,
    claim_ids: list[int],
    names: dict[int, str],
    *,
    after: int | None = None,
    size: int = PAGE_SIZE,
) -> CaughtPage:
    """Those of ``claim_ids``, newest first, that the person sees, a page at a time after the cursor's."""
    seen = [pk for pk in claim_ids if pk in run.week.seen]
    later = [pk for pk in seen if after is None or pk < after]
    rows = [
        CaughtClaim(run.week.claims[pk], run.placed[pk], names.get(run.placed[pk].desk, "?"))
        for pk in later[:size]
    ]
    cursor = str(later[size - 1]) if len(later) > size else ""
    return CaughtPage(rows, len(claim_ids) - len(seen), cursor)


def cursor_of(query: Any) -> int | None:
    text = str(query.get("after", ""))
    return int(text) if text.isdecimal() and len(text) < 19 else None
