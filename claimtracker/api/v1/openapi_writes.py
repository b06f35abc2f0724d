"""The schema of what writes: the header Idempotency-Key and what may come of it."""

from __future__ import annotations

from typing import Any

from .idempotency import HEADER, LONGEST
from .problems import CONTENT_TYPE

WRITES = ("post", "patch")
REPLAYED = {
    "Idempotent-Replayed": {
        "description": "`true` on an answer that was given before and is repeated.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "A new UUID for each new request; the same one when you repeat it because no answer came. The "
        "repetition changes nothing and gets the first answer, errors too, with `Idempotent-Replayed: true`. "
        "A structured field string in quotation marks; without them it is read all the same."
    ),
    "schema": {
        "type": "string",
        "maxLength": LONGEST + 2,
        "pattern": r'^("[ !#-\[\]-~]{1,255}"|[!#-+\--:<-\[\]-~]{1,255})$',
    },
    "example": '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
}
OF_THE_KEY = {
    "409": "The first request with this Idempotency-Key is still being worked on: see Retry-After.",
    "422": "The Idempotency-Key was sent before with another request.",
}


def with_idempotency(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Give every operation that writes the header, its answers and the mark of a repeated answer."""
    result["components"]["schemas"]["PatchedArticleChange"] |= {
        "minProperties": 1,
        "not": {"required": ["body", "html"]},
    }
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method in WRITES:
                _add(operation)
    return result


def _add(operation: dict[str, Any]) -> None:
    is_required = operation.pop("x-key-is-required", False)
    if operation.pop("x-keeps-nothing", False):
        return
    operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY | {"required": is_required})
    for status, words in OF_THE_KEY.items():
        told = operation["responses"].get(status)
        if told:
            told["description"] = f"{told['description']} Or: {words}"
        else:
            schema = {"$ref": "#/components/schemas/Problem"}
            operation["responses"][status] = {
                "description": words,
                "content": {CONTENT_TYPE: {"schema": schema}},
            }
    for status, response in operation["responses"].items():
        if status not in ("401", "403", "406", "429"):
            response.setdefault("headers", {}).update(REPLAYED)
