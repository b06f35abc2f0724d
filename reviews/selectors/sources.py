"""What the pages of sources show: the list, one source, and what changed on cited pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from claims.models import Claim

from ..models import Evidence, EvidenceChange, QuotationCheck, Source, SourceCheck, SourceSnapshot

PAGE_SIZE = 25
CHECKS_SHOWN = 30
QUOTATIONS_SHOWN = 100
OPEN, CHANGED, ALL = "open", "changed", "all"


@dataclass(frozen=True, slots=True)
class SourcePage:
    sources: list[Source]
    older: int | None
    newer: bool


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source with what ``user`` may see of it: the claims that cite it, its copies, the looks at it."""

    source: Source
    evidence: list[Evidence]
    elsewhere: int
    snapshots: list[SourceSnapshot]
    checks: list[SourceCheck]


def source_page(user: Any, *, show: str, before: int | None = None, size: int = PAGE_SIZE) -> SourcePage:
    """Sources that ``user`` sees: with an unsettled change (OPEN), whose page ever changed (CHANGED), or all;
    the latest change first, in ALL the newest source first; older than the source ``before``."""
    rows: QuerySet[Source] = Source.objects.visible_to(user)
    if show == ALL:
        rows = rows.order_by("-id")
        rows = rows.filter(pk__lt=before) if before is not None else rows
    else:
        if show == OPEN:
            rows = _flagged(rows, user).order_by(F("changed_at").desc(nulls_last=True), "-id")
        else:
            rows = rows.filter(changed_at__isnull=False).order_by("-changed_at", "-id")
        edge = Source.objects.filter(pk=before).first() if before is not None else None
        if edge is not None:
            rows = rows.filter(_after(edge))
    found = list(_with_claims(rows, user)[: size + 1])
    return SourcePage(found[:size], found[size - 1].pk if len(found) > size else None, before is not None)


def source_view(pk: int, user: Any) -> SourceView:
    """Raises Http404 for who may not see the source."""
    source = get_object_or_404(
        Source.objects.visible_to(user).select_related("desk", "added_by", "last_snapshot"), pk=pk
    )
    seen = source.evidence.filter(claim__in=Claim.objects.visible_to(user))
    evidence = list(
        seen.select_related("claim__desk", "added_by", "last_quote__since", "source").order_by("-id")
    )
    return SourceView(
        source=source,
        evidence=evidence,
        elsewhere=source.evidence.count() - len(evidence),
        snapshots=list(source.snapshots.select_related("page").order_by("-id")[:CHECKS_SHOWN]),
        checks=list(source.checks.order_by("-id")[:CHECKS_SHOWN]),
    )


def open_changes(evidence: list[Evidence]) -> dict[int, EvidenceChange]:
    """Evidence id → what changed under it and nobody has looked at."""
    rows = EvidenceChange.objects.filter(evidence__in=[item.pk for item in evidence], settled="")
    return {change.evidence_id: change for change in rows}


def count_open(user: Any) -> int:
    """How many sources the list OPEN has."""
    return _flagged(Source.objects.visible_to(user), user).count()


def quotations_on(snapshot: SourceSnapshot, user: Any) -> list[QuotationCheck]:
    """What is quoted from a copy on claims that ``user`` sees, in the order of the page."""
    checks = QuotationCheck.objects.filter(
        snapshot=snapshot, evidence__claim__in=Claim.objects.visible_to(user)
    )
    return list(checks.select_related("evidence__claim", "since").order_by("start", "id")[:QUOTATIONS_SHOWN])


def snapshot_for(pk: int, user: Any) -> SourceSnapshot:
    """Raises Http404 for who may not see its source."""
    rows = SourceSnapshot.objects.visible_to(user).select_related("source", "page", "text")
    return get_object_or_404(rows, pk=pk)


def _flagged(rows: QuerySet[Source], user: Any) -> QuerySet[Source]:
    """Those with a change that nobody has looked at, under evidence of a claim that ``user`` sees."""
    changes = EvidenceChange.objects.filter(evidence__source=OuterRef("pk"), settled="")
    return rows.filter(Exists(changes.filter(evidence__claim__in=Claim.objects.visible_to(user))))


def _after(edge: Source) -> Q:
    """What stands after it in the order of the list; those without a change of their page stand last."""
    at = edge.changed_at
    if at is None:
        return Q(changed_at__isnull=True, pk__lt=edge.pk)
    return Q(changed_at__lt=at) | Q(changed_at=at, pk__lt=edge.pk) | Q(changed_at__isnull=True)


def _with_claims(rows: QuerySet[Source], user: Any) -> QuerySet[Source]:
    cited = Evidence.objects.filter(claim__in=Claim.objects.visible_to(user)).select_related("claim")
    unsettled = EvidenceChange.objects.filter(settled="")
    return rows.annotate(times_cited=Count("evidence", distinct=True)).prefetch_related(
        Prefetch("evidence", cited.order_by("-id"), to_attr="cited"),
        Prefetch("cited__changes", unsettled, to_attr="open_changes"),
    )
