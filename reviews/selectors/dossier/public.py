"""What readers saw, version by version."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from claims.models import Claim

from ...models import Publication
from ..withholding import withhold
from .facts import when, who


def publications_of(claim: Claim) -> list[dict[str, Any]]:
    """Oldest first, as they are served today; ``snapshot_sha256`` is of the snapshot as it was stored."""
    rows = Publication.objects.filter(claim=claim).select_related(
        "proposed_by", "approved_by", "published_by", "retracts"
    )
    found = list(
        rows.defer("claim_review", "retracts__snapshot", "retracts__claim_review").order_by("number")
    )
    digests = {row.pk: snapshot_digest(row.snapshot) for row in found}
    return [_version(row, digests[row.pk]) for row in withhold(found)]


def snapshot_digest(snapshot: dict[str, Any]) -> str:
    """Hex SHA-256 of the snapshot as JSON: names in order, nothing between, UTF-8."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _version(row: Publication, digest: str) -> dict[str, Any]:
    snapshot = row.snapshot
    return {
        "number": row.number,
        "public_id": str(row.public_id),
        "change": row.change,
        "change_note": row.change_note,
        "retracts": row.retracts.number if row.retracts else None,
        "verdict": row.verdict_id,
        "published_at": when(row.published_at),
        "proposed_by": who(row.proposed_by),
        "approved_by": who(row.approved_by),
        "published_by": who(row.published_by),
        "claim": snapshot["claim"]["text"],
        "rating": snapshot["rating"]["label"],
        "summary": snapshot.get("summary", ""),
        "rationale": snapshot.get("rationale", ""),
        "snapshot_sha256": digest,
        "is_withheld_since": row.is_withheld_since,
        "findings": row.findings,
    }
