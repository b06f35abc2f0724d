"""Addresses that lead inside, in every spelling, through every door that takes an address."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import Any
from unittest import mock

import httpx
from django.core.management import CommandError, call_command

from claims.models import Feed, WebHost
from claimtracker.kernel import outbound, outbound_address
from claimtracker.kernel.outbound_wire import PinnedBackend
from reviews.models import PageLook, Source
from tests import factories
from tests.reviews.test_page_looks import answered
from tests.support.cited_pages import look
from tests.support.feeds import XML, free_hosts, rss, turn

from .harness import Guard, suite
from .scene import PUBLIC, Scene, replaced

ADDRESS = "claimtracker.kernel.outbound_address"


def _lenient(_scene: Scene) -> Any:
    strict = outbound_address._as_address
    return mock.patch.object(outbound_address, "_as_address", lambda host, **_: strict(host, strict=False))


def _resolving_again(_scene: Scene) -> Any:
    pinned = PinnedBackend.connect_tcp

    def by_name(self: PinnedBackend, host: str, port: int, *rest: Any, **named: Any) -> Any:
        self._addresses = outbound.default_policy().resolve(host, port)
        return pinned(self, host, port, *rest, **named)

    return mock.patch.object(PinnedBackend, "connect_tcp", by_name)


def _any_url(_scene: Scene) -> Any:
    return mock.patch.object(outbound, "parse_url", lambda url: httpx.URL(url).copy_with(fragment=None))


def _following(_scene: Scene) -> Any:
    fetch = outbound.fetch
    stack = ExitStack()
    stack.enter_context(
        mock.patch.object(outbound, "_checked_request", lambda _method, headers, _follow: dict(headers))
    )
    stack.enter_context(
        mock.patch.object(
            outbound, "fetch", lambda url, **named: fetch(url, **{**named, "follow_redirects": True})
        )
    )
    return stack


PUBLIC_ONLY = Guard(
    "only public addresses", f"{ADDRESS}:refused_kind", replaced(f"{ADDRESS}.refused_kind", lambda _a: None)
)
NO_LOCAL_NAMES = Guard(
    "no local names", f"{ADDRESS}:is_local_name", replaced(f"{ADDRESS}.is_local_name", lambda _h: False)
)
ONE_SPELLING = Guard("one spelling of an address", f"{ADDRESS}:_as_address", _lenient)
WEB_PORTS = Guard(
    "the web's ports", f"{ADDRESS}:WEB_PORTS", replaced(f"{ADDRESS}.WEB_PORTS", frozenset(range(65536)))
)
PINNED = Guard(
    "the checked address is the dialled one",
    "claimtracker.kernel.outbound_wire:PinnedBackend.connect_tcp",
    _resolving_again,
)
PLAIN_URL = Guard("http and https without credentials", "claimtracker.kernel.outbound:parse_url", _any_url)
NO_REDIRECT = Guard("a POST follows no redirect", "claimtracker.kernel.outbound:_checked_request", _following)
HTTPS_NAMES = Guard(
    "receivers have an https name",
    "claimtracker.partners.endpoint_addresses:check_address",
    replaced("claimtracker.partners.endpoints.check_address", lambda _url: None),
)

LITERALS = {
    "loopback": "http://127.0.0.1/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "private ten": "http://10.1.2.3/",
    "private 192.168": "http://192.168.0.1/admin",
    "private 172.16": "http://172.16.9.9/",
    "carrier's network": "http://100.64.0.1/",
    "zero": "http://0.0.0.0/",
    "azure metadata": "http://168.63.129.16/",
    "loopback v6": "http://[::1]/",
    "mapped v4": "http://[::ffff:127.0.0.1]/",
    "unique local v6": "http://[fd00::1]/",
    "link-local v6": "http://[fe80::1]/",
    "nat64": "http://[64:ff9b::7f00:1]/",
    "6to4": "http://[2002:7f00:1::]/",
    "isatap": "http://[2a00:1::5efe:7f00:1]/",
}


@suite.inputs(
    "a partner's article by address",
    "api",
    "ssrf",
    PUBLIC_ONLY,
    each={
        name: LITERALS[name]
        for name in ("loopback", "metadata", "private ten", "carrier's network", "mapped v4", "isatap")
    },
)
def by_partner(scene: Scene, url: str) -> bool:
    sent = scene.partner.post("articles", {"url": url}) if scene.wire else None
    if sent is None or sent.status_code != 202:
        return False
    scene.work("claims.fetch_article")
    return bool(scene.wire.inside)


@suite.inputs(
    "an article by address",
    "web",
    "ssrf",
    PUBLIC_ONLY,
    each={
        name: LITERALS[name]
        for name in ("private 192.168", "loopback v6", "unique local v6", "nat64", "azure metadata")
    },
)
def by_reporter(scene: Scene, url: str) -> bool:
    _wire, desk = scene.wire, scene.desk
    sent = scene.browser(scene.checker).post("/articles/new/", {"way": "url", "desk": desk.pk, "url": url})
    if sent.status_code != 302:
        return False
    scene.work("claims.fetch_article")
    return bool(scene.wire.inside)


def by_command(scene: Scene, url: str) -> bool:
    _wire, _desk = scene.wire, scene.desk
    with suppress(CommandError):
        call_command("ingest", url, stdout=mock.Mock(), stderr=mock.Mock())
    return bool(scene.wire.inside)


SPELLINGS = {
    "decimal": "http://2130706433/",
    "hexadecimal": "http://0x7f000001/",
    "octal": "http://0177.1/",
    "short": "http://127.1/",
    "hexadecimal part": "http://0x7f.0.0.1/",
}
suite.inputs("ingest by a command", "command line", "ssrf", ONE_SPELLING, PUBLIC_ONLY, each=SPELLINGS)(
    by_command
)
suite.inputs(
    "ingest by a command",
    "command line",
    "ssrf",
    PUBLIC_ONLY,
    each={name: LITERALS[name] for name in ("zero", "6to4", "link-local v6", "private 172.16")},
)(by_command)


@suite.inputs(
    "a name with an address inside",
    "ingest",
    "ssrf",
    PUBLIC_ONLY,
    each={
        "alone": [["10.0.0.8"]],
        "among public ones": [[PUBLIC, "10.0.0.8"]],
        "v6": [["fd12::8"]],
    },
)
def by_name(scene: Scene, answers: list[list[str]]) -> bool:
    scene.wire.name("looks-public.example", *answers)
    if answers[0][0] == PUBLIC:  # the attacker lets nobody in at the public one
        scene.wire.dial = _only_inside(scene.wire.dial)
    return by_command(scene, "http://looks-public.example/story")


def _only_inside(dial: Any) -> Any:
    def dialling(address: tuple[str, int], timeout: float) -> Any:
        if address[0] == PUBLIC:
            raise ConnectionRefusedError
        return dial(address, timeout)

    return dialling


@suite.attack("a name that changes its address between look-up and dialling", "ingest", "ssrf", PINNED)
def rebinding(scene: Scene) -> bool:
    scene.wire.name("rebinding.example", [PUBLIC], ["127.0.0.1"])
    return by_command(scene, "http://rebinding.example/story")


@suite.inputs(
    "local names",
    "ingest",
    "ssrf",
    NO_LOCAL_NAMES,
    PUBLIC_ONLY,
    each={
        "localhost": "localhost",
        "below localhost": "a.localhost",
        "google's metadata": "metadata.google.internal",
        "bonjour": "printer.local",
        "dot at the end": "localhost.",
    },
)
def local_names(scene: Scene, host: str) -> bool:
    scene.wire.name(host.rstrip("."), ["127.0.0.1"])
    return by_command(scene, f"http://{host}/")


@suite.inputs(
    "a redirect of a page",
    "ingest",
    "ssrf",
    PUBLIC_ONLY,
    each={
        "to loopback": "http://127.0.0.1/",
        "to metadata, without a scheme": "//169.254.169.254/",
        "to mapped v6": "http://[::ffff:10.0.0.1]/",
    },
)
def redirected(scene: Scene, location: str) -> bool:
    scene.wire.server.redirects("/start", location)
    return by_command(scene, "http://start.example/start")


@suite.inputs(
    "a port that is not the web's",
    "ingest",
    "ssrf",
    WEB_PORTS,
    each={
        "redis": 6379,
        "ssh": 22,
        "database": 5432,
        "none": 8080,
    },
)
def other_ports(scene: Scene, port: int) -> bool:
    return by_command(scene, f"http://public.example:{port}/")


@suite.inputs(
    "an address that is none for us",
    "ingest",
    "ssrf",
    PLAIN_URL,
    each={
        "ftp behind a redirect": "ftp://public.example/",
        "gopher": "gopher://public.example/_x",
        "userinfo that looks like the host": "http://trusted.example@public.example/",
        "a password": "http://user:pass@public.example/",
    },
)
def odd_addresses(scene: Scene, location: str) -> bool:
    wire = scene.wire
    wire.server.redirects("/start", location)
    with suppress(KeyError):  # of the library under the client, for a scheme without a port
        by_command(scene, "http://start.example/start")
    return "public.example" in wire.looked_up


@suite.inputs(
    "a watched source",
    "web",
    "ssrf",
    PUBLIC_ONLY,
    each={name: LITERALS[name] for name in ("loopback", "private ten", "metadata", "loopback v6")},
)
def by_feed(scene: Scene, url: str) -> bool:
    _wire, desk = scene.wire, scene.desk
    sent = scene.browser(scene.lead).post("/feeds/new/", {"url": url, "desk": desk.pk})
    if sent.status_code != 302:
        return False
    turn(Feed.objects.get())
    return bool(scene.wire.inside)


@suite.inputs(
    "an entry of a feed",
    "ingest",
    "ssrf",
    PUBLIC_ONLY,
    each={
        "loopback": "http://127.0.0.1/story",
        "private": "http://192.168.7.7/story",
    },
)
def by_entry(scene: Scene, link: str) -> bool:
    from claims.actions.feeds import try_feed, watch_feed

    scene.wire.server.gives("/feed", rss(link), headers=XML)
    feed = try_feed("http://news.example/feed", by=scene.lead, desk=scene.desk)
    turn(feed)
    feed.refresh_from_db()
    watch_feed(feed, by=scene.lead, title="News", interval_minutes=15)
    for _ in range(3):
        free_hosts()
        for host in WebHost.objects.all():
            feed.host_id = host.pk
            turn(feed)
    return bool(scene.wire.inside)


@suite.inputs(
    "a cited page",
    "snapshots",
    "ssrf",
    PUBLIC_ONLY,
    each={
        "metadata": "http://169.254.169.254/latest/",
        "loopback": "http://127.0.0.1/",
        "a name inside": "http://wiki.corp.example/",
    },
)
def by_source(scene: Scene, url: str) -> bool:
    scene.wire.name("wiki.corp.example", ["10.9.9.9"])
    source: Source = factories.make_evidence(factories.make_claim(), scene.checker, url=url).source
    look(source)
    return bool(scene.wire.inside)


@suite.attack("a cited page that redirects inside", "snapshots", "ssrf", PUBLIC_ONLY)
def source_redirected(scene: Scene) -> bool:
    scene.wire.server.redirects("/accounts", "http://10.0.0.8/")
    return by_source(scene, "http://stats.example/accounts")


@suite.inputs(
    "a look before citing",
    "snapshots",
    "ssrf",
    PUBLIC_ONLY,
    each={
        "loopback": "http://127.0.0.1/",
        "private": "http://10.20.30.40/wiki",
    },
)
def by_look(scene: Scene, url: str) -> bool:
    _wire = scene.wire
    claim = factories.make_taken_task(scene.checker).claim
    scene.browser(scene.checker).post(f"/claims/{claim.pk}/evidence/page/", {"url": url})
    asked = PageLook.objects.first()
    if asked is not None:
        answered(asked)
    return bool(scene.wire.inside)


@suite.inputs(
    "claim reviews by address",
    "admin",
    "ssrf",
    PUBLIC_ONLY,
    each={
        "loopback": "http://127.0.0.1/",
        "metadata": "http://169.254.169.254/",
    },
)
def by_import(scene: Scene, url: str) -> bool:
    _wire = scene.wire
    sent = scene.browser(scene.moderator).post("/admin/claims/knownclaimimport/add/", {"url": url})
    if sent.status_code != 302:
        return False
    scene.work("claims.import_known_claims")
    return bool(scene.wire.inside)


@suite.attack("claim reviews by address, by a command", "command line", "ssrf", PUBLIC_ONLY)
def import_by_command(scene: Scene) -> bool:
    _wire = scene.wire
    with suppress(CommandError):
        call_command("import_claim_reviews", "http://10.0.0.9/feed.json", stdout=mock.Mock())
    return bool(scene.wire.inside)
