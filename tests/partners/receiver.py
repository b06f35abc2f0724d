"""A partner's receiver on loopback. It checks signatures with the reference library, as a partner would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Received:
    """``event`` is None when the signature was not ours."""

    headers: dict[str, str]
    body: bytes
    path: str
    event: dict[str, Any] | None = None


@dataclass
class Receiver:
    """``answers`` are given one after another, the last of them for ever; ``secret`` verifies what comes."""

    port: int = 0
    secret: str = ""
    answers: list[Answer] = field(default_factory=lambda: [(204, {}, b"")])
    seconds: float = 0
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self, request: Received) -> Answer:
        if self.secret:
            request.event = Webhook(self.secret).verify(request.body, request.headers)
        self.received.append(request)
        time.sleep(self.seconds)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _handler(take: Callable[[Received], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer_headers, content = take(Received(headers, body, self.path))
            self.send_response(status)
            for name, value in {**answer_headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            """Tests read ``received``."""

    return Handler


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """Listening on a free port of 127.0.0.1 until the block ends."""
    receiver = Receiver()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver.take)) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
