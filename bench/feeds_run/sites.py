"""Sites on many addresses of the loopback network, each with feeds and pages, good ones and faulty ones."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from .plan import Page, PlannedFeed

REST_SECONDS = 3
HUGE = 6_000_000


@dataclass(slots=True)
class Asked:
    host: str
    path: str
    began: float
    ended: float = 0.0
    status: int = 0


@dataclass
class Sites:
    """``asked`` is every request in the order of its beginning; ``rests`` when which host asked for rest."""

    feeds: Sequence[PlannedFeed]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    rests: list[tuple[str, float]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._pages = {(feed.host, page.path): page for feed in self.feeds for page in feed.pages}
        self._feeds = {(feed.host, feed.path): feed for feed in self.feeds}
        self._cited = {(feed.host, feed.cited_path): f"Accounts {feed.number}" for feed in self.feeds}
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(20):
            raise RuntimeError("the sites do not start")
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    @property
    def pairs(self) -> str:
        return ",".join(f"{host}:{self.port}" for host in sorted({feed.host for feed in self.feeds}))

    def address(self, feed: PlannedFeed, path: str) -> str:
        return f"http://{feed.host}:{self.port}{path}"

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)

        async def start() -> None:
            hosts = sorted({feed.host for feed in self.feeds})
            first = await asyncio.start_server(self._answer, hosts[0], 0)
            self.port = first.sockets[0].getsockname()[1]
            if hosts[1:]:
                await asyncio.start_server(self._answer, hosts[1:], self.port)
            ready.set()

        self._loop.create_task(start())
        self._loop.run_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        asked = Asked(host, "", time.monotonic())
        self.asked.append(asked)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            asked.path = head.split(" ")[1]
            answer = self._response(host, asked.path, head.lower())
            if answer is None:  # until the other side has had enough
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(), 30)
            else:
                asked.status = int(answer[9:12])
                writer.write(answer)
                await writer.drain()
        asked.ended = time.monotonic()
        if asked.status == 429:
            self.rests.append((host, asked.ended))
        writer.close()

    def _response(self, host: str, path: str, head: str) -> bytes | None:
        if feed := self._feeds.get((host, path)):
            feed.times += 1
            return self._feed(feed, head)
        if page := self._pages.get((host, path)):
            page.times += 1
            return self._page(page)
        if title := self._cited.get((host, path)):
            return response(200, story(title))
        if path.endswith("/there") and (page := self._pages.get((host, path.removesuffix("/there")))):
            return response(200, story(page.text))
        return response(404, b"")

    def _feed(self, feed: PlannedFeed, head: str) -> bytes | None:
        entries = "".join(
            f"<item><title>{page.text}</title><link>{self.address(feed, page.path)}</link></item>"
            for page in feed.pages
        )
        entries += "".join(f"<item><link>{link.format(port=self.port)}</link></item>" for link in feed.also)
        body = (
            f"<rss version='2.0'><channel><title>Site {feed.number}</title>{entries}</channel></rss>".encode()
        )
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if feed.times == 1 or not feed.is_bad:
            if feed.does == "etag" and etag in head:
                return response(304, b"")
            return response(
                200, body, kind="application/rss+xml", extra=f"ETag: {etag}\r\n" * (feed.does == "etag")
            )
        return faulty(feed.does, feed.path, body)

    def _page(self, page: Page) -> bytes | None:
        once = page.times == 1
        if page.does == "slow_once" and once:
            return None
        if page.does == "busy_once" and once:
            return response(429, b"", extra=f"Retry-After: {REST_SECONDS}\r\n")
        if page.does == "failed_once" and once:
            return response(500, b"")
        if page.does == "moved":
            return response(301, b"", extra=f"Location: {page.path}/there\r\n")
        if page.does in {"good", "slow_once", "busy_once", "failed_once"}:
            return response(200, story(page.text))
        return faulty(page.does, page.path, b"")


def faulty(does: str, path: str, body: bytes) -> bytes | None:
    answers = {
        "broken": lambda: response(200, body[:60], kind="application/rss+xml"),
        "away": lambda: response(500, b""),
        "page": lambda: response(200, story("Welcome")),
        "huge": lambda: response(200, b"x" * HUGE),
        "loop": lambda: response(302, b"", extra=f"Location: {path}\r\n"),
        "wall": lambda: response(200, b"<html><title>A story</title><p>Subscribe now to read on.</p></html>"),
        "missing": lambda: response(404, b""),
        "notice": lambda: response(
            200, b"<html><title>Just a moment</title><p>Checking your browser</p></html>"
        ),
        "blank": lambda: response(200, b"<html><title>A</title><body></body></html>"),
    }
    return answers[does]() if does in answers else None


def story(title: str) -> bytes:
    lines = "".join(
        f"<p>Paragraph {n} of {title} says that the council spent {n} million on item {n}.</p>"
        for n in range(9)
    )
    page = f"<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>{lines}"
    return f"{page}</article></body></html>".encode()


def response(status: int, body: bytes, *, kind: str = "text/html", extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{extra}Connection: close\r\n\r\n".encode() + body
