"""Somebody goes to the provider and comes back, by hand: a browser's part between two sites."""

from __future__ import annotations

import html
import re
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests.support.oidc_provider import OpenIdProvider

START = "/account/sso/"


def says(provider: OpenIdProvider, address: str, **more: Any) -> None:
    """Who sits before the provider, and what else its ID token says."""
    provider.person = {
        "sub": f"id-of-{address}",
        "email": address,
        "email_verified": True,
        "name": "Ann Bell",
    }
    provider.in_token = more


def leads_to(client: Client, **data: str) -> str:
    """Where the page after the button leads."""
    page = client.post(START, data)
    assert page.status_code == 200, page.content.decode()[:1000]
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()[:2000]
    return html.unescape(found.group(1))


def asked_for(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def at_the_provider(address: str) -> str:
    """What the browser does there: it is sent back at once."""
    parts = urlsplit(address)
    assert parts.hostname
    connection = HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        back = connection.getresponse().getheader("Location")
    finally:
        connection.close()
    assert back
    return back


def come_in(client: Client, **data: str) -> Any:
    """The whole way there and back."""
    back = urlsplit(at_the_provider(leads_to(client, **data)))
    return client.get(f"{back.path}?{back.query}")


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200
