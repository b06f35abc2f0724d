"""Trying every line of an area as everybody."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from claimtracker.web.permissions.doors import Area, Line

from .site import Site, Try, cells
from .tries import address_of, trial_of


def wrongs(area: Area, site: Site, how: Callable[[Line], Try] = trial_of) -> list[str]:
    """Each cell that is not as the table says."""
    found = []
    for line in area.lines:
        try:
            with transaction.atomic():
                trial = how(line)
                address, data = address_of(line, trial, site), trial.data(site)
        except Exception as error:  # noqa: BLE001 - one line that cannot be tried says nothing of the others
            found.append(f"{line.method} {line.route} {line.case}: cannot be tried: {error!r}")
            continue
        for column, person, answer in cells(line, trial, site):
            knock = site.knock(person, line.method, address, data, **trial.headers)
            if not knock.is_of(answer, trial):
                got = f"{knock.status} {knock.to} {knock.raised}".strip()
                kept = f", wrote {', '.join(sorted(knock.written))}" if knock.written else ""
                name = f"{line.method} {line.route} {line.case}".rstrip()
                found.append(f"{name}: {column} should get {answer.value}, got {got}{kept}")
    return found
