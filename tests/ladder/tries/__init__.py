"""How each line of the permission table is tried: a module for each area. GET lines without an entry are
tried as tests/support/newsroom/pages.py opens their page."""

from __future__ import annotations

import importlib
import pkgutil
from urllib.parse import urlsplit

from django.urls import reverse

from claimtracker.web.permissions.doors import Line
from tests.ladder.site import Site, Try
from tests.support.newsroom import PAGES, Page

PAGE_OF: dict[str, Page] = {}
for page in PAGES:
    PAGE_OF.setdefault(page.route, page)


def tries() -> dict[tuple[str, str, str], Try]:
    found: dict[tuple[str, str, str], Try] = {}
    for module in pkgutil.iter_modules(__path__):
        given = importlib.import_module(f"{__name__}.{module.name}").TRIES
        assert not found.keys() & given.keys(), f"{module.name} tries what another module tries"
        found |= given
    return found


def trial_of(line: Line) -> Try:
    """Raises LookupError where nobody said how to try it."""
    if (found := tries().get(line.key)) is not None:
        return found
    if line.method == "GET" and not line.case and (opened := PAGE_OF.get(line.route)):
        return Try(args=lambda site: urlsplit(opened.address(site.room)).path, query=opened.query)
    raise LookupError(f"say in tests/ladder/tries how to try {line.method} {line.route} {line.case}".rstrip())


def address_of(line: Line, trial: Try, site: Site) -> str:
    args = trial.args(site)
    return (args if isinstance(args, str) else reverse(line.route, args=args)) + trial.query
