"""Answers that end their connection: what of a request nobody read would be taken for the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def closing(application: Application) -> Application:
    """``application``, whose ``Connection: close`` ends the connection. WSGI leaves that header to the
    server; gunicorn drops it and goes on, but its own answer, whose method ``start_response`` is, can be
    told."""

    def closes(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            left = [(name, value) for name, value in headers if name.lower() != "connection"]
            if len(left) < len(headers):
                end = getattr(getattr(start_response, "__self__", None), "force_close", None)
                if end is not None:
                    end()
            return start_response(status, left, *error)

        return application(environ, begin)

    return closes
