"""What is public."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from .claims import AT, CLAIM, CLAIM_ID, PAGE, PUBLICATION_ID

FIRST_ID = "7c0f8a9b-2d3e-4f50-8192-a3b4c5d6e7f8"
NOTE = "The audit office revised its table: £3.1m, not £2.9m."
RATING = {"slug": "mostly-false", "label": "Mostly false", "value": 2, "best": 5, "worst": 1}

PUBLICATION: dict[str, Any] = {
    "id": PUBLICATION_ID,
    "version": 2,
    "is_superseded": False,
    "superseded_by": None,
    "url": PAGE,
    "published_at": "2026-11-20T14:05:00Z",
    "change": "correction",
    "change_note": NOTE,
    "is_retracted": False,
    "restriction": None,
    "corrections": [{"version": 2, "kind": "correction", "text": NOTE, "at": "2026-11-20T14:05:00Z"}],
    "rechecks": [],
    "article_text": {"state": "same", "version": None, "since": None},
    "claim": {"id": CLAIM_ID, "text": CLAIM["text"], "quote": AT["quote"], "kind": "quantity"},
    "topics": CLAIM["topics"],
    "language": "en",
    "claimant": "Ann Lee",
    "attribution": "quoted",
    "rating": RATING,
    "summary": "The audited accounts show a third of that.",
    "rationale": "The accounts list the spending line by line: £3.1m went into roads.",
    "appearances": [
        {
            "quote": AT["quote"],
            "article_title": "Council report",
            "url": "https://wire.example/council-report",
            "site_name": "The Wire",
            "published_at": "2026-11-19T08:00:00Z",
        }
    ],
    "evidence": [
        {
            "stance": "refutes",
            "quotation": "Highways and footways: £3.1m",
            "note": "The same figure stands in the summary on page 2.",
            "is_withheld": False,
            "source": {
                "title": "Statement of accounts 2025",
                "publisher": "Audit office",
                "kind": "primary",
                "url": "https://audit.example/accounts-2025",
                "citation": "",
                "accessed_at": "2026-11-20T09:40:00Z",
                "interest_note": "",
            },
            "archive": {
                "taken_at": "2026-11-20T09:41:12Z",
                "sha256": "9d2c6a7f5b3e1d0c4f8a7b6e5d4c3b2a1f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c",
                "media_type": "text/html",
                "has_quotation": True,
            },
        }
    ],
    "right_of_reply": {
        "status": "replied",
        "who": "Ann Lee",
        "asked_at": "2026-11-19T10:00:00Z",
        "reason": "",
        "replies": [
            {
                "name": "Ann Lee",
                "role": "Mayor",
                "text": "I meant what was planned.",
                "received_at": "2026-11-19T16:20:00Z",
            }
        ],
    },
    "standards": [],
}
CHANGE: dict[str, Any] = {
    "id": PUBLICATION_ID,
    "version": 2,
    "kind": "correction",
    "text": NOTE,
    "published_at": "2026-11-20T14:05:00Z",
    "replaces": FIRST_ID,
    "is_superseded": False,
    "claim": {"id": CLAIM_ID, "text": CLAIM["text"]},
    "rating": "Mostly false",
    "rating_before": "Mostly false",
    "url": PAGE,
    "publication": f"https://claims.example/api/v1/publications/{PUBLICATION_ID}",
}
REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": PAGE,
    "datePublished": "2026-11-20",
    "claimReviewed": CLAIM["text"],
    "author": {"@type": "Organization", "name": "Claims Example", "url": "https://claims.example/"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Ann Lee"},
        "appearance": {"@type": "CreativeWork", "url": "https://wire.example/council-report"},
    },
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 2,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "Mostly false",
    },
}

PUBLICATIONS = [OpenApiExample("A corrected fact-check", value=PUBLICATION, response_only=True)]
CHANGES = [OpenApiExample("A correction", value=CHANGE, response_only=True)]
CLAIM_REVIEW = [
    OpenApiExample("A fact-check", value=REVIEW, response_only=True, media_type=media_type)
    for media_type in ("application/ld+json", "application/json")
]
