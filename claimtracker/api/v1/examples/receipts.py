"""Events in their order, and receipts of corrections."""

from __future__ import annotations

from typing import Any

from .webhooks import DELIVERY, EVENT, answer, request

__all__ = ["ACKNOWLEDGEMENT", "EVENT_PAGE", "RECEIPT", "answer", "request"]

EVENT_PAGE = {"results": [EVENT], "cursor": "4711", "has_more": False}
ACKNOWLEDGEMENT: dict[str, Any] = {
    "publication": EVENT["data"]["publication"],
    "version": 2,
    "status": "updated",
    "url": "https://wire.example/bridge",
    "at": "2026-11-20T11:02:00Z",
}
RECEIPT: dict[str, Any] = {
    **{
        name: EVENT["data"][name]
        for name in ("publication", "version", "change", "change_note", "claim", "claim_text", "url")
    },
    "rating": "Mostly true",
    "published_at": "2026-11-20T09:30:00Z",
    "state": "open",
    "you_have": {
        "version": 1,
        "publication": "c7a2f3de-51fb-4e0e-9b39-3d0a5a3c1e77",
        "rating": "False",
        "way": "read",
        "at": "2026-11-18T08:15:00Z",
    },
    "told": {"delivery": DELIVERY["id"], "state": "delivered", "finished_at": "2026-11-20T09:30:02Z"},
    "event_read_at": None,
    "read_at": None,
    "acknowledgement": None,
}
