"""What holds for every address there is, read from the product's own list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from claimtracker.accounts.models import User
from claimtracker.kernel.secret_addresses import masked
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]

# take a form from anybody, without a token, because
WITHOUT_TOKEN = {
    "reviews:public_reply": "the address itself is the secret that a forged form would need",
    "reviews:public_complain": "nobody is signed in: a forger could send it as well",
    "reviews:public_suggest": "the same",
    "web:unsubscribe": "mail programs post there by themselves (RFC 8058); the signed link is the proof",
}
# take a key and no cookie
BY_KEY = ("api-v1:", "api-", "factcheck:")
TOKEN = "Zq" * 21 + "z"
HOSTILE = {
    "NUL": "\x00a",
    "digits": "9" * 5_000,
    "all the rest": "-1' OR '1'='1 %_% \"><script>alert(1)</script>\r\n\u202e../../etc ٣²①\udcff",
}


def addresses(resolver: Any = None, prefix: str = "/", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """Name, address (each part filled in with something of its kind) and view of every pattern."""
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern).lstrip("^").replace("\\Z", "").rstrip("$")
        if isinstance(each, URLResolver):
            yield from addresses(each, route, space + (f"{each.namespace}:" if each.namespace else ""))
        elif isinstance(each, URLPattern):
            yield space + (each.name or ""), _filled(route), each.callback


KINDS = {
    "int": "1",
    "slug": "x",
    "str": "x",
    "uuid": "0b5f2b5e-55a2-4d5e-9c1a-0d6a2f1d3c4b",
    "path": "x",
    "message": f"msg_{'0' * 32}",
}


def _filled(route: str) -> str:
    route = re.sub(
        r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: "x" if m[1] != "app_label" else "claims", route
    )
    return re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: KINDS[m[1] or "str"], route)


@pytest.fixture
def root(db: None) -> User:
    factories.make_desk()
    return User.objects.create_superuser("root@example.org", factories.PASSWORD, name="Root")


def browser(user: User, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_no_form_is_taken_without_its_token(root: User) -> None:
    client = browser(root, enforce_csrf_checks=True)
    taken, exempt = {}, set()
    for name, address, view in addresses():
        if name.startswith(BY_KEY) or address.startswith(("/api/", "/factcheck/")):
            continue
        if getattr(view, "csrf_exempt", False):
            exempt.add(name)
        elif (status := client.post(address).status_code) != 403:
            taken[name or address] = (status, address)
    assert taken == {}
    assert exempt == set(WITHOUT_TOKEN), "say in WITHOUT_TOKEN why"


def test_the_api_takes_no_cookie(root: User) -> None:
    client = browser(root)
    let_in = {
        address: status
        for name, address, _view in addresses()
        if name.startswith("api-v1:") and (status := client.get(address).status_code) != 401
    }
    assert let_in == {}


def test_no_log_holds_a_secret_address() -> None:
    shown = [
        address for _name, route in _routes_with_secrets() if TOKEN in masked(f"GET {(address := route)} 404")
    ]
    assert shown == [], "add them to claimtracker.kernel.secret_addresses"


def _routes_with_secrets() -> Iterator[tuple[str, str]]:
    for each in _patterns(get_resolver(), "/"):
        if re.search(r"<(?:str:)?token>|P<key>|<key>", each):
            route = re.sub(r"\(\?P<key>(?:[^()]|\([^()]*\))*\)|<(?:str:)?(?:token|key)>", TOKEN, each)
            yield each, _filled(route)


def _patterns(resolver: Any, prefix: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern).lstrip("^").rstrip("$")
        if isinstance(each, URLResolver):
            yield from _patterns(each, route)
        else:
            yield route


def names_of_parameters() -> list[str]:
    """Those that any view reads from an address."""
    found = {"q", "p", "o", "e", "all", "page", "before", "after", "next", "limit", "cursor", "version"}
    for room in ("claims", "reviews", "claimtracker"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r"""(?:GET|params|asked|query)(?:\.get\(|\[)["'](\w+)["']""", text))
    return sorted(found)


@pytest.mark.timeout(300)
def test_nothing_in_an_address_breaks_a_page(root: User) -> None:
    client, names = browser(root), names_of_parameters()
    assert len(names) > 30
    broken = {}
    for name, address, _view in addresses():
        is_form = name.startswith("admin:") and not name.endswith(("_changelist", "index"))
        if is_form or "logout" in name or "api-v1:" in name:
            continue
        for what, value in HOSTILE.items():
            query = urlencode(dict.fromkeys(names, value), errors="surrogatepass")
            answer = client.get(f"{address}?{query}")
            if answer.status_code >= 500 and answer.status_code not in {501, 503}:
                broken[f"{name} {what}"] = answer.status_code
    assert broken == {}
