"""Readings of an article as an extractor would give them, with claims of the test's own choice."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from claims.actions.extraction import Analysis, record_extraction
from claims.extraction.model import ExtractedClaim, Extraction
from claims.models import ArticleVersion, ExtractionRun

OLD, NEW = "reader-1", "reader-2"


def found(version: ArticleVersion, quote: str, **fields: Any) -> ExtractedClaim:
    """A claim at the first place of ``quote`` in the version's body."""
    start = version.body.index(quote)
    facts: dict[str, Any] = {
        "text": quote,
        "claimant": None,
        "claimant_span": None,
        "attribution": "author",
        "kind": "quantity",
        "score": 0.6,
        "reasons": ("a number",),
        "cue": "",
    }
    return ExtractedClaim(quote=quote, start=start, end=start + len(quote), **{**facts, **fields})


def reading(*claims: ExtractedClaim, by: str = NEW, **fields: Any) -> Analysis:
    """What ``by`` made of an article."""
    ordered = tuple(sorted(claims, key=lambda claim: claim.start))
    facts: dict[str, Any] = {"language": "en", "sentences": 9, "claims": ordered, "blocks": (), **fields}
    return Analysis(Extraction(version=by, **facts), refusal="", seconds=0.1)


def first_reading(version: ArticleVersion, *claims: ExtractedClaim, **fields: Any) -> ExtractionRun:
    """The article as an older extractor left it."""
    with transaction.atomic():
        return record_extraction(version, analysis=reading(*claims, by=OLD, **fields))
