"""What the URL conf serves, beside what the table says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic import RedirectView

from claimtracker.accounts.models import Role
from claimtracker.partners.models import Scope

from . import admin_lines, checking, leading, newsroom, outside
from .doors import COLUMN_OF, Area, Line

AREAS: tuple[Area, ...] = (
    *outside.AREAS,
    *newsroom.AREAS,
    *checking.AREAS,
    *leading.AREAS,
    *admin_lines.AREAS,
)


@dataclass(frozen=True, slots=True)
class Address:
    """``name`` is how lines call it: of a pattern without a name it is that of its view."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def kind(self) -> Any:
        """The class or function behind it."""
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None) or self.view

    @property
    def is_of_the_api(self) -> bool:
        """An operation of the partner API, which says itself what a key must hold."""
        return hasattr(self.kind, "scopes")

    def operations(self) -> Iterator[tuple[str, str]]:
        """Of the partner API: each method with the scope that it asks for, "" where any key will do."""
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
            if method.lower() in self.kind.http_method_names and hasattr(self.kind, method.lower()):
                yield method, scope_of(self.kind, method)


def scope_of(view: Any, method: str) -> str:
    """As the API asks for it: reading is the rule where a view names no scope."""
    return str(view.scopes.get(method, Scope.READ) or "")


def lines() -> list[Line]:
    return [line for area in AREAS for line in area.lines]


def served() -> list[Address]:
    """Every pattern of the URL conf once: the API answers with and without a slash at the end."""
    found: dict[tuple[str, Any], Address] = {}
    for address in _walk(get_resolver().url_patterns):
        found.setdefault((address.route.rstrip("/"), address.kind), address)
    return list(found.values())


def _walk(patterns: list[Any], before: str = "", space: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            address = Address(space, route, pattern.callback)
            yield replace(address, name=space + (pattern.name or _called(address.kind)))


def _called(kind: Any) -> str:
    """Django's admin leads from the addresses of old to a row's page, by a view of no name of its own."""
    return "row" if kind is RedirectView else str(kind.__name__)


def gaps() -> list[str]:
    """What the table lacks, or has too much of. Empty when every address and every role has its line."""
    table, found = lines(), served()
    named = {line.route for line in table}
    missing = {
        f"{one.name} ({one.route})" for one in found if not one.is_of_the_api and one.name not in named
    }
    gone = named - {one.name for one in found}
    twice = {line.key for line in table if [other.key for other in table].count(line.key) > 1}
    said = [f"no line: {name}" for name in sorted(missing)]
    said += [f"no such address any more: {name}" for name in sorted(gone)]
    said += [f"two lines: {' '.join(key)}" for key in sorted(twice)]
    return said + [f"no column: role {role}" for role in Role if role not in COLUMN_OF]
