"""The access matrix: every endpoint with no key, a bad one, an ended one, the wrong scope, another partner's
key and the right one. Its table is tests/api/access; what it holds for is all that the API serves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from claimtracker.partners.key_format import new_key, read_key
from claimtracker.partners.keys import revoke_key
from claimtracker.partners.models import ApiKey, Partner, Scope
from tests.factories import make_claim, make_partner

from .access import Endpoint, Public, Stranger, Thing, public, served, table
from .conftest import Asker, assert_problem

HOW_TO_ADD = (
    "has no line in the access matrix. Add one to the module of its resource in tests/api/access (its "
    "docstring shows how), or to tests/api/access/public.py if it answers without a key: "
)


def test_every_endpoint_has_one_line() -> None:
    lines = [(line.name, line.method) for line in [*table(), *public()]]
    missing = sorted(served() - set(lines))
    assert not missing, f"{len(missing)} endpoint(s) {HOW_TO_ADD}{missing}"
    gone = sorted(set(lines) - served())
    assert not gone, f"The API serves these no more; take their lines out of tests/api/access: {gone}"
    assert len(lines) == len(set(lines)), "An endpoint has two lines in tests/api/access."


def ask(asker: Asker, endpoint: Endpoint, thing: Thing, **headers: str) -> HttpResponse:
    sent = endpoint.sent(thing)
    body = b"" if sent is None else json.dumps(sent).encode()
    return asker.ask(endpoint.method, endpoint.path(thing), body, **{**endpoint.headers, **headers})


def refused_keys(partner: Partner, scopes: list[Scope]) -> Iterator[tuple[str, str]]:
    """Keys in plain text that open nothing, with what is said of each."""
    yield "ct_nothing", "mistyped"
    yield str(new_key("live")), "unknown"
    expired = Asker(partner, scopes=scopes)
    ApiKey.objects.filter(pk=expired.key.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    yield expired.plain, "expired on"
    revoked = Asker(partner, scopes=scopes)
    revoke_key(revoked.key, by="system")
    yield revoked.plain, "revoked"
    yield Asker(make_partner(is_active=False), scopes=scopes).plain, "switched off"


def marks_in(response: HttpResponse, thing: Thing) -> list[str]:
    text = b"".join(response) if response.streaming else response.content
    return [mark for mark in thing.marks if mark in text.decode()]


@pytest.mark.parametrize("endpoint", table(), ids=lambda endpoint: endpoint.id)
def test_the_ladder(partner: Partner, endpoint: Endpoint) -> None:
    """Refusals first: that the right key succeeds after them shows that they had no effect."""
    scopes = [endpoint.scope] if endpoint.scope else [Scope.READ]
    owner = Asker(partner, scopes=scopes)
    thing = endpoint.thing(owner)

    response = ask(owner, endpoint, thing, Authorization="")
    assert_problem(response, 401, "Authorization: Bearer")
    assert response["WWW-Authenticate"].startswith("Bearer")
    for plain, says in refused_keys(partner, scopes):
        assert_problem(ask(owner, endpoint, thing, Authorization=f"Bearer {plain}"), 401, says)
    if endpoint.scope:
        other = Asker(partner, scopes=set(Scope) - {endpoint.scope})
        assert_problem(ask(other, endpoint, thing), 403, f"lacks the scope “{endpoint.scope}”")

    met_by_stranger(endpoint, thing, ask(Asker(make_partner("stranger"), scopes=scopes), endpoint, thing))

    response = ask(owner, endpoint, thing)
    assert response.status_code == endpoint.status, response.content[:500]
    if endpoint.method == "GET":
        assert marks_in(response, thing) == list(thing.marks), "the owner does not see its own"
        path, _, query = endpoint.path(thing).partition("?")
        assert owner.get(f"{path}/?{query}", **endpoint.headers).status_code == endpoint.status


def met_by_stranger(endpoint: Endpoint, thing: Thing, response: HttpResponse) -> None:
    if endpoint.stranger is Stranger.NOT_FOUND:
        assert thing.address or endpoint.body, "404 for what? Give the line a thing of the owner's."
        assert_problem(response, 404)
        return
    assert response.status_code == endpoint.status, response.content[:500]
    if endpoint.stranger is Stranger.SEES_THE_SAME:
        assert marks_in(response, thing) == list(thing.marks)
    else:
        if endpoint.method == "GET":
            assert thing.marks, "Without a mark of the owner's nobody can tell that it is missing."
        assert marks_in(response, thing) == []


@pytest.mark.parametrize("line", public(), ids=lambda line: f"{line.method} {line.name}")
@pytest.mark.django_db
def test_what_is_public_answers_without_a_key(line: Public) -> None:
    method = "GET" if line.method == "ANY" else line.method
    assert Client().generic(method, line.path).status_code == line.status
    assert line.why


@pytest.mark.parametrize("endpoint", [line for line in table() if line.scope is None], ids=lambda e: e.id)
def test_a_key_of_any_scope_will_do_where_none_is_named(partner: Partner, endpoint: Endpoint) -> None:
    for scope in Scope:
        owner = Asker(partner, scopes=[scope])
        assert ask(owner, endpoint, endpoint.thing(owner)).status_code == endpoint.status


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("Bearer ct_nothing", "mistyped"),
        ("Bearer ct_aaaaaaaaaaaa_" + "b" * 43, "unknown"),
        ("Bearer ct_live_aaaaaaaaaaaa_" + "b" * 49, "mistyped"),
        ("Bearer ", "Send the key as"),
        ("Basic dTpw", "Send the key as"),
        ("Bearer clé", "mistyped"),
    ],
)
def test_with_a_bad_key(asker: Asker, header: str, says: str) -> None:
    assert_problem(asker.get("articles", Authorization=header), 401, says)


def test_a_right_prefix_with_a_wrong_secret_learns_nothing(asker: Asker) -> None:
    revoke_key(asker.key, by="system")
    text = read_key(asker.plain)
    assert text is not None
    guess = replace(text, secret=text.secret[:-1] + ("a" if text.secret[-1] != "a" else "b"))
    assert_problem(asker.get("articles", Authorization=f"Bearer {guess}"), 401, "unknown")


def test_a_key_that_was_used_a_moment_ago_ends_at_once(asker: Asker) -> None:
    assert asker.get("articles").status_code == 200
    revoke_key(asker.key, by="system")
    assert_problem(asker.get("articles"), 401, "revoked")


def test_a_partner_that_is_switched_off_is_shut_out_at_once(asker: Asker) -> None:
    assert asker.get("articles").status_code == 200
    Partner.objects.filter(pk=asker.partner.pk).update(is_active=False)
    assert_problem(asker.get("articles"), 401, "switched off")


@pytest.mark.parametrize(
    ("broken", "code"),
    [("mistyped", "malformed_key"), ("unknown", "unknown_key"), ("revoked", "revoked_key")],
)
def test_programs_tell_the_reasons_apart(asker: Asker, broken: str, code: str) -> None:
    sent = {"mistyped": asker.plain[:-1], "unknown": str(new_key("live")), "revoked": asker.plain}[broken]
    if broken == "revoked":
        revoke_key(asker.key, by="system")
    assert assert_problem(asker.get("articles", Authorization=f"Bearer {sent}"), 401)["code"] == code


def test_a_desk_s_own_article_is_not_a_partner_s(asker: Asker) -> None:
    claim = make_claim()
    assert_problem(asker.get(f"claims/{claim.public_id}"), 404)


def test_the_last_use_is_written_at_most_once_a_minute(asker: Asker) -> None:
    asker.get("publications")
    asker.key.refresh_from_db()
    first = asker.key.last_used_at
    assert first is not None
    asker.get("publications")
    asker.key.refresh_from_db()
    assert asker.key.last_used_at == first
    asker.key.last_used_at = first - timedelta(seconds=61)
    asker.key.save()
    asker.get("publications")
    asker.key.refresh_from_db()
    assert asker.key.last_used_at > first - timedelta(seconds=1)
