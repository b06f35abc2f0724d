"""Texts that are only looked at."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

TEXT = "The port authority said on Monday that the harbour handled 4 million containers last year."

EXTRACTING = [
    OpenApiExample("A sentence", value={"text": TEXT, "published_on": "2026-11-27"}, request_only=True),
    OpenApiExample(
        "Its claim",
        value={
            "extractor": "rules-2.1",
            "language": "en",
            "claims": [
                {
                    "rank": 1,
                    "text": "The harbour handled 4 million containers last year.",
                    "changes": [],
                    "quote": "the harbour handled 4 million containers last year",
                    "start": 39,
                    "end": 89,
                    "claimant": "The port authority",
                    "claimant_start": 0,
                    "claimant_end": 18,
                    "attribution": "reported",
                    "kind": "quantity",
                    "score": 0.81,
                    "reasons": ["a number"],
                    "parts": {
                        "quantities": [
                            {
                                "start": 59,
                                "end": 79,
                                "low": 4000000.0,
                                "high": 4000000.0,
                                "unit": "containers",
                                "approximation": "exact",
                            }
                        ],
                        "dates": [],
                        "names": [],
                    },
                }
            ],
        },
        response_only=True,
        status_codes=["200"],
    ),
]
MATCHING = [
    OpenApiExample(
        "What somebody says",
        value={"text": "4 million containers went through the harbour last year", "limit": 3},
        request_only=True,
    ),
    OpenApiExample(
        "A check of it",
        value={
            "method": "hybrid-1",
            "results": [
                {
                    "score": 0.97,
                    "grade": "strong",
                    "reasons": ["The numbers agree."],
                    "known_claim": {
                        "text": "The harbour handled 4 million containers last year.",
                        "claimant": "The port authority",
                        "claimed_on": "2026-11-20",
                        "title": "",
                        "rating": "Mostly false",
                        "publisher": "Claimtracker Demo Newsroom",
                        "publisher_site": "claims.example",
                        "url": "https://claims.example/fact-checks/the-harbour-handled-4-million-9b2c1c52/",
                        "reviewed_on": "2026-11-22",
                        "language": "en",
                        "publication": "b3f6b4a2-6c1a-4b39-9d0f-0c5a52a5f0aa",
                    },
                }
            ],
        },
        response_only=True,
        status_codes=["200"],
    ),
]
