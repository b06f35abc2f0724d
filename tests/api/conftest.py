"""A partner who asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from claimtracker.partners.models import Partner, Scope
from tests.factories import make_key, make_partner
from tests.support.limits import forget_requests


class Asker:
    """A client with one partner's key. Every problem it gets is checked for its shape."""

    def __init__(self, partner: Partner, *, scopes: Iterable[str] = Scope.values, **options: Any) -> None:
        self.partner = partner
        self.key, self.plain = make_key(partner, scopes=scopes, **options)
        self._client = Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, content: Any, **headers: str) -> HttpResponse:
        return self.ask("POST", path, json.dumps(content).encode(), **headers)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        """``path`` is below /api/v1/ unless it begins with a slash."""
        sent = {
            "Authorization": f"Bearer {self.plain}",
            **{n.replace("_", "-"): v for n, v in headers.items()},
        }
        return self._client.generic(
            method,
            path if path.startswith("/") else f"/api/v1/{path}",
            body,
            content_type=content_type,
            headers={n: v for n, v in sent.items() if v},
        )


def assert_problem(response: HttpResponse, status: int, says: str = "") -> dict[str, Any]:
    """The body of a problem that is what RFC 9457 and our schema say, and whose detail holds ``says``."""
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.content)
    assert problem["status"] == status
    assert {"type", "title", "detail", "code", "request_id"} <= set(problem)
    assert problem["request_id"] == response["X-Request-Id"]
    assert says in problem["detail"], problem["detail"]
    return problem


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    """Keys of one test have the numbers of those of another, whose requests do not count."""
    forget_requests()


@pytest.fixture
def partner(db: None) -> Partner:
    return make_partner("wire", name="The Wire")


@pytest.fixture
def asker(partner: Partner) -> Asker:
    return Asker(partner)
