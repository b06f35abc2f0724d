"""The wire under the outbound client: sockets with one deadline, bodies with two caps."""

import contextlib
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from claimtracker.kernel.outbound_address import Dialler
from claimtracker.kernel.outbound_errors import OutboundRefused

# A stream of tiny gzip members costs far more time than bytes.
_MOST_GZIP_MEMBERS = 64


class Deadline:
    """One moment by which everything must be over: look-up, connect, TLS, redirects, body."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.at = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, more than 0. Raises OutboundRefused (timeout) when none are."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> OutboundRefused:
        """The refusal to raise when the time is up."""
        return OutboundRefused(
            f"The site did not finish its answer within {self.seconds:g} seconds. Try again later.",
            "timeout",
        )


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the addresses it was given, whatever name httpcore asks for."""

    def __init__(self, addresses: Sequence[str], dial: Dialler, deadline: Deadline) -> None:
        self._addresses = addresses
        self._dial = dial
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first of the pinned addresses that answers. Raises OutboundRefused."""
        for position, address in enumerate(self._addresses):
            # An address that swallows packets must leave time for the others.
            share = self._deadline.remaining() / (len(self._addresses) - position)
            try:
                connection = self._dial((address, port), share)
            except OSError:
                continue
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return DeadlineStream(connection, self._deadline)
        self._deadline.remaining()
        raise OutboundRefused(
            f"{host} does not answer on port {port}. Check the address, or try again later.", "unreachable"
        )


class DeadlineStream(httpcore.NetworkStream):
    """A socket whose every call gets only what is left of the whole request's time.

    A timeout per read would let a server that drips one byte a second go on for ever.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._socket = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, or none at the end."""
        try:
            self._socket.settimeout(self._deadline.remaining())
            return self._socket.recv(max_bytes)
        except TimeoutError:
            raise self._deadline.missed() from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        rest = memoryview(buffer)
        try:
            while rest:
                self._socket.settimeout(self._deadline.remaining())
                rest = rest[self._socket.send(rest) :]
        except TimeoutError:
            raise self._deadline.missed() from None
        except OSError as error:
            # httpcore still reads the answer after this: a server may refuse a body early.
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        """Close without waiting for the other side."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The stream inside TLS, verified for the name in the URL. Raises OutboundRefused."""
        try:
            self._socket.settimeout(self._deadline.remaining())
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError:
            self.close()
            raise self._deadline.missed() from None
        except (OSError, ValueError) as error:
            self.close()
            why = getattr(error, "verify_message", "") or "the secure connection failed"
            raise OutboundRefused(
                f"The identity of {server_hostname} could not be verified ({why}). Check the address.",
                "tls",
            ) from error
        return DeadlineStream(wrapped, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a stream; it needs only the TLS object."""
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        return None


def read_body(chunks: Iterable[bytes], *, encoding: str, declared: str, max_bytes: int, cut: bool) -> bytes:
    """The decoded body. One over `max_bytes`, compressed or not, is refused, or cut there if `cut`.

    Raises OutboundRefused.
    """
    body = bytearray()
    try:
        _collect(body, chunks, encoding=encoding, declared="" if cut else declared, max_bytes=max_bytes)
    except OutboundRefused as refusal:
        if not cut or refusal.code != "too_large":
            raise
    return bytes(body[:max_bytes])


def _collect(
    body: bytearray, chunks: Iterable[bytes], *, encoding: str, declared: str, max_bytes: int
) -> None:
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > max_bytes:
        raise too_large(max_bytes)
    unpack = _unpacker(encoding, max_bytes)
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > max_bytes:
            body += unpack.feed(chunk[: len(chunk) - received + max_bytes], max_bytes - len(body))
            raise too_large(max_bytes)
        body += unpack.feed(chunk, max_bytes - len(body))
        if len(body) > max_bytes:
            raise too_large(max_bytes)
    if received:
        unpack.finish()


def too_large(max_bytes: int) -> OutboundRefused:
    """The refusal of an answer over the cap."""
    return OutboundRefused(
        f"The answer is larger than {max_bytes:,} bytes and was cut off. "
        "Give the address of something smaller.",
        "too_large",
    )


class _Plain:
    def feed(self, chunk: bytes, room: int) -> bytes:
        return chunk

    def finish(self) -> None:
        return None


class _Zlib:
    """gzip and deflate, unpacked no further than the room that is left."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._inflater: Any = None
        self._members = 0

    def feed(self, chunk: bytes, room: int) -> bytes:
        unpacked = bytearray()
        while chunk and self._members < _MOST_GZIP_MEMBERS:
            unpacked += self._inflate(chunk, room - len(unpacked) + 1)
            if len(unpacked) > room:
                raise too_large(self._max_bytes)
            if not self._inflater.eof:
                break
            chunk = self._inflater.unused_data
            self._inflater = None
            self._members += 1
        return bytes(unpacked)

    def _inflate(self, chunk: bytes, most: int) -> bytes:
        try:
            if self._inflater is None:
                # Some servers send deflate without its zlib header.
                raw = chunk[0] & 0x0F != 8 and chunk[:1] != b"\x1f"
                self._inflater = zlib.decompressobj(-15 if raw else 47)
            return bytes(self._inflater.decompress(chunk, most))
        except zlib.error:
            raise _broken_packing() from None

    def finish(self) -> None:
        if self._inflater is not None and not self._inflater.eof:
            raise _broken_packing()


def _unpacker(encoding: str, max_bytes: int) -> _Plain | _Zlib:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip", "deflate"}:
        return _Zlib(max_bytes)
    raise OutboundRefused(
        f"The site packs its answer in a way we did not ask for ({name[:40]}). Give another address.",
        "bad_encoding",
    )


def _broken_packing() -> OutboundRefused:
    return OutboundRefused(
        "The site's compressed answer is broken or cut short. Try again later.",
        "bad_response",
    )
