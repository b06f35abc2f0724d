"""What partners ask us to check."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

REQUEST: dict[str, Any] = {
    "id": "5c7f2f3e-8d0f-4f57-8c63-3a5c2b8f7d10",
    "text": "The harbour handled 4 million containers last year.",
    "language": "en",
    "status": "received",
    "reason": "",
    "claim": None,
    "publication": None,
    "votes": 1,
    "voted": True,
    "note": "Three of our readers asked.",
    "url": "https://social.example/posts/81",
    "created_at": "2026-11-27T09:31:02.114035Z",
    "updated_at": "2026-11-27T09:31:02.114035Z",
}
ANSWERED = REQUEST | {
    "status": "answered",
    "claim": "9b2c1c52-0f0e-4a7e-9f4f-7e0a3f1c2d33",
    "publication": "b3f6b4a2-6c1a-4b39-9d0f-0c5a52a5f0aa",
    "votes": 4,
    "updated_at": "2026-11-29T16:02:11.480220Z",
}

ASKING = [
    OpenApiExample(
        "A statement",
        value={name: REQUEST[name] for name in ("text", "language", "note", "url")},
        request_only=True,
    ),
    OpenApiExample("Received", value=REQUEST, response_only=True, status_codes=["200", "201"]),
]
VOTING = [
    OpenApiExample("A vote", value={"note": "It is all over our town."}, request_only=True),
    OpenApiExample("Counted", value=REQUEST | {"votes": 2}, response_only=True, status_codes=["200", "201"]),
]
LISTED = [OpenApiExample("A request", value=REQUEST, response_only=True, status_codes=["200"])]
READ = [OpenApiExample("An answered request", value=ANSWERED, response_only=True, status_codes=["200"])]
