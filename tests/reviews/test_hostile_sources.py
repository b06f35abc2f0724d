"""A cited page on a server that wishes harm: it is refused or cut with a sentence that says why, nothing of
it is kept, and the source's record says so."""

from __future__ import annotations

import gzip
import socket
import time
from typing import Any

import pytest

from claimtracker.kernel.at_rest.sometimes import Shown
from claimtracker.kernel.outbound import OutboundPolicy
from reviews.models import Source, SourceCheck, SourceSnapshot, StoredContent
from reviews.snapshot_store import snapshot_store
from tests import factories
from tests.support.cited_pages import QUOTE, cite, look, page, serve
from tests.support.hostile_server import Asked, HostileServer, hostile_server

pytestmark = pytest.mark.django_db

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
PUBLIC = "93.184.216.34"


@pytest.fixture
def source(server: HostileServer) -> Source:
    """Cited from ``/accounts``, whose answer each test chooses."""
    source: Source = cite(server, factories.make_user()).source
    return source


def refused(source: Source, condition: str, code: str, *words: str) -> SourceCheck:
    """A look at the page ends in this; nothing is kept of it."""
    check = look(source)
    assert (check.condition, check.code, check.snapshot) == (condition, code, None)
    assert check.message.endswith(".") and len(check.message) > 20
    assert not [word for word in words if word not in check.message], check.message
    source.refresh_from_db()
    assert (source.condition, source.condition_message) == (condition, check.message)
    assert not SourceSnapshot.objects.exists() and not StoredContent.objects.exists()
    assert not list(snapshot_store().digests())
    return check


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{other}/",
        "http://localhost/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://10.0.0.8/",
    ],
)
def test_a_redirect_to_the_inside_is_refused(server, source, location):
    with hostile_server() as inside:
        inside.gives("/", page(QUOTE))
        server.redirects("/accounts", location.format(other=inside.port))
        check = look(source)
        assert check.condition == "refused"
        assert check.code in {"private_address", "bad_port"}
        assert "The page redirects to" in check.message
        assert inside.asked == []
    assert not list(snapshot_store().digests())


def test_redirects_without_end_are_refused(server, source):
    server.redirects("/accounts", "/accounts")
    refused(source, "refused", "too_many_redirects", "more than 5 times")


def test_a_name_that_changes_its_address_is_asked_once_and_pinned(server, source, monkeypatch):
    """The name is public when it is looked up and inside the second time: only the first answer is dialled,
    and the next look finds the inside one and refuses."""
    answers = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]]
    asked: list[str] = []
    dialled: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    def dial(address: tuple[str, int], timeout: float) -> socket.socket:
        dialled.append(address[0])
        return socket.create_connection(("127.0.0.1", server.port), timeout)

    policy = OutboundPolicy(resolve=resolve, dial=dial)
    monkeypatch.setattr("claimtracker.kernel.outbound.default_policy", lambda: policy)
    Source.objects.filter(pk=source.pk).update(url=Shown("http://rebinding.example/accounts"))
    assert look(source).condition == "alive"
    assert (asked, dialled) == (["rebinding.example"], [PUBLIC])
    second = look(source)
    assert (second.condition, second.code) == ("refused", "private_address")
    assert "this machine (127.0.0.1)" in second.message
    assert dialled == [PUBLIC], "nobody was called the second time"


def test_one_inside_address_among_public_ones_is_refused(server, source, monkeypatch):
    policy = OutboundPolicy(resolve=lambda _host, _port: [PUBLIC, "10.0.0.8"])
    monkeypatch.setattr("claimtracker.kernel.outbound.default_policy", lambda: policy)
    Source.objects.filter(pk=source.pk).update(url=Shown("http://mixed.example/accounts"))
    refused(source, "refused", "private_address", "10.0.0.8")


def test_a_body_without_end_is_cut(server, source, settings):
    settings.SNAPSHOT_ITEM_BYTES = 200_000
    sent: list[int] = []

    def endless(connection: socket.socket, _asked: Asked) -> None:
        connection.sendall(HEAD + b"\r\n")
        while True:
            connection.sendall(b"<p>word</p>" * 1_000)
            sent.append(11_000)

    server.sends("/accounts", endless)
    refused(source, "refused", "too_large", "200,000 bytes")
    assert sum(sent) < 20_000_000


def test_a_body_that_says_that_it_is_too_large_is_not_read(server, source, settings):
    settings.SNAPSHOT_ITEM_BYTES = 200_000
    server.sends(
        "/accounts",
        lambda connection, _asked: connection.sendall(HEAD + b"Content-Length: 900000000\r\n\r\n"),
    )
    refused(source, "refused", "too_large")


def test_a_slow_drip_is_cut(server, source, settings):
    settings.SNAPSHOT_SECONDS = 1

    def drip(connection: socket.socket, _asked: Asked) -> None:
        connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.1)

    server.sends("/accounts", drip)
    began = time.monotonic()
    refused(source, "away", "timeout", "within 1 seconds")
    assert time.monotonic() - began < 6


def test_a_gzip_bomb_is_cut(server, source, settings):
    settings.SNAPSHOT_ITEM_BYTES = 200_000
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 100_000
    server.gives("/accounts", bomb, headers=("Content-Type: text/html", "Content-Encoding: gzip"))
    refused(source, "refused", "too_large", "200,000 bytes")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("image/png", b"\x89PNG\r\n"),
        ("video/mp4", b"...."),
        ("application/zip", b"PK\x03\x04"),
        ("application/octet-stream", b"MZ\x90"),
        ("application/x-msdownload", b"MZ\x90"),
        ("image/svg+xml", b"<svg onload='alert(1)'/>"),
    ],
)
def test_a_wrong_type_is_refused(server, source, kind, body):
    server.gives("/accounts", body, headers=(f"Content-Type: {kind}",))
    refused(source, "refused", "wrong_type", kind)


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7\n....", b"PK\x03\x04....", b"\x7fELF....", b"\x00\x01\x02" * 400]
)
def test_a_type_that_is_a_lie_is_refused(server, source, body):
    server.gives("/accounts", body, headers=("Content-Type: text/html",))
    refused(source, "refused", "wrong_type", "not what its type text/html says")


@pytest.mark.parametrize(
    ("status", "condition"),
    [("404 Not Found", "gone"), ("410 Gone", "gone"), ("401 Unauthorized", "away"), ("403 Forbidden", "away"),
     ("429 Too Many Requests", "away"), ("500 Error", "away"), ("204 No Content", None)],
)  # fmt: skip
def test_a_status_is_taken_for_what_it_says(server, source, status, condition):
    server.gives("/accounts", b"", status=status)
    check = look(source)
    if condition is None:
        assert check.condition in {"alive", "refused"}
    else:
        assert (check.condition, status[:3] in check.message) == (condition, True)


def test_a_broken_answer_is_away_not_gone(server, source):
    server.sends("/accounts", lambda connection, _asked: connection.sendall(b"\xff\xfe nonsense\r\n\r\n"))
    refused(source, "away", "bad_response")


def test_absurd_markup_takes_a_bounded_time(server, source):
    server.gives(
        "/accounts", b"<div>" * 100_000 + QUOTE.encode(), headers=("Content-Type: text/html; charset=utf-8",)
    )
    began = time.monotonic()
    assert look(source).condition == "alive"
    assert time.monotonic() - began < 20


def test_what_was_refused_is_kept_once_it_behaves(server, source):
    server.gives("/accounts", b"\x89PNG", headers=("Content-Type: image/png",))
    refused(source, "refused", "wrong_type")
    serve(server, QUOTE)
    check: Any = look(source)
    assert check.condition == "alive"
    source.refresh_from_db()
    assert source.condition_message == ""
