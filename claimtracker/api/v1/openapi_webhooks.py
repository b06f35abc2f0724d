"""The schema of what we send: each type of event as a webhook, made of the types and their examples."""

from __future__ import annotations

import re
from typing import Any

from claimtracker.partners.event_types import DESCRIBED, EventType

SENT_AT = "2026-11-20T09:30:00Z"
FORMATS = (
    ("uuid", re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")),
    ("date-time", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")),
    ("uri", re.compile(r"https://\S+")),
)
TEXT = {"type": "string"}
HEADERS = [
    {
        "name": "webhook-id",
        "in": "header",
        "required": True,
        "description": "The same at every try: do nothing for one that you have dealt with.",
        "schema": {"type": "string", "pattern": "^msg_[0-9a-f]{32}$"},
    },
    {
        "name": "webhook-timestamp",
        "in": "header",
        "required": True,
        "description": "When this try was signed, in seconds since 1970. Refuse what is five minutes old.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    {
        "name": "webhook-signature",
        "in": "header",
        "required": True,
        "description": (
            "`v1,` and the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` in base64, by the "
            "endpoint's secret; two of them, with a space between, while a secret is replaced."
        ),
        "schema": TEXT,
    },
]
RESPONSES = {
    "2XX": {"description": "You have it. The body of the answer is not read."},
    "410": {"description": "You want no more messages: the endpoint is switched off."},
    "default": {"description": "Tried again for three days, with growing pauses; a `webhook.test` is not."},
}


def with_webhooks(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Every type of event with the message that tells of it."""
    result["webhooks"] = {described.type: {"post": _operation(described)} for described in DESCRIBED}
    return result


# null where what was rated is taken back
RATING = {"type": ["string", "null"]}


def _operation(described: EventType) -> dict[str, Any]:
    message = {"type": described.type, "timestamp": SENT_AT, "data": described.example}
    schema = _schema_of(message)
    schema["properties"]["type"] = {"type": "string", "const": described.type}
    return {
        "summary": described.type,
        "description": described.description,
        "tags": ["webhooks"],
        "parameters": HEADERS,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": message}},
        },
        "responses": RESPONSES,
    }


def _schema_of(example: Any) -> dict[str, Any]:
    """An object has all these fields, and may have more one day."""
    if isinstance(example, dict):
        properties = {name: _schema_of(value) for name, value in example.items() if name != "rating"}
        if "rating" in example:
            properties["rating"] = RATING
        return {"type": "object", "required": list(example), "properties": properties}
    if isinstance(example, int):
        return {"type": "integer"}
    form = next((name for name, pattern in FORMATS if pattern.fullmatch(example)), "")
    return TEXT | ({"format": form} if form else {})
