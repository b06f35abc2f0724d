"""Errors for machines as problem+json (RFC 9457), the same wherever they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

CONTENT_TYPE = "application/problem+json"


def sayable(text: str) -> str:
    """The text as every reader and the database can take it: without NUL and halves of characters, which may
    stand in what was sent and come back in what is said of it."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def problem(
    status: int,
    detail: str,
    *,
    code: str,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    request_id: object = None,
) -> JsonResponse:
    """The response. ``errors`` names each input to mend: {"detail", "code", "pointer" or "parameter"}."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sayable(detail),
        "code": code,
    }
    if errors:
        content["errors"] = [
            {name: sayable(value) if isinstance(value, str) else value for name, value in error.items()}
            for error in errors
        ]
    if request_id:
        content["request_id"] = str(request_id)
    return JsonResponse(
        content,
        status=status,
        content_type=CONTENT_TYPE,
        headers=dict(headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )
