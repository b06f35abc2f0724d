"""Every attack is held, and each guard is what holds it: taken away, the attack gets through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimtracker.kernel import outbound, outbound_address
from tests.support.limits import forget_requests

from . import catalogue  # noqa: F401 - fills the suite
from .harness import AREAS, KINDS, Attack, all_away, suite
from .scene import Scene

ATTACKS = [pytest.param(attack, id=name) for name, attack in sorted(suite.attacks.items())]
AT_LEAST = 120


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    forget_requests()
    made = Scene(settings, tmp_path, monkeypatch)
    yield made
    made.close()


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_attack_is_held(attack: Attack, scene: Scene) -> None:
    assert not attack.through(scene)


@pytest.mark.parametrize("attack", ATTACKS)
def test_without_its_guards_it_gets_through(attack: Attack, scene: Scene) -> None:
    with all_away(attack.guards, scene):
        assert attack.through(scene), f"something else holds it: name it beside {attack.guards[0].name}"


def test_there_are_enough_of_them_everywhere() -> None:
    attacks = list(suite.attacks.values())
    assert len(attacks) >= AT_LEAST
    by_area, by_kind = Counter(each.area for each in attacks), Counter(each.kind for each in attacks)
    assert {area: by_area[area] for area in AREAS if by_area[area] < 3} == {}
    assert {kind: by_kind[kind] for kind in KINDS if by_kind[kind] < 2} == {}


def test_every_guard_stands_where_it_is_said_to() -> None:
    guards = {guard for attack in suite.attacks.values() for guard in attack.guards}
    assert sorted(guard.where for guard in guards if not guard.stands()) == []


def test_the_scene_dials_as_the_product_does() -> None:
    """Or the attacks on addresses would prove something of the tests only."""
    ours, theirs = outbound.default_policy(), outbound.OutboundPolicy()
    assert ours.ports == theirs.ports == outbound_address.WEB_PORTS
    assert ours.let_through == frozenset()
