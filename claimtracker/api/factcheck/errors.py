"""Errors in the shape that clients of Google's APIs read (google.rpc.Status)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse

BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


class SearchError(Exception):
    """What the answer says: HTTP ``code``, canonical ``status``, ``message`` with the mend, ``details``."""

    def __init__(
        self,
        code: int,
        status: str,
        message: str,
        *,
        details: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.status, self.message = code, status, message
        self.details, self.headers = details or [], dict(headers or {})


def bad_field(field: str, message: str) -> SearchError:
    """400 that names the parameter."""
    violation = {"field": field, "description": message}
    details = [{"@type": BAD_REQUEST, "fieldViolations": [violation]}]
    return SearchError(400, "INVALID_ARGUMENT", message, details=details)


def because(
    code: int, status: str, reason: str, message: str, *, host: str, headers: Mapping[str, str] | None = None
) -> SearchError:
    """An error whose ``reason`` programs read."""
    details = [{"@type": ERROR_INFO, "reason": reason, "domain": host, "metadata": {}}]
    return SearchError(code, status, message, details=details, headers=headers)


def answer(error: SearchError) -> JsonResponse:
    content: dict[str, Any] = {"code": error.code, "message": error.message, "status": error.status}
    if error.details:
        content["details"] = error.details
    return JsonResponse(
        {"error": content},
        status=error.code,
        headers=error.headers,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
