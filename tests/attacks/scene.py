"""Where attacks take place: people of two desks, a partner with a key, and the attacker's own network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

import claims.tasks  # noqa: F401 - registers the jobs, as a worker's start does
import claimtracker.partners.tasks  # noqa: F401 - the same
import reviews.tasks  # noqa: F401 - the same
from claimtracker.accounts.models import Desk, Role, User
from claimtracker.intake import blocking
from claimtracker.jobs.models import Job
from claimtracker.jobs.registry import WORK
from claimtracker.jobs.runner import lease
from claimtracker.kernel import outbound, outbound_address
from claimtracker.partners.models import Partner, Scope
from reviews.models import Publication
from tests import factories
from tests.support.feeds import story
from tests.support.hostile_server import Answer, HostileServer, hostile_server

PUBLIC = "93.184.215.14"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class EveryPath(dict[str, Answer]):
    """A server that knows an answer to whatever it is asked."""

    def __init__(self, usual: Answer) -> None:
        super().__init__()
        self.usual = usual

    def __missing__(self, path: str) -> Answer:
        return self.usual


class Wire:
    """The network as the outbound client sees it: names with the addresses that the attacker gives them, and
    one server that answers wherever it is dialled. ``dialled`` is what somebody connected to."""

    def __init__(self, server: HostileServer) -> None:
        self.server = server
        self.names: dict[str, list[list[str]]] = {}
        self.dialled: list[tuple[str, int]] = []
        self.looked_up: list[str] = []

    def name(self, host: str, *answers: list[str]) -> None:
        """``host`` resolves to the first answer, then to the next; the last one stays."""
        self.names[host] = list(answers)

    def resolve(self, host: str, _port: int) -> list[str]:
        self.looked_up.append(host)
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def dial(self, address: tuple[str, int], timeout: float) -> Any:
        import socket

        self.dialled.append(address)
        if address[1] == 443:  # enough is known, and a handshake with a plain server takes its time
            raise ConnectionRefusedError
        return socket.create_connection(("127.0.0.1", self.server.port), timeout)

    @property
    def inside(self) -> list[tuple[str, int]]:
        """What was dialled and is no page of the public web."""
        return [each for each in self.dialled if each[0] != PUBLIC or each[1] not in (80, 443)]

    def policy(self) -> outbound.OutboundPolicy:
        return outbound.OutboundPolicy(resolve=self.resolve, dial=self.dial, ports=outbound_address.WEB_PORTS)


class PartnerClient:
    """A partner with a key, as a program of theirs asks."""

    def __init__(self, partner: Partner, **options: Any) -> None:
        self.partner = partner
        self.key, self.plain = factories.make_key(
            partner, scopes=options.pop("scopes", Scope.values), **options
        )
        self.client = Client(raise_request_exception=False)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = b"",
        *,
        content_type: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            path if path.startswith("/") else f"/api/v1/{path}",
            sent,
            content_type=content_type,
            headers={"Authorization": f"Bearer {self.plain}", **named},
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("POST", path, body, **headers)


class Scene:
    """Everything is made when first asked for."""

    def __init__(self, settings: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings, self.folder, self.monkeypatch = settings, folder, monkeypatch
        self._open = ExitStack()
        settings.SNAPSHOT_DIR = str(folder / "snapshots")
        settings.FEED_HOST_PAUSE_SECONDS = 0.0

    def close(self) -> None:
        self._open.close()

    # --- people

    @cached_property
    def desk(self) -> Desk:
        return factories.make_desk()

    @cached_property
    def other_desk(self) -> Desk:
        _first = self.desk
        return factories.make_desk("economy")

    @cached_property
    def checker(self) -> User:
        return factories.make_user(Role.CHECKER, self.desk)

    @cached_property
    def lead(self) -> User:
        return factories.make_user(Role.LEAD, self.desk)

    @cached_property
    def moderator(self) -> User:
        return factories.make_user(Role.MODERATOR, self.desk)

    @cached_property
    def outsider(self) -> User:
        """A lead of another desk, with every right there."""
        return factories.make_user(Role.LEAD, self.other_desk)

    def browser(self, user: User | None = None, **options: Any) -> Client:
        client = Client(raise_request_exception=False, **options)
        if user is not None:
            client.force_login(user, backend=MODEL_BACKEND)
        return client

    # --- partners

    @cached_property
    def partner(self) -> PartnerClient:
        return PartnerClient(factories.make_partner("wire", name="The Wire", desk=self.desk))

    @cached_property
    def rival(self) -> PartnerClient:
        return PartnerClient(factories.make_partner("rival", name="The Rival", desk=self.desk))

    # --- the network

    @cached_property
    def wire(self) -> Wire:
        server = self._open.enter_context(hostile_server())
        server.gives("/usual", story("Harbour report", "The harbour cost nine million."))
        server.answers = EveryPath(server.answers["/usual"])
        wire = Wire(server)
        for module in (outbound, blocking):
            self._open.enter_context(mock.patch.object(module, "default_policy", wire.policy))
        return wire

    # --- rows

    def publication(self, **words: Any) -> Publication:
        """A published check; ``words`` are those of make_claim."""
        return factories.make_publication(claim=factories.make_claim(**words))

    def work(self, kind: str) -> None:
        """What a worker does with the one open job of this kind, in the test's own transaction."""
        job = Job.objects.open().filter(kind=kind).latest("pk")
        held = lease(job.pk)
        assert held is not None, kind
        WORK[kind](held)

    def logged(self, style: str = "json") -> Logged:
        return self._open.enter_context(_logged(style))


class Logged(list[str]):
    """Lines as the product's handler would write them."""

    @property
    def text(self) -> str:
        return "\n".join(self)


@contextmanager
def _logged(style: str) -> Iterator[Logged]:
    import logging

    from claimtracker.settings.logging import formatter

    lines = Logged()

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keeping()
    handler.setFormatter(formatter(style))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def replaced(target: str, new: Any) -> Callable[[Scene], Any]:
    """A guard's removal: ``target`` is ``new`` meanwhile."""
    return lambda _scene: mock.patch(target, new)


def in_a_savepoint(act: Callable[[], Any]) -> Any:
    """What ``act`` gives; the database refusing it costs the rest of the test nothing."""
    with transaction.atomic():
        return act()


__all__ = ["PUBLIC", "PartnerClient", "Scene", "Wire", "in_a_savepoint", "replaced"]
