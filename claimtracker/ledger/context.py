"""One id for everything that one request or one job did, so that the audit can show it together."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_request_id: ContextVar[uuid.UUID | None] = ContextVar("request_id", default=None)


def current_request_id() -> uuid.UUID | None:
    return _request_id.get()


class RequestContextMiddleware:
    """Gives each request an id, returned as ``X-Request-Id``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request_id.set(uuid.uuid4())
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = str(_request_id.get())
            return response
        finally:
            _request_id.reset(token)
