"""A newsroom with one person for each column of the permission table, and knocking at its doors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.template.backends.django import Template
from django.test import Client, RequestFactory

from claimtracker.accounts.models import Membership, Role, User
from claimtracker.kernel.problems import CONTENT_TYPE as PROBLEM
from claimtracker.web.help import _text as help_text
from claimtracker.web.permissions.doors import Answer, Line, Who
from tests import factories
from tests.support.newsroom import Newsroom

BACKEND = "django.contrib.auth.backends.ModelBackend"
WRITTEN = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
# what is noted of any visit, whoever comes: no answer of the product
ALWAYS = {"django_session"}
OWN = {
    Answer.OWN: Answer.HIDDEN,
    Answer.OWN_ELSE_NO: Answer.NO,
    Answer.OWN_ELSE_NOT_THEIRS: Answer.NOT_THEIRS,
}
MANY = (Who.NEWCOMER, Who.REPORTER, Who.CHECKER, Who.EDITOR, Who.LEAD, Who.ELSEWHERE)
STATUS = {
    Answer.HIDDEN: {404},
    Answer.NO: {403},
    Answer.NOT_OFFERED: {422},
    Answer.NOT_THEIRS: {409},
    Answer.IN_VAIN: {200, 302},
}
DONE = {200, 201, 202, 204, 302, 303}
SIGN_IN_PAGES = ("/account/login/", "/admin/login/")  # the second leads to the first
SIGN_IN = {401, 286}  # to a part of a page: no page for signing in belongs into it; 286 ends its asking


@dataclass(frozen=True)
class Try:
    """How a line is tried: what its address names, what is sent, and to whom the object belongs.

    ``data`` must be what a person who may would send, so that who may is let through (``done``). ``notes``
    are the tables in which also a refusal is kept. What ``keeps`` changes nothing for anybody.
    """

    args: Callable[[Site], Any] = lambda site: []
    data: Callable[[Site], Mapping[str, Any]] = lambda site: {}
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    owner: str = "checker"
    done: frozenset[int] = frozenset()
    notes: frozenset[str] = frozenset()
    keeps: bool = False
    together: bool = False  # the roles from reporter to lead are tried by one person who has them all
    columns: Mapping[Who, str] = field(default_factory=dict)  # somebody else in place of the usual person


@dataclass(frozen=True)
class Knock:
    status: int
    to: str
    written: frozenset[str]
    raised: str = ""

    def is_of(self, answer: Answer, trial: Try) -> bool:
        leads_to_sign_in = self.status == 302 and self.to in SIGN_IN_PAGES
        if answer == Answer.YES:
            if trial.keeps and self.written:
                return False
            return (self.status in DONE or self.status in trial.done) and not leads_to_sign_in
        if self.written - trial.notes:
            return False
        if answer == Answer.SIGN_IN:
            return leads_to_sign_in or self.status in SIGN_IN
        return self.status in STATUS[answer] and not leads_to_sign_in


class Site:
    """The newsroom, its people by column, and another desk."""

    def __init__(self) -> None:
        self.room = Newsroom()
        self.room.grow(1)
        self.elsewhere = factories.make_desk("westmouth", name="Westmouth")
        self.room.people |= {
            "newcomer": factories.make_user(None, name="Nia Brandt"),
            "elsewhere": factories.make_user(Role.LEAD, self.elsewhere, name="Ed Wester"),
            # of one desk only: moderators look into all
            "other moderator": factories.make_user(Role.MODERATOR, self.elsewhere, name="Mod Wester"),
            "superuser": User.objects.create_superuser(
                "root@newsroom.example", factories.PASSWORD, name="Root"
            ),
        }
        self.room.people["everything"] = factories.make_user(Role.REPORTER, self.room.desk, name="Eve Many")
        for role in (Role.CHECKER, Role.EDITOR, Role.LEAD):
            desk = factories.make_desk(f"{role}s", name=f"{role.label}s")
            Membership.objects.create(user=self.person("everything"), desk=desk, role=role)
        for person in self.room.people.values():
            factors = {"totp": {"secret": "A" * 32}, "recovery_codes": {"seed": "ab" * 20, "used_mask": 0}}
            for kind, data in factors.items():
                Authenticator.objects.create(user=person, type=kind, data=data)
        self.usual = {
            Who.NEWCOMER: "newcomer",
            Who.REPORTER: "reporter",
            Who.CHECKER: "colleague",  # who checks nothing of what is tried: that belongs to "checker"
            Who.EDITOR: "editor",
            Who.LEAD: "lead",
            Who.ELSEWHERE: "elsewhere",
            Who.MODERATOR: "other moderator",
            Who.SUPERUSER: "superuser",
        }
        self._clients: dict[str, tuple[Client, SimpleCookie]] = {}
        self._visitors = count(1)

    def person(self, name: str) -> User:
        return self.room.person(name)

    def knock(
        self, who: str | None, method: str, address: str, data: Mapping[str, Any], **headers: str
    ) -> Knock:
        """Ask as this person, look at what happened, and take it back."""
        client, cookies = self._client(who)
        client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
        written: set[str] = set()

        def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            written.update(WRITTEN.findall(sql if isinstance(sql, str) else str(sql)))
            return execute(sql, params, many, context)

        if method != "GET":  # the sentence alone, not the page around it
            headers = {"Accept": PROBLEM, **headers}
        number = next(self._visitors)
        extra = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        with transaction.atomic(), connection.execute_wrapper(note):
            try:
                response: HttpResponseBase = getattr(client, method.lower())(
                    address, data, headers=headers, **extra
                )
            except Exception as error:  # noqa: BLE001 - a fault of any kind is an answer that no door gives
                knock = Knock(500, "", frozenset(written), f"{type(error).__name__}: {error}"[:200])
            else:
                to = urlsplit(response.headers.get("Location", "")).path
                knock = Knock(response.status_code, to, frozenset(written - ALWAYS))
            transaction.set_rollback(True)
        return knock

    def _client(self, who: str | None) -> tuple[Client, SimpleCookie]:
        key = who or ""
        if key not in self._clients:
            client = Client()
            if who:
                client.force_login(self.person(who), backend=BACKEND)
                session = client.session
                said_just_now(session, self.person(who))
                session.save()
                client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
            self._clients[key] = (client, SimpleCookie(client.cookies.output(header="", sep=";")))
        return self._clients[key]


def said_just_now(session: Any, user: User) -> None:
    """Some pages of one's account ask for the password once more when that was long ago."""
    request = RequestFactory().get("/")
    request.session = session
    record_authentication(request, user, method="password", reauthenticated=True)


@contextmanager
def undrawn(monkeypatch: Any) -> Iterator[None]:
    """Views answer without their pages being drawn: who gets in is decided before, and drawing takes the
    time. That every page can be drawn is shown by tests/web/test_every_page.py."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")
    try:
        yield
    finally:
        help_text.cache_clear()  # it keeps the words of pages, and these had none


def cells(line: Line, trial: Try, site: Site) -> Iterator[tuple[str, str | None, Answer]]:
    """Column, person and what that person gets; whoever it belongs to comes as “own”."""
    for who in Who:
        if trial.together and who in MANY:
            continue
        answer = line.door[who]
        name = trial.columns.get(who, site.usual.get(who))
        yield who, name, OWN.get(answer, answer)
    if trial.together:
        (answer,) = {line.door[who] for who in MANY}
        yield "all from reporter to lead", "everything", answer
    if any(line.door[who] in OWN for who in Who):
        yield "own", trial.owner, Answer.YES


__all__ = ["Knock", "Site", "Try", "cells", "undrawn"]
