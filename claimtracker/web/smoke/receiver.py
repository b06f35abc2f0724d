"""A partner's server: takes webhooks on loopback and keeps those whose signature holds."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver:
    """``verified`` are the events whose signature held, ``refused`` counts the others."""

    def __init__(self, port: int) -> None:
        self.verified: list[dict[str, Any]] = []
        self.refused = 0
        self.secret = ""
        self.arrived = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._request_handler())

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            self.refused += 1
            return 400
        self.verified.append(json.loads(body))
        self.arrived.set()
        return 204

    def _request_handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class RequestHandler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status = receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
                self.send_response(status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet: the smoke run prints one line per step."""

        return RequestHandler
