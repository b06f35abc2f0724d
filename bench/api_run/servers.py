"""The servers that are compared: each two workers as in production, all there at once, asked in turns."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.pages_run.site import collect_static, gunicorn, production_environ

from . import CAPTURED
from .asking import Operation
from .load import once

WORKERS = 2
THREADS = 8  # as in the Dockerfile and docs/operations.md
NO_LIMIT = str(10**9)  # the throttle counts as ever, and never refuses


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Of the workers up to now."""
        times = [child.cpu_times() for child in psutil.Process(self.pid).children(recursive=True)]
        return sum(each.user + each.system for each in times)


@contextmanager
def ours(folder: Path) -> Iterator[Server]:
    environ = _environ(folder)
    collect_static(environ)
    with _served(environ) as server:
        yield server


@contextmanager
def bare(folder: Path, captured: Path, *, middleware: str = "") -> Iterator[Server]:
    """Beside ours. ``middleware`` is "ours" where the product's stands before its views, too."""
    environ = _environ(folder) | {
        "DJANGO_SETTINGS_MODULE": "bench.api_run.bare_settings",
        "BENCH_MIDDLEWARE": middleware,
        CAPTURED: str(captured),
    }
    with _served(environ) as server:
        yield server


def _environ(folder: Path) -> dict[str, str]:
    from claimtracker.embedded.ports import free_port

    return production_environ(folder, free_port()) | {
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "API_PER_MINUTE": NO_LIMIT,
        "API_PER_DAY": NO_LIMIT,
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def _served(environ: dict[str, str]) -> Iterator[Server]:
    port = int(environ["SITE_URL"].rpartition(":")[2])
    with gunicorn(environ, port, workers=WORKERS, threads=THREADS) as process:
        yield Server(port, process.pid)


def capture(server: Server, operations: Iterable[Operation], path: Path) -> dict[str, bytes]:
    """Keep what ours answers to each request (by "METHOD path") for the bare view; the bodies by name. An
    address that ours does not have is left out."""
    stored, bodies = {}, {}
    for name, request in _asks(operations):
        status, head, body = once(server.port, request)
        if status == 404:
            continue
        if status not in (200, 201):
            raise RuntimeError(f"{name} answers {status}: {body[:300]!r}")
        kind = next(
            line.partition(b":")[2].strip().decode()
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-type:")
        )
        stored[name] = (status, kind, b64encode(body).decode())
        bodies[name] = body
    path.write_text(json.dumps(stored), encoding="utf-8")
    return bodies


def check_same(server: Server, operations: Iterable[Operation], bodies: Mapping[str, bytes]) -> None:
    """Raises RuntimeError unless the bare view answers with these very bytes."""
    for name, request in _asks(operations):
        if once(server.port, request)[2] != bodies[name]:
            raise RuntimeError(f"{name}: the bare view answers something else")


def _asks(operations: Iterable[Operation]) -> Iterator[tuple[str, bytes]]:
    for operation in operations:
        yield from operation.asks.items()
