"""The permission ladder: every line of the table is tried by everybody."""

from __future__ import annotations

from typing import Any

import pytest

from claimtracker.web.permissions import admin_lines
from claimtracker.web.permissions.addresses import AREAS

from .climbing import wrongs
from .site import Site, undrawn

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


def test_everybody_at_every_door(site: Site, monkeypatch: Any) -> None:
    with undrawn(monkeypatch):
        wrong = [said for area in AREAS if area not in admin_lines.AREAS for said in wrongs(area, site)]
    assert not wrong, f"{len(wrong)} cells differ from the table:\n" + "\n".join(wrong)
