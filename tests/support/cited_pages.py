"""Cited pages on a hostile server, and the job that looks at them run in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimtracker.accounts.models import User
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from reviews.actions.snapshots import look_at
from reviews.actions.source_checks import record_look
from reviews.models import Evidence, Source, SourceCheck
from tests import factories
from tests.support.feeds import free_hosts
from tests.support.hostile_server import HostileServer, hostile_server

QUOTE = "Expenditure to date: £131.2m."


def page(*paragraphs: str, title: str = "Capital accounts") -> bytes:
    """A page of enough words that its own part is told from what stands around it."""
    filler = "".join(
        f"<p>Line {n} of the accounts lists what the council spent on item {n} in that year.</p>"
        for n in range(12)
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav>Home</nav>"
        f"<article><h1>{title}</h1>{body}{filler}</article></body></html>"
    ).encode()


def cite(server: HostileServer, by: User, path: str = "/accounts", **fields: Any) -> Evidence:
    """Evidence from a page of the server, which answers with the quotation unless it was told otherwise."""
    if path not in server.answers:
        server.gives(path, page(QUOTE), headers=("Content-Type: text/html; charset=utf-8",))
    claim = fields.pop("claim", None) or factories.make_claim()
    return factories.make_evidence(claim, by, url=server.url(path), **{"quotation": QUOTE, **fields})


def serve(server: HostileServer, *paragraphs: str, path: str = "/accounts") -> None:
    server.gives(path, page(*paragraphs), headers=("Content-Type: text/html; charset=utf-8",))


def look(source: Source) -> SourceCheck:
    """What the job does until it knows the page or an obstacle; where it would come back, time passes."""
    for _ in range(20):
        source = Source.objects.get(pk=source.pk)
        check = record_look(source, look=look_at(source))
        if check is not None:
            return check
        free_hosts()
    raise AssertionError("the look does not end")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[HostileServer]:
    """A hostile server that the environment lets through and that may be asked without a pause, and a folder
    for copies of its pages."""
    settings.FEED_HOST_PAUSE_SECONDS = 0.0
    settings.SNAPSHOT_DIR = str(tmp_path / "snapshots")
    with hostile_server() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, running.pair)
        yield running
