"""Who may ask what: one line for each address and method of the API, in a module for each resource.

Adding an endpoint? Add a line to the list ``ENDPOINTS`` of the module of its resource (a new module in this
folder is found by itself), like

    Endpoint("api-v1:claim", "GET", Scope.READ, own_claim, Stranger.NOT_FOUND),
    Endpoint("api-v1:articles", "POST", Scope.SUBMIT, body={"body": "Words."}, status=201),

``thing`` makes, for the partner that asks, what the address is about. ``stranger`` says what another
partner's key gets at the same address with the same body. What needs no key stands in public.py.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.views import APIView

from claimtracker.partners.models import Scope
from tests.api.conftest import Asker

ANY_METHOD = "ANY"  # of a view that answers every method alike


@dataclass(frozen=True)
class Thing:
    """What a call is about: what its address names, and the words by which one knows it in an answer."""

    address: Mapping[str, Any] = field(default_factory=dict)
    marks: tuple[str, ...] = ()


def nothing(_owner: Asker) -> Thing:
    return Thing()


class Stranger(Enum):
    """What another partner's key of the right scope gets."""

    NOT_FOUND = "404, as if it did not exist"
    SEES_NONE = "an answer of its own, without the owner's marks"
    SEES_THE_SAME = "the same, because it is public"


@dataclass(frozen=True)
class Endpoint:
    name: str  # of the address, with its namespace
    method: str
    scope: Scope | None  # None: any key will do
    thing: Callable[[Asker], Thing] = nothing
    stranger: Stranger = Stranger.SEES_NONE
    body: Any = None  # or a function of the thing
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def id(self) -> str:
        return f"{self.method} {self.name}"

    def path(self, thing: Thing) -> str:
        return reverse(self.name, kwargs=dict(thing.address)) + (f"?{self.query}" if self.query else "")

    def sent(self, thing: Thing) -> Any:
        return self.body(thing) if callable(self.body) else self.body


@dataclass(frozen=True)
class Public:
    """Answers everybody; ``why`` says on what ground. ``path`` is one to try."""

    name: str
    method: str
    path: str
    why: str
    status: int = 200


def table() -> list[Endpoint]:
    return [endpoint for module in _modules() for endpoint in getattr(module, "ENDPOINTS", [])]


def public() -> list[Public]:
    return [line for module in _modules() for line in getattr(module, "PUBLIC", [])]


def served() -> set[tuple[str, str]]:
    """Name and method of everything that the API serves: what lies below /api/, and every view of DRF's
    elsewhere. The form with a slash at the end is the same endpoint."""
    found: dict[str, set[tuple[str, str]]] = {}
    for route, name, callback in _walk(get_resolver().url_patterns):
        view = getattr(callback, "cls", None)
        is_ours = isinstance(view, type) and issubclass(view, APIView)
        if not is_ours and not route.startswith("api/"):
            continue
        methods = [m.upper() for m in view.http_method_names if hasattr(view, m)] if is_ours else []
        endpoints = found.setdefault(route.strip("/"), set())
        known_as = name or next((known for known, _ in endpoints), (view or callback).__name__)
        endpoints |= {(known_as, method) for method in (set(methods) - {"HEAD", "OPTIONS"}) or {ANY_METHOD}}
    return {each for endpoints in found.values() for each in endpoints}


def _walk(
    patterns: list[Any], before: str = "", namespace: str = ""
) -> Iterator[tuple[str, str | None, Callable[..., Any]]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name and namespace + pattern.name, pattern.callback


def _modules() -> list[Any]:
    return [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
