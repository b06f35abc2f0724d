"""Asks a server over a few connections, as fast as it answers. One thread, no client library: on a machine
whose cores are the server's too, what asks must cost little."""

from __future__ import annotations

import re
import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CONNECTIONS = 4  # two for each of the two workers: one is read while the other is answered
PER_CONNECTION = 20  # then a new one, so that both workers get their share whoever took the first
PATIENCE = 30.0
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """``request(n)`` is the n-th request, every byte of it; other statuses than ``expected`` are faults."""

    port: int
    request: Callable[[int], bytes]
    expected: frozenset[int] = frozenset({200})


@dataclass(slots=True)
class Measured:
    """What one server did with one kind of request, over all rounds."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    rates: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        count = len(self.taken)
        if count < 2:
            return {"rps": 0.0, "requests": count, "faults": dict(self.faults)}
        return {
            "rps": round(count / self.seconds, 1),
            "p50_ms": round(1000 * statistics.median(self.taken), 2),
            "p95_ms": round(1000 * statistics.quantiles(self.taken, n=20)[-1], 2),
            "server_cpu_ms": round(1000 * self.cpu_seconds / count, 3),
            "requests": count,
            "faults": dict(self.faults),
        }


class _Line:
    """One connection, and the answer that is under way on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked = 0
        self.began = 0.0
        self.got = b""

    def ask(self, request: bytes) -> None:
        self.got, self.asked, self.began = b"", self.asked + 1, time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> int | None:
        """The status once the whole answer is here. Raises ConnectionError when the server hangs up."""
        part = self.socket.recv(1 << 17)
        if not part:
            raise ConnectionError("hung up")
        self.got = self.got + part if self.got else part
        return status_of(self.got)


def status_of(answer: bytes) -> int | None:
    """The status of a whole answer; None while something of it is missing."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = answer[:end]
    if length := _LENGTH.search(head):
        whole = len(answer) >= end + 4 + int(length[1])
    else:
        whole = not _CHUNKED.search(head) or answer.endswith(b"0\r\n\r\n")
    found = _STATUS.match(head)
    return int(found[1]) if whole and found else None


def drive(target: Target, seconds: float, measured: Measured, first: int = 0) -> int:
    """Ask for ``seconds``, adding to ``measured``. The number of the next request."""
    number = first
    with selectors.DefaultSelector() as waiting:
        lines = [_open(target.port, waiting) for _each in range(CONNECTIONS)]
        for line in lines:
            line.ask(target.request(number))
            number += 1
        began = time.perf_counter()
        until = began + seconds
        count = 0
        while (now := time.perf_counter()) < until:
            for key, _events in waiting.select(timeout=until - now):
                line = key.data
                if not _settled(line, target, measured):
                    continue
                count += 1
                if line.asked >= PER_CONNECTION:
                    line = _again(line, target.port, waiting)
                line.ask(target.request(number))
                number += 1
        spent = time.perf_counter() - began
        for key in list(waiting.get_map().values()):
            _finish(key.data)
    measured.seconds += spent
    measured.rates.append(count / spent)
    return number


def _open(port: int, waiting: selectors.BaseSelector) -> _Line:
    line = _Line(port)
    waiting.register(line.socket, selectors.EVENT_READ, line)
    return line


def _again(line: _Line, port: int, waiting: selectors.BaseSelector) -> _Line:
    waiting.unregister(line.socket)
    line.socket.close()
    return _open(port, waiting)


def _settled(line: _Line, target: Target, measured: Measured) -> bool:
    """Whether the answer is complete; a line that was hung up is given up."""
    try:
        status = line.read()
    except OSError as error:
        measured.faults[type(error).__name__] += 1
        line.asked = PER_CONNECTION
        return True
    if status is None:
        return False
    if status in target.expected:
        measured.taken.append(time.perf_counter() - line.began)
    else:
        measured.faults[str(status)] += 1
    return True


def _finish(line: _Line) -> None:
    """The answer that is still under way belongs to this round's server: wait for it, uncounted."""
    try:
        while line.read() is None:
            pass
    except OSError:
        pass
    line.socket.close()


def http(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{n}: {v}" for n, v in headers.items())]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def once(port: int, request: bytes) -> tuple[int, bytes, bytes]:
    """Status, head and body of one answer. The body of a chunked one stays in its chunks."""
    line = _Line(port)
    line.ask(request)
    while (status := line.read()) is None:
        pass
    line.socket.close()
    head, _gap, body = line.got.partition(b"\r\n\r\n")
    return status, head, body
