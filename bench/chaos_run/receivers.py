"""Partners' servers on loopback that can be slow or fail, and remember what they saw in which order."""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as it arrived, whatever the receiver answered."""

    message_id: str
    claim: str
    version: int
    type: str


@dataclass
class Receiver:
    """``seen`` is everything that arrived, ``taken`` what was answered with success; both in order."""

    name: str
    secret: str = ""
    seen: list[Seen] = field(default_factory=list)
    taken: list[Seen] = field(default_factory=list)
    unsigned: int = 0
    slow_until: float = 0
    fails_until: float = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._mutex = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def be_slow(self, seconds: float) -> None:
        self.slow_until = time.monotonic() + seconds

    def fail(self, seconds: float) -> None:
        self.fails_until = time.monotonic() + seconds

    def recover(self) -> None:
        self.slow_until = self.fails_until = 0

    def take(self, body: bytes, headers: dict[str, str]) -> int | None:
        """The status to answer with; None hangs up. What arrived is noted before anything else."""
        try:
            event: Any = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            self.unsigned += 1
            return 400
        facts = event["data"]
        seen = Seen(headers["webhook-id"], facts["claim"], facts["version"], event["type"])
        with self._mutex:
            self.seen.append(seen)
        if time.monotonic() < self.slow_until:
            time.sleep(random.uniform(0.5, 5))
        if time.monotonic() < self.fails_until:
            return random.choice([500, 503, 429, None])
        with self._mutex:
            self.taken.append(seen)
        return 204


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status = receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            with suppress(OSError):  # the sender lost patience
                if status is not None:
                    self.send_response(status)
                    self.send_header("content-length", "0")
                    self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler
