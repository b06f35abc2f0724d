"""Where the claims of an article stand besides it: wire copy shares its claims."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from claims.models import Appearance, Article


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Other articles with a claim: the first that the person may see, and how many of those there are. None
    of these (``count`` 0) where it stands in other desks' articles only."""

    article_id: int | None
    title: str
    count: int

    @property
    def more(self) -> int:
        return self.count - 1


def elsewhere_of(claims: Collection[int], *, than: Article, user: Any) -> dict[int, Elsewhere]:
    """Claim id → its other articles, for the claims that have one. Two queries, whatever the number."""
    others = Appearance.objects.filter(claim__in=claims).exclude(version__article=than.pk).order_by()
    visible = Q(version__article__in=Article.objects.visible_to(user).values("pk"))
    counted = others.values("claim_id").annotate(
        seen=Count("version__article", filter=visible, distinct=True)
    )
    counts = {row["claim_id"]: row["seen"] for row in counted}
    place = Window(RowNumber(), partition_by=F("claim_id"), order_by=F("id").asc())
    firsts = others.filter(visible).annotate(place=place).filter(place=1)
    first_of: dict[int, tuple[int | None, str]] = {
        claim_id: (article_id, title)
        for claim_id, article_id, title in firsts.values_list(
            "claim_id", "version__article_id", "version__article__title"
        )
    }
    found = {}
    for claim_id, count in counts.items():
        article_id, title = first_of.get(claim_id, (None, ""))
        found[claim_id] = Elsewhere(article_id, title, count)
    return found
