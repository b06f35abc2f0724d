"""Webhook endpoints, what is sent to them, and events."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import OpenApiExample

from claimtracker.partners.event_types import VERSION_DATA

ENDPOINT: dict[str, Any] = {
    "id": "3a1f2f8e-90cf-4a51-b0cf-7a2f8c1f6d10",
    "url": "https://receiver.example/claimtracker",
    "description": "Production",
    "event_types": ["claim.verdict_corrected", "claim.verdict_retracted"],
    "is_active": True,
    "disabled_because": "",
    "disabled_at": None,
    "previous_secret_ends_at": None,
    "created_at": "2026-11-20T09:30:00Z",
    "updated_at": "2026-11-20T09:30:00Z",
}
SECRET = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
DELIVERY: dict[str, Any] = {
    "id": "msg_5d8e5d1c5f0b4f7f9a3b2c1d0e9f8a7b",
    "endpoint": ENDPOINT["id"],
    "event": "9c0c1f8e-3f33-4a8e-9d1c-6b7f1f8f2f10",
    "event_type": "claim.verdict_corrected",
    "state": "pending",
    "tries": 1,
    "last_status_code": 503,
    "last_error": "The receiver answered 503.",
    "created_at": "2026-11-20T09:30:01Z",
    "next_try_at": "2026-11-20T09:30:07Z",
    "finished_at": None,
}
EVENT: dict[str, Any] = {
    "id": DELIVERY["event"],
    "type": "claim.verdict_corrected",
    "timestamp": "2026-11-20T09:30:00Z",
    "data": {
        **VERSION_DATA,
        "version": 2,
        "change": "correction",
        "change_note": "The sum was for both bridges.",
    },
}
MESSAGE = {name: EVENT[name] for name in ("type", "timestamp", "data")}
ATTEMPT: dict[str, Any] = {
    "number": 1,
    "started_at": "2026-11-20T09:30:01Z",
    "finished_at": "2026-11-20T09:30:02Z",
    "url": ENDPOINT["url"],
    "request_headers": {
        "content-type": "application/json",
        "webhook-id": DELIVERY["id"],
        "webhook-timestamp": "1795253401",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    "status_code": 503,
    "response_headers": {"retry-after": "5"},
    "response_excerpt": "starting up",
    "error": "The receiver answered 503.",
    "seconds": 0.21,
}
DELIVERY_DETAIL = {
    **DELIVERY,
    "body": json.dumps(MESSAGE, separators=(",", ":")),
    "attempts": [ATTEMPT],
}


def request(value: Any, name: str = "Request") -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def answer(value: Any, name: str = "Answer", status: int = 200) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[str(status)])
