"""A real web server on the loopback address that answers with whatever bytes a test gives it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, "Asked"], None]


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HostileServer:
    """Paths and their answers; `asked` is every request, in order."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def pair(self) -> str:
        return f"127.0.0.1:{self.port}"

    def gives(
        self,
        path: str,
        body: bytes = b"",
        *,
        status: str = "200 OK",
        headers: tuple[str, ...] = ("Content-Type: text/html",),
    ) -> str:
        """Answer this path with a well-formed response; returns its URL."""

        def answer(connection: socket.socket, asked: Asked) -> None:
            lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close"]
            connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

        self.answers[path] = answer
        return self.url(path)

    def redirects(self, path: str, location: str, status: str = "302 Found") -> str:
        return self.gives(path, status=status, headers=(f"Location: {location}",))

    def sends(self, path: str, answer: Answer) -> str:
        """Answer this path with raw bytes of the test's own; returns its URL."""
        self.answers[path] = answer
        return self.url(path)


@contextlib.contextmanager
def hostile_server(tls: ssl.SSLContext | None = None) -> Iterator[HostileServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = HostileServer(port=listener.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_serve_one, args=(server, connection, tls), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server
    finally:
        # Closing alone leaves accept() waiting on some kernels.
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _serve_one(server: HostileServer, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
    # A client that hangs up in the middle is what most of these tests want.
    with contextlib.suppress(OSError), connection:
        connection.settimeout(10)
        stream = tls.wrap_socket(connection, server_side=True) if tls else connection
        asked = _read_request(stream)
        server.asked.append(asked)
        server.answers[asked.path](stream, asked)
        if tls:
            with contextlib.suppress(OSError):
                stream.unwrap()


def _read_request(stream: socket.socket) -> Asked:
    received = b""
    while b"\r\n\r\n" not in received:
        received += stream.recv(65536) or b"\r\n\r\n"
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    while len(body) < int(headers.get("content-length", 0)):
        body += stream.recv(65536)
    return Asked(method, path, headers, body)
