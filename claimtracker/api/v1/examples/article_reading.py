"""Articles as they are read."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from .claims import ARTICLE_ID, AT, CLAIM, CLAIM_ID, FOUND, REVIEW

BODY = "The city spent £9.4m on roads last year, the mayor Ann Lee said.\n"
ADDRESS = f"https://claims.example/api/v1/articles/{ARTICLE_ID}/annotations"

ROW: dict[str, Any] = {
    "id": ARTICLE_ID,
    "external_id": "wire-4711",
    "state": "accepted",
    "state_reason": "",
    "title": "Council report",
    "byline": "Jo Park",
    "url": "https://wire.example/council-report",
    "language": "en",
    "published_at": "2026-11-19T08:00:00Z",
    "created_at": "2026-11-19T08:12:31.402000Z",
    "updated_at": "2026-11-19T09:30:02.950000Z",
    "version": 2,
    "extraction": {"state": "extracted", "message": "", "claims_found": 1},
    "held_update": None,
}
CLAIM_IN_TEXT: dict[str, Any] = {
    "id": CLAIM_ID,
    "text": CLAIM["text"],
    "changes": CLAIM["changes"],
    "quote": AT["quote"],
    "fate": "moved",
    "text_state": "same",
    "start": AT["start"],
    "end": AT["end"],
    "claimant": "Ann Lee",
    "attribution": "quoted",
    "kind": "quantity",
    "score": 0.83,
    "review": REVIEW,
    **FOUND,
}
TEXT: dict[str, Any] = {
    "number": 2,
    "title": "Council report",
    "length": len(BODY),
    "sha256": "6f0d3f3f0f4c2b0c8d1f5a9e7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c",
    "created_at": "2026-11-19T09:30:01.113000Z",
    "is_newest": True,
    "annotations": f"{ADDRESS}?version=2",
}
COLLECTION: dict[str, Any] = {
    "@context": [
        "http://www.w3.org/ns/anno.jsonld",
        {"version": "https://schema.org/version", "fate": "https://schema.org/status"},
    ],
    "id": f"{ADDRESS}?version=2",
    "type": "AnnotationCollection",
    "label": "Council report",
    "version": 2,
    "total": 1,
    "first": {
        "id": f"{ADDRESS}?version=2#page",
        "type": "AnnotationPage",
        "partOf": f"{ADDRESS}?version=2",
        "startIndex": 0,
        "items": [
            {
                "id": f"{ADDRESS}?version=2#claim-{CLAIM_ID}-0",
                "type": "Annotation",
                "motivation": "assessing",
                "created": "2026-11-19T08:12:40Z",
                "body": [
                    {
                        "type": "TextualBody",
                        "purpose": "describing",
                        "format": "text/plain",
                        "value": CLAIM["text"],
                        "language": "en",
                    },
                    {
                        "type": "TextualBody",
                        "purpose": "assessing",
                        "format": "text/plain",
                        "value": REVIEW["rating"],
                    },
                    {"type": "SpecificResource", "purpose": "linking", "source": REVIEW["url"]},
                ],
                "target": {
                    "type": "SpecificResource",
                    "source": ROW["url"],
                    "state": {"type": "TimeState", "sourceDate": "2026-11-19T09:30:01Z", "version": 2},
                    "selector": [
                        {
                            "type": "TextQuoteSelector",
                            "exact": AT["quote"],
                            "prefix": "",
                            "suffix": ", the mayor Ann Lee said.\n",
                        },
                        {"type": "TextPositionSelector", "start": 0, "end": 39},
                    ],
                },
            }
        ],
    },
}

ARTICLES = [OpenApiExample("An article that was read", value=ROW, response_only=True)]
ARTICLE = [
    OpenApiExample(
        "An article with a claim that was checked",
        value={**ROW, "body": BODY, "claims": [CLAIM_IN_TEXT]},
        response_only=True,
    )
]
VERSIONS = [OpenApiExample("The newest of two", value=TEXT, response_only=True)]
VERSION = [OpenApiExample("A text", value={**TEXT, "body": BODY}, response_only=True)]
ANNOTATIONS = [
    OpenApiExample("One claim", value=COLLECTION, response_only=True, media_type=media_type)
    for media_type in ("application/ld+json", "application/json")
]
