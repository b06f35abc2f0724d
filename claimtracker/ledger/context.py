"""One id for everything that one request or one job did: the audit and the logs show it together."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, bound_contextvars, unbind_contextvars

_request_id: ContextVar[uuid.UUID | None] = ContextVar("request_id", default=None)


def current_request_id() -> uuid.UUID | None:
    return _request_id.get()


@contextmanager
def request_context(request_id: uuid.UUID) -> Iterator[None]:
    """Audit entries and log lines written inside carry ``request_id``."""
    token = _request_id.set(request_id)
    try:
        with bound_contextvars(request_id=str(request_id)):
            yield
    finally:
        _request_id.reset(token)


class RequestContextMiddleware:
    """Gives each request an id, returned as ``X-Request-Id``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4()
        with request_context(request_id):
            response = self.get_response(request)
            response["X-Request-Id"] = str(request_id)
            return response


@task_prerun.connect(dispatch_uid="claimtracker.ledger.task_begins")
def _task_begins(task_id: str, task: Any, **_kwargs: Any) -> None:
    _request_id.set(uuid.UUID(task_id))
    bind_contextvars(task_id=task_id, task=task.name)


@task_postrun.connect(dispatch_uid="claimtracker.ledger.task_ends")
def _task_ends(**_kwargs: Any) -> None:
    _request_id.set(None)
    unbind_contextvars("task_id", "task")
