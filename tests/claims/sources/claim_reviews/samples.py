"""One review in each of the shapes in which it comes."""

from __future__ import annotations

import json
from typing import Any

CLAIM_REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example/fc/123#claim-9",
    "headline": "No, crime has not doubled",
    "datePublished": "2016-11-20",
    "claimReviewed": "Crime has doubled in two years",
    "inLanguage": "en-GB",
    "sdLicense": "https://creativecommons.org/licenses/by/4.0/",
    "author": {"@type": "Organization", "name": "Example Checks", "url": "https://www.checks.example/"},
    "itemReviewed": {
        "@type": "Claim",
        "datePublished": "2016-11-18",
        "author": {"@type": "Person", "name": "J. Doe", "jobTitle": "Mayor"},
        "firstAppearance": {"@type": "CreativeWork", "url": "https://other.example/speech"},
        "appearance": [
            {"@type": "CreativeWork", "url": "https://other.example/a"},
            "https://other.example/b",
        ],
    },
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 2,
        "worstRating": "1",
        "bestRating": 5,
        "alternateName": "Mostly false",
    },
}
SEARCH: dict[str, Any] = {
    "claims": [
        {
            "text": "Crime has doubled in two years",
            "claimant": "J. Doe",
            "claimDate": "2016-11-18T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Example Checks", "site": "checks.example"},
                    "url": "https://checks.example/fc/123",
                    "title": "No, crime has not doubled",
                    "reviewDate": "2016-11-20T00:00:00Z",
                    "textualRating": "Mostly false",
                    "languageCode": "en",
                },
                {"publisher": {"name": "Otra"}, "textualRating": "Falso", "languageCode": "pt-BR"},
            ],
        }
    ]
}
CSV = (
    "claim,claimant,claim date,publisher,site,url,"
    "title,rating,rating value,review date,language,appearances\n"
    "Crime has doubled in two years,J. Doe,2016-11-18,Example Checks,checks.example,"
    "https://checks.example/fc/123,“No, it has not”,Mostly false,2,2016-11-20,en,"
    "https://other.example/a https://other.example/b\n"
)


def review(**changes: Any) -> dict[str, Any]:
    """The sample with other values; None takes a property away."""
    changed = {**CLAIM_REVIEW, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def page(*scripts: str, around: str = "") -> bytes:
    blocks = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return f"<!doctype html><html><head>{blocks}</head><body>{around}</body></html>".encode()


def feed(*items: Any, **more: Any) -> bytes:
    elements = [{"@type": "DataFeedItem", "dateCreated": "2016-11-20", "item": item} for item in items]
    return json.dumps({"@type": "DataFeed", "dataFeedElement": elements, **more}).encode()
