"""The permission table has no gaps: every address, method and role is in it; what is not opens nothing."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from claimtracker.accounts import access
from claimtracker.accounts.models import Role
from claimtracker.web.permissions import addresses, admin_lines
from claimtracker.web.permissions.addresses import AREAS, gaps, lines, served
from claimtracker.web.permissions.doors import COLUMN_OF, Answer, Who
from reviews.policies import availability
from tests import factories

from .site import OWN, Site, Try, undrawn
from .tries import address_of, trial_of

NOT_OURS = ("admin:", "account_", "mfa_")  # Django's and allauth's: what they leave undone says the ladder
PAGES = [line for area in AREAS if area not in admin_lines.AREAS for line in area.lines]


def test_every_address_has_its_line() -> None:
    assert gaps() == [], "add it in claimtracker/web/permissions"


def test_an_address_without_a_line_is_found(settings: Any) -> None:
    def fresh(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    conf = ModuleType("conf_with_a_fresh_address")
    conf.urlpatterns = [path("fresh/", fresh, name="fresh"), path("", include("claimtracker.urls"))]  # type: ignore[attr-defined] # a URL conf
    sys.modules[conf.__name__] = conf
    settings.ROOT_URLCONF = conf.__name__
    assert gaps() == ["no line: fresh (fresh/)"]


def test_a_line_of_nothing_and_a_role_without_a_column_are_found(monkeypatch: Any) -> None:
    monkeypatch.setattr(addresses, "AREAS", AREAS[1:])
    assert "no line: reviews:public_index (fact-checks/)" in gaps()
    monkeypatch.setattr(addresses, "AREAS", AREAS)
    monkeypatch.setattr(addresses, "served", lambda: served()[1:])
    assert gaps() == ["no such address any more: health_live"]
    monkeypatch.setattr(addresses, "served", served)
    monkeypatch.delitem(COLUMN_OF, Role.EDITOR)
    assert gaps() == ["no column: role editor"]


def test_the_check_of_a_deployment_names_it(monkeypatch: Any) -> None:
    assert not [found for found in run_checks() if found.id == "claimtracker.E001"]
    monkeypatch.setattr(addresses, "AREAS", AREAS[1:])
    found = [each for each in run_checks() if each.id == "claimtracker.E001"]
    assert found
    assert "no line" in found[0].msg


def test_the_code_reads_the_roles_of_the_table() -> None:
    assert frozenset(COLUMN_OF) == access.PLACED == frozenset(Role)


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_a_role_without_a_place_opens_what_no_role_opens(site: Site, monkeypatch: Any) -> None:
    """The lead's, the most that there is, as if it had been added to Role only."""
    differ = [line for line in PAGES if line.door[Who.LEAD] not in {line.door[Who.NEWCOMER], Answer.OWN}]
    ready = [(line, trial_of(line)) for line in differ]
    asked = [(line, trial, address_of(line, trial, site), trial.data(site)) for line, trial in ready]
    for module in (access, availability):
        monkeypatch.setattr(module, "PLACED", access.PLACED - {Role.LEAD})
    wrong = []
    with undrawn(monkeypatch):
        for line, trial, address, data in asked:
            answer = OWN.get(line.door[Who.NEWCOMER], line.door[Who.NEWCOMER])
            knock = site.knock("lead", line.method, address, data, **trial.headers)
            if not knock.is_of(answer, trial):
                wrong.append(f"{line.method} {line.route} should get {answer.value}, got {knock}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_the_mark_of_the_administration_opens_nothing(site: Site) -> None:
    """``is_staff`` shows a link; who moderates is a matter of the role."""
    site.person("newcomer").is_staff = True
    site.person("newcomer").save()
    for address in (reverse("admin:index"), reverse("admin:accounts_user_add")):
        assert site.knock("newcomer", "GET", address, {}).status == 403


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_methods_without_a_line_do_nothing(site: Site, monkeypatch: Any) -> None:
    wrong = []
    named = {(line.route, line.method) for line in lines()}
    with undrawn(monkeypatch):
        for route, address in addresses_tried(site):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                if (route, method) in named:
                    continue
                who = "everything" if method in {"GET", "POST"} else "superuser"
                knock = site.knock(who, method, address, {})
                leads_back = method == "GET" and knock.status == 302
                if knock.written or knock.raised or not (knock.status >= 400 or leads_back):
                    wrong.append(f"{method} {route} as {who}: {knock}")
    assert not wrong, "\n".join(wrong)


def addresses_tried(site: Site) -> list[tuple[str, str]]:
    found = {}
    for line in PAGES:
        if line.route not in found and not line.route.startswith(NOT_OURS):
            found[line.route] = address_of(line, trial_of(line), site).partition("?")[0]
    return list(found.items())


@pytest.mark.django_db
def test_people_open_nothing_of_the_api(site: Site) -> None:
    """An operation answers to keys alone, however much the person who is signed in may."""
    wrong = []
    for address in served():
        if not address.is_of_the_api:
            continue
        route = "/" + address.route.replace("<uuid:id>", "00000000-0000-0000-0000-000000000000")
        route = route.replace("<message:id>", "msg_" + "0" * 32).replace("<slug:id>", "x")
        route = route.replace("<int:number>", "1")
        for method, _scope in address.operations():
            for who in (None, "everything", "superuser"):
                knock = site.knock(who, method, route, {})
                if knock.status != 401 or knock.written:
                    wrong.append(f"{method} {route} as {who}: {knock}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_keys_open_no_page(site: Site, monkeypatch: Any) -> None:
    _key, plain = factories.make_key(factories.make_partner("gazette-keys", desk=site.room.desk))
    wrong = []
    with undrawn(monkeypatch):
        for line in PAGES:
            if line.method == "GET" and line.door[Who.VISITOR] == Answer.SIGN_IN:
                trial = trial_of(line)
                headers = {**trial.headers, "Authorization": f"Bearer {plain}"}
                knock = site.knock(None, "GET", address_of(line, trial, site), {}, **headers)
                if not knock.is_of(Answer.SIGN_IN, Try()):
                    wrong.append(f"{line.route}: {knock}")
    assert not wrong, "\n".join(wrong)
