"""Inputs that are small and become large, deep or slow."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import etree

from claims.actions.feeds import try_feed
from claims.models import Feed
from claims.sources import feeds as feed_reading
from claimtracker.api.v1.parsers import BoundedJSONParser
from claimtracker.kernel import outbound_wire
from claimtracker.kernel.outbound_wire import _Zlib
from tests.support.feeds import XML, turn

from .harness import Guard, suite
from .scene import Scene, replaced
from .ssrf import by_command

HUGE = 10**9
ZEROS = 40_000_000
LIMIT = 5_000_000  # bytes of a page
HTML = "Content-Type: text/html"


def _unbounded(_scene: Scene) -> AbstractContextManager[Any]:
    return mock.patch.object(_Zlib, "feed", lambda self, chunk, _room: self._inflate(chunk, 0))


INFLATING = Guard(
    "unpacked no further than there is room", "claimtracker.kernel.outbound_wire:_Zlib.feed", _unbounded
)
MEMBERS = Guard(
    "some members of gzip",
    "claimtracker.kernel.outbound_wire:_MOST_GZIP_MEMBERS",
    replaced("claimtracker.kernel.outbound_wire._MOST_GZIP_MEMBERS", HUGE),
)


def unpacked(scene: Scene, body: bytes, encoding: str) -> tuple[int, int]:
    """How many bytes, in how many steps, the client unpacked of a page."""
    scene.wire.server.gives("/bomb", body, headers=(HTML, f"Content-Encoding: {encoding}"))
    sizes: list[int] = []
    inflate = _Zlib._inflate

    def counting(self: _Zlib, chunk: bytes, most: int) -> bytes:
        found = inflate(self, chunk, most)
        sizes.append(len(found))
        return found

    with mock.patch.object(_Zlib, "_inflate", counting):
        by_command(scene, "http://bombs.example/bomb")
    return sum(sizes), len(sizes)


@suite.inputs(
    "a page that unpacks without end",
    "ingest",
    "bomb",
    INFLATING,
    each={
        "gzip": ("gzip", gzip.compress(b"0" * ZEROS, 9)),
        "deflate": ("deflate", zlib.compress(b"0" * ZEROS, 9)),
        "raw deflate": ("deflate", zlib.compress(b"0" * ZEROS, 9)[2:-4]),
    },
)
def packed(scene: Scene, bomb: tuple[str, bytes]) -> bool:
    encoding, body = bomb
    assert len(body) < 50_000
    return unpacked(scene, body, encoding)[0] > 2 * LIMIT


@suite.attack("a page of ten thousand gzip members", "ingest", "bomb", MEMBERS)
def members(scene: Scene) -> bool:
    return unpacked(scene, gzip.compress(b"") * 10_000, "gzip")[1] > 1_000


@suite.attack(
    "a page without end",
    "ingest",
    "bomb",
    Guard(
        "a cap on what comes",
        "claimtracker.kernel.outbound_wire:read_body",
        lambda _s: _without_cap(),
    ),
)
def endless(scene: Scene) -> bool:
    """Six megabytes are on their way; what counts is whether more than the limit was taken."""
    body = b"<p>word</p>" * 600_000
    scene.wire.server.gives("/long", body, headers=(HTML,))
    taken: list[int] = []
    original = outbound_wire.read_body

    def measuring(chunks: Any, **named: Any) -> bytes:
        def counted() -> Any:
            for chunk in chunks:
                taken.append(len(chunk))
                yield chunk

        return original(counted(), **named)

    with mock.patch("claimtracker.kernel.outbound.read_body", measuring):
        by_command(scene, "http://bombs.example/long")
    return sum(taken) > LIMIT + 1_000_000


def _without_cap() -> AbstractContextManager[Any]:
    original = outbound_wire.read_body
    return mock.patch.object(
        outbound_wire,
        "read_body",
        lambda chunks, **named: original(chunks, **{**named, "declared": "", "max_bytes": HUGE}),
    )


# --- XML

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 5))
LAUGHS = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>'


def _any_doctype(_scene: Scene) -> AbstractContextManager[Any]:
    import re

    return mock.patch.object(feed_reading, "_DOCTYPE", re.compile("(?!)"))


def _expanding(_scene: Scene) -> AbstractContextManager[Any]:
    return mock.patch.object(
        feed_reading,
        "_parser",
        lambda **_n: etree.XMLParser(resolve_entities=True, load_dtd=True, huge_tree=True),
    )


NO_DOCTYPE = Guard("no DTD in a feed", "claims.sources.feeds:_DOCTYPE", _any_doctype)
NO_ENTITIES = Guard("no entities", "claims.sources.feeds:_parser", _expanding)


@suite.inputs(
    "entities of a feed",
    "ingest",
    "bomb",
    NO_DOCTYPE,
    NO_ENTITIES,
    each={
        "a billion laughs": (LAUGHS, "&l4;", "lollollol"),
        "one long entity, often": (f'<!DOCTYPE rss [<!ENTITY a "{"lol" * 5000}">]>', "&a;" * 50, "lollollol"),
        "a file of ours": ('<!DOCTYPE rss [<!ENTITY a SYSTEM "file://{file}">]>', "&a;", "secret-of-ours"),
        "a DTD elsewhere": ('<!DOCTYPE rss SYSTEM "file://{dtd}">', "&b;", "secret-of-ours"),
    },
)
def entities(scene: Scene, given: tuple[str, str, str]) -> bool:
    doctype, title, wanted = given
    file, dtd = scene.folder / "secret", scene.folder / "evil.dtd"
    file.write_text("secret-of-ours")
    dtd.write_text('<!ENTITY b "secret-of-ours">')
    doctype = doctype.replace("{file}", str(file)).replace("{dtd}", str(dtd))
    xml = f"<?xml version='1.0'?>{doctype}<rss><channel><title>{title}</title><item><link>http://n.example/1</link></item></channel></rss>"
    scene.wire.server.gives("/feed", xml.encode(), headers=XML)
    feed = try_feed("http://news.example/feed", by=scene.lead, desk=scene.desk)
    turn(feed)
    return Feed.objects.get(pk=feed.pk).title.startswith(wanted)


@suite.attack(
    "a feed of five thousand entries",
    "ingest",
    "bomb",
    Guard(
        "a thousand entries a visit",
        "claims.sources.feeds:MOST_ENTRIES",
        replaced("claims.sources.feeds.MOST_ENTRIES", HUGE),
    ),
)
def entries(scene: Scene) -> bool:
    items = "".join(f"<item><link>http://n.example/{n}</link></item>" for n in range(1_500))
    scene.wire.server.gives("/feed", f"<rss><channel>{items}</channel></rss>".encode(), headers=XML)
    found: list[int] = []
    read = feed_reading._entries

    def counting(root: Any, base: str) -> Any:
        rows = read(root, base)
        found.append(len(rows[0]))
        return rows

    with mock.patch.object(feed_reading, "_entries", counting):
        turn(try_feed("http://news.example/feed", by=scene.lead, desk=scene.desk))
    return found[0] > 1_000


# --- JSON


def unhandled(module: str, error: str) -> Callable[[Scene], AbstractContextManager[Any]]:
    """The module's ``except`` catches something else."""
    return lambda _scene: mock.patch(f"{module}.{error}", ZeroDivisionError, create=True)


PARSERS = "claimtracker.api.v1.parsers"


@suite.attack(
    "JSON nested without end",
    "api",
    "bomb",
    Guard(
        "nesting is refused",
        f"{PARSERS}:BoundedJSONParser.parse",
        unhandled(PARSERS, "RecursionError"),
    ),
)
def nested(scene: Scene) -> bool:
    return scene.partner.ask("POST", "articles", b"[" * 200_000).status_code >= 500


@suite.attack(
    "a number of ten thousand digits",
    "api",
    "bomb",
    Guard(
        "numbers have an end",
        f"{PARSERS}:BoundedJSONParser.parse",
        unhandled(PARSERS, "ValueError"),
    ),
)
def digits(scene: Scene) -> bool:
    return scene.partner.ask("POST", "articles", b'{"body": ' + b"9" * 10_000 + b"}").status_code >= 500


@suite.attack(
    "a body that is too large",
    "api",
    "bomb",
    Guard(
        "a cap on bodies",
        f"{PARSERS}:BoundedJSONParser.most_bytes",
        lambda _s: mock.patch.object(BoundedJSONParser, "most_bytes", HUGE),
    ),
)
def large_body(scene: Scene) -> bool:
    return scene.partner.post("articles", {"body": "word " * 420_000}).status_code != 413


@suite.attack(
    "more articles at once than are taken",
    "api",
    "bomb",
    Guard(
        "a cap on articles",
        "claimtracker.api.v1.submission_serializers:MOST_ITEMS",
        replaced("claimtracker.api.v1.submission_serializers.MOST_ITEMS", HUGE),
    ),
)
def many_articles(scene: Scene) -> bool:
    sent = {"articles": [{"body": "w"}] * 1_200}
    return scene.partner.post("articles/bulk", sent, Idempotency_Key='"one"').status_code == 202


@suite.attack(
    "claim reviews nested without end",
    "admin",
    "bomb",
    Guard(
        "nesting is refused",
        "claims.sources.claim_reviews.jsonld:parse_json",
        unhandled("claims.sources.claim_reviews.jsonld", "RecursionError"),
    ),
)
def nested_reviews(scene: Scene) -> bool:
    file = SimpleUploadedFile("reviews.json", b'{"a":' * 100_000)
    sent = scene.browser(scene.moderator).post("/admin/claims/knownclaimimport/add/", {"file": file})
    return sent.status_code >= 500
