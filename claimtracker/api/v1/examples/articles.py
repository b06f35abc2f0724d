"""Articles: sent, fetched, changed, and many at once."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

ARTICLE: dict[str, Any] = {
    "id": "0a4d8f0e-6f0c-4c3a-9d63-0b7f8f5f9f11",
    "external_id": "wire-2026-1127-001",
    "state": "accepted",
    "state_reason": "",
    "title": "Harbour grows",
    "byline": "Jo Park",
    "url": "https://wire.example/harbour",
    "language": "en",
    "published_at": "2026-11-27T09:30:00Z",
    "created_at": "2026-11-27T09:31:02.114035Z",
    "version": 1,
    "extraction": {"state": "pending", "message": "", "claims_found": 0},
    "held_update": None,
}
HELD_UPDATE = {
    "state": "held",
    "reason": "",
    "changes": ["body", "byline"],
    "sent_at": "2026-11-27T10:02:45.201337Z",
    "updated_at": "2026-11-27T10:02:45.201337Z",
}
PENDING_ARTICLE = ARTICLE | {
    "external_id": "https://wire.example/harbour",
    "state": "pending",
    "title": "",
    "byline": "",
    "language": "",
    "published_at": None,
    "version": 0,
    "extraction": {"state": "pending", "message": "The page is being fetched.", "claims_found": 0},
}
TEXT = "The harbour handled 4 million containers last year.\nThe port authority said so on Monday.\n"
JOB: dict[str, Any] = {
    "id": "6d1c9a53-2f5e-4f4e-8b60-4f2c0b9a7e21",
    "kind": "articles.bulk",
    "state": "queued",
    "counts": {"total": 2, "waiting": 1, "done": 0, "failed": 1},
    "created_at": "2026-11-27T09:31:02.114035Z",
    "finished_at": None,
}
FINISHED_JOB = JOB | {
    "state": "done",
    "counts": {"total": 2, "waiting": 0, "done": 1, "failed": 1},
    "finished_at": "2026-11-27T09:31:03.520114Z",
    "items": [
        {
            "index": 0,
            "external_id": "wire-2026-1127-001",
            "state": "done",
            "outcome": "created",
            "article": ARTICLE["id"],
            "problem": None,
        },
        {
            "index": 1,
            "external_id": "wire-2026-1127-002",
            "state": "failed",
            "outcome": "",
            "article": None,
            "problem": {
                "type": "about:blank",
                "title": "Bad Request",
                "status": 400,
                "detail": "Write the moment like 2026-11-20T09:30:00Z.",
                "code": "invalid",
                "errors": [
                    {
                        "detail": "Write the moment like 2026-11-20T09:30:00Z.",
                        "code": "invalid",
                        "pointer": "#/published_at",
                    }
                ],
            },
        },
    ],
}

SUBMITTING = [
    OpenApiExample(
        "A text",
        value={
            "external_id": "wire-2026-1127-001",
            "title": "Harbour grows",
            "body": TEXT,
            "url": "https://wire.example/harbour",
        },
        request_only=True,
    ),
    OpenApiExample("An address", value={"url": "https://wire.example/harbour"}, request_only=True),
    OpenApiExample("Taken in", value=ARTICLE, response_only=True, status_codes=["200", "201"]),
    OpenApiExample("Being fetched", value=PENDING_ARTICLE, response_only=True, status_codes=["202"]),
    OpenApiExample(
        "Held for a moderator",
        value=ARTICLE | {"held_update": HELD_UPDATE},
        response_only=True,
        status_codes=["202"],
    ),
]
CHANGING = [
    OpenApiExample("A corrected text", value={"body": TEXT.replace("4", "3.9")}, request_only=True),
    OpenApiExample("A better description", value={"byline": "Jo Park and Ana Ruiz"}, request_only=True),
    OpenApiExample(
        "Changed",
        value=ARTICLE | {"version": 2, "body": TEXT.replace("4", "3.9"), "claims": []},
        response_only=True,
        status_codes=["200"],
    ),
    OpenApiExample(
        "Held for a moderator",
        value=ARTICLE | {"body": TEXT, "claims": [], "held_update": HELD_UPDATE | {"changes": ["body"]}},
        response_only=True,
        status_codes=["202"],
    ),
]
BRINGING = [
    OpenApiExample(
        "Two articles",
        value={
            "articles": [
                {"external_id": "wire-2026-1127-001", "body": TEXT},
                {"external_id": "wire-2026-1127-002", "body": TEXT, "published_at": "yesterday"},
            ]
        },
        request_only=True,
    ),
    OpenApiExample("Queued", value=JOB, response_only=True, status_codes=["202"]),
]
LISTED_JOB = [OpenApiExample("A job", value=JOB, response_only=True, status_codes=["200"])]
READ_JOB = [OpenApiExample("A finished job", value=FINISHED_JOB, response_only=True, status_codes=["200"])]
