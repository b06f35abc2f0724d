"""Ask a service whether it serves, over its own socket and in a few milliseconds.

Spoken by hand, because importing a driver takes longer than the question, and because a pid file also
answers for a zombie.
"""

import re
import socket
import struct
from enum import StrEnum
from pathlib import Path

_PROTOCOL_3 = 196608
_STARTING = {"57P03"}  # cannot_connect_now: starting, recovering or shutting down
_FULL = {"53300"}  # too_many_connections: busy, so it runs
_NOT_PREPARED = {"3D000", "28000"}  # no such database, no such role


class Answer(StrEnum):
    """What a service said when asked."""

    UP = "up"
    STARTING = "starting"
    UNPREPARED = "unprepared"
    DOWN = "down"


def ask_postgres(path: Path, *, user: str, database: str, timeout: float = 2.0) -> Answer:
    """Log in over the socket and leave again; `timeout` in seconds."""
    words = b"".join(part.encode() + b"\0" for part in ("user", user, "database", database)) + b"\0"
    greeting = struct.pack("!ii", len(words) + 8, _PROTOCOL_3) + words
    try:
        with _connected(path, timeout) as conn, conn.makefile("rb") as stream:
            conn.sendall(greeting)
            while True:
                kind, length = struct.unpack("!ci", stream.read(5))
                body = stream.read(length - 4)
                if kind == b"Z":
                    conn.sendall(b"X\0\0\0\4")
                    return Answer.UP
                if kind == b"E":
                    return _meaning(body)
    except (OSError, struct.error):
        return Answer.DOWN


def _meaning(body: bytes) -> Answer:
    fields = {part[:1]: part[1:].decode("utf-8", "replace") for part in body.split(b"\0") if part}
    code = fields.get(b"C", "")
    if code in _STARTING:
        return Answer.STARTING
    if code in _NOT_PREPARED:
        return Answer.UNPREPARED
    return Answer.UP if code in _FULL else Answer.DOWN


def ask_valkey(path: Path, *, timeout: float = 2.0) -> Answer:
    """Send a PING over the socket; `timeout` in seconds."""
    try:
        with _connected(path, timeout) as conn:
            conn.sendall(b"PING\r\n")
            reply = conn.recv(512)
    except OSError:
        return Answer.DOWN
    if reply.startswith(b"-LOADING"):
        return Answer.STARTING
    return Answer.UP if reply[:1] in (b"+", b"-") else Answer.DOWN


def valkey_pid(path: Path, *, timeout: float = 2.0) -> int | None:
    """The pid that Valkey itself reports, or None when it does not answer."""
    try:
        with _connected(path, timeout) as conn, conn.makefile("rb") as stream:
            conn.sendall(b"INFO server\r\n")
            size = stream.readline()
            text = stream.read(int(size[1:])) if size.startswith(b"$") else b""
    except (OSError, ValueError):
        return None
    found = re.search(rb"process_id:(\d+)", text)
    return int(found.group(1)) if found else None


def _connected(path: Path, timeout: float) -> socket.socket:
    conn = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        conn.settimeout(timeout)
        conn.connect(str(path))
    except OSError:
        conn.close()
        raise
    return conn
