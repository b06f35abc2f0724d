"""What the verdict rests on: every piece of evidence with the copies that we keep of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from claims.models import Claim

from ...models import Evidence, EvidenceChange, QuotationCheck, Source, SourceSnapshot
from ..cited import withheld_from
from .facts import when, who


@dataclass(frozen=True, slots=True)
class Board:
    """``sources_shown`` are those whose words stand in ``items``; ``hidden_titles`` belong to the others."""

    items: list[dict[str, Any]]
    sources_shown: list[int]
    hidden_titles: list[str]

    @property
    def withheld(self) -> int:
        return sum(item["is_withheld"] for item in self.items)


@dataclass(frozen=True, slots=True)
class _Copies:
    """By source, by evidence and copy, by evidence."""

    snapshots: dict[int, list[SourceSnapshot]]
    checks: dict[tuple[int, int], QuotationCheck]
    changes: dict[int, list[EvidenceChange]]


def evidence_of(claim: Claim, user: Any) -> Board:
    """Oldest first. Of a confidential source that ``user`` may not see only that there is one, its kind and
    its stance. Five queries."""
    rows = list(
        Evidence.objects.filter(claim=claim).select_related("source__added_by", "added_by").order_by("id")
    )
    hidden = withheld_from(rows, user)
    shown = [row for row in rows if row.pk not in hidden]
    copies = _copies_of(shown)
    return Board(
        items=[_withheld(row) if row.pk in hidden else _shown(row, copies) for row in rows],
        sources_shown=sorted({row.source_id for row in shown}),
        hidden_titles=[row.source.title for row in rows if row.pk in hidden],
    )


def _copies_of(rows: list[Evidence]) -> _Copies:
    snapshots: dict[int, list[SourceSnapshot]] = {}
    for copy in SourceSnapshot.objects.filter(source__in={row.source_id for row in rows}).order_by("id"):
        snapshots.setdefault(copy.source_id, []).append(copy)
    keys = [row.pk for row in rows]
    checks = {
        (row.evidence_id, row.snapshot_id): row for row in QuotationCheck.objects.filter(evidence__in=keys)
    }
    changes: dict[int, list[EvidenceChange]] = {}
    found = EvidenceChange.objects.filter(evidence__in=keys).select_related("settled_by").order_by("id")
    for change in found:
        changes.setdefault(change.evidence_id, []).append(change)
    return _Copies(snapshots, checks, changes)


def _withheld(row: Evidence) -> dict[str, Any]:
    source = {"kind": row.source.kind, "is_confidential": True}
    return {"id": row.pk, "is_withheld": True, "stance": row.stance, "source": source}


def _shown(row: Evidence, copies: _Copies) -> dict[str, Any]:
    return {
        "id": row.pk,
        "is_withheld": False,
        "stance": row.stance,
        "source": _source(row.source),
        "quotation": row.quotation,
        "note": row.note,
        "picked_from": {"text_sha256": row.place_text, "start": row.place_start} if row.place_text else None,
        "carried_from": row.carried_from_id,
        "added_by": who(row.added_by),
        "added_at": when(row.created_at),
        "copies": [
            _copy(copy, copies.checks.get((row.pk, copy.pk)))
            for copy in copies.snapshots.get(row.source_id, [])
        ],
        "changes": [_change(change) for change in copies.changes.get(row.pk, [])],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.pk,
        "title": source.title,
        "publisher": source.publisher,
        "kind": source.kind,
        "url": source.url,
        "citation": source.citation,
        "interest_note": source.interest_note,
        "is_confidential": source.is_confidential,
        "confidential_because": source.confidential_because,
        "accessed_at": when(source.accessed_at),
        "condition": source.condition or None,
        "looked_at": when(source.checked_at),
    }


def _copy(copy: SourceSnapshot, check: QuotationCheck | None) -> dict[str, Any]:
    return {
        "id": copy.pk,
        "url": copy.url,
        "title": copy.title,
        "media_type": copy.media_type,
        "taken_at": when(copy.taken_at),
        "page_sha256": copy.page_id,
        "text_sha256": copy.text_id,
        "is_cut": copy.is_cut,
        "quotation": _check(check) if check else None,
    }


def _check(check: QuotationCheck) -> dict[str, Any]:
    return {
        "result": check.result,
        "words": check.exact,
        "start": check.start if check.exact else None,
        "end": check.end if check.exact else None,
        "fate": check.fate or None,
        "why": check.why,
        "at": when(check.checked_at),
    }


def _change(change: EvidenceChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "noticed_at": when(change.noticed_at),
        "settled": change.settled or None,
        "settled_at": when(change.settled_at),
        "settled_by": who(change.settled_by),
    }
