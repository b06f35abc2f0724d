"""What the rules would have done with last week's claims. Reads only, a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from claims.models import Claim

from ..placement.facts import ClaimFacts
from ..placement.rules import Placed, Rulebook, place, reasons
from .rulebook import facts_of

DAYS = 7
MOST = 1000  # claims that a dry run looks at, the newest: it answers while somebody types


@dataclass(frozen=True, slots=True)
class Week:
    """The standing claims that came in the last seven days, the newest first, with what routing knows of
    them. ``seen`` are the ids of those that the person may read. ``is_cut`` when there were more than MOST.
    """

    claims: Mapping[int, Claim]
    facts: Mapping[int, ClaimFacts]
    seen: frozenset[int]
    is_cut: bool


@dataclass(slots=True)
class Catch:
    """The claims that one rule takes, or that no rule takes, the newest first. ``shadowed`` counts those that
    it would match, but that a rule before it takes."""

    claims: list[int] = field(default_factory=list)
    shadowed: int = 0
    moved: int = 0

    @property
    def count(self) -> int:
        return len(self.claims)


@dataclass(frozen=True, slots=True)
class DryRun:
    """``otherwise`` is what no rule takes."""

    week: Week
    placed: Mapping[int, Placed]
    by_rule: Mapping[int, Catch]
    otherwise: Catch

    def of(self, rule_id: int | None) -> Catch:
        return self.otherwise if rule_id is None else self.by_rule.get(rule_id, Catch())


def last_week(user: Any) -> Week:
    """Four queries, whatever came in."""
    since = timezone.now() - timedelta(days=DAYS)
    newest = Claim.objects.standing().select_related("claimant", "desk").order_by("-id")[: MOST + 1]
    rows = [claim for claim in newest if claim.created_at >= since]
    claims = {claim.pk: claim for claim in rows[:MOST]}
    seen = Claim.objects.visible_to(user).filter(pk__in=claims).values_list("pk", flat=True)
    return Week(claims, facts_of(claims.values()), frozenset(seen), len(rows) > MOST)


def dry_run(book: Rulebook, week: Week) -> DryRun:
    """Place every claim of the week by ``book``. Asks nothing of the database."""
    catches = {rule.rule_id: Catch() for rule in book.rules}
    otherwise, placed_by_claim = Catch(), {}
    for claim_id, facts in week.facts.items():
        placed = place(facts, book)
        placed_by_claim[claim_id] = placed
        catch = catches[placed.rule.rule_id] if placed.rule else otherwise
        catch.claims.append(claim_id)
        catch.moved += week.claims[claim_id].desk_id != placed.desk
        is_after = False
        for rule in book.rules:
            if is_after and reasons(rule.conditions, facts, placed.topics, book) is not None:
                catches[rule.rule_id].shadowed += 1
            is_after = is_after or rule is placed.rule
    return DryRun(week, placed_by_claim, catches, otherwise)
