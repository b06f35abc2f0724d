"""Claims and their places."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

ARTICLE_ID = "0c2b7a52-6a39-4e0e-9d1c-3d5f6a7b8c90"
CLAIM_ID = "5f0d9f60-1f4e-4d0b-8a50-2b8f0f0c7a11"
PUBLICATION_ID = "b8a1e0c4-7d52-4c55-9a55-0f6c1d2e3f40"
PAGE = "https://claims.example/fact-checks/the-city-spent-9-4-million-on-roads-5f0d9f60/"

REVIEW = {
    "status": "published",
    "publication": PUBLICATION_ID,
    "rating": "Mostly false",
    "url": PAGE,
    "published_at": "2026-11-20T14:05:00Z",
}
PARTS = {
    "quantities": [
        {
            "start": 15,
            "end": 27,
            "low": 9_400_000.0,
            "high": 9_400_000.0,
            "unit": "GBP",
            "approximation": "exact",
        }
    ],
    "dates": [{"start": 37, "end": 46, "earliest": "2025-01-01", "latest": "2025-12-31"}],
    "names": [],
}
FOUND: dict[str, Any] = {"rank": 1, "reasons": ["a number: million"], "parts": PARTS}
AT: dict[str, Any] = {
    "article": ARTICLE_ID,
    "version": 2,
    "is_newest_version": True,
    "quote": "The city spent £9.4m on roads last year",
    "start": 0,
    "end": 39,
    "fate": "moved",
    "attribution": "quoted",
}
CLAIM: dict[str, Any] = {
    "id": CLAIM_ID,
    "text": "The city spent £9.4m on roads in 2025",
    "changes": [{"start": 30, "end": 37, "was": "last year", "why": "date"}],
    "claimant": "Ann Lee",
    "kind": "quantity",
    "score": 0.83,
    "topics": [{"slug": "transport", "name": "Transport"}],
    "language": "en",
    "text_state": "same",
    "created_at": "2026-11-19T08:12:40.118000Z",
    "updated_at": "2026-11-20T14:05:00Z",
    "review": REVIEW,
    "appearances": [{**AT, **FOUND}],
}
PLACE: dict[str, Any] = {
    **AT,
    "article_title": "Council report",
    "article_url": "https://wire.example/council-report",
    "claimant": "Ann Lee",
    "created_at": "2026-11-19T08:12:40.118000Z",
    "selectors": [
        {
            "type": "TextQuoteSelector",
            "exact": AT["quote"],
            "prefix": "",
            "suffix": ", the mayor Ann Lee said.",
        },
        {"type": "TextPositionSelector", "start": 0, "end": 39},
    ],
    **FOUND,
}
CLAIMS = [OpenApiExample("A claim that was checked", value=CLAIM, response_only=True)]
APPEARING = [OpenApiExample("A place in your article", value=PLACE, response_only=True)]
