"""An extraction as the plain JSON that the `extract` command prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from claims.extraction.model import Extraction


def extraction_as_json(extraction: Extraction) -> dict[str, Any]:
    """A dict for json.dumps; positions are code points, claimant is null for the reporter's voice.

    The positions of `changes` count into the claim's own text, those of `parts` into the article.
    """
    return {
        "version": extraction.version,
        "language": extraction.language,
        "sentences": extraction.sentences,
        "claims": [
            {
                "text": claim.text,
                "quote": claim.quote,
                "start": claim.start,
                "end": claim.end,
                "claimant": claim.claimant,
                "claimant_span": list(claim.claimant_span) if claim.claimant_span is not None else None,
                "attribution": claim.attribution,
                "kind": claim.kind,
                "score": claim.score,
                "reasons": list(claim.reasons),
                "rank": claim.rank,
                "changes": [asdict(change) for change in claim.changes],
                "parts": asdict(claim.parts),
            }
            for claim in extraction.claims
        ],
    }
