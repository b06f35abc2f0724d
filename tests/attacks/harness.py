"""What an attack is, and the guards that hold it off.

An attack goes through a real door and says whether it got through. Each guard knows how to take itself
away from the product's own code, so that test_attacks.py can show both: with the guards the attack is held,
without them it gets through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from .scene import Scene

AREAS = ("web", "api", "admin", "ingest", "snapshots", "webhooks", "command line")
KINDS = (
    "ssrf",
    "xss",
    "csrf",
    "open redirect",
    "idor",
    "mass assignment",
    "redos",
    "bomb",
    "header injection",
    "log injection",
    "timing",
    "upload",
    "odd input",
    "session",
    "framing",
    "forgery",
)

Remove = Callable[[Scene], AbstractContextManager[Any]]
Try = Callable[[Scene], bool]


@dataclass(frozen=True)
class Guard:
    """``where`` is ``module:symbol``; ``remove`` takes it away while its context lasts."""

    name: str
    where: str
    remove: Remove

    def stands(self) -> bool:
        """Whether the product still has what the guard names."""
        module, _, symbol = self.where.partition(":")
        found: Any = import_module(module)
        for part in symbol.split("."):
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True


@dataclass(frozen=True)
class Attack:
    """``through`` is True when the attacker has what he wanted. Where several guards hold it off, each alone
    is enough, and they are taken away together."""

    name: str
    area: str
    kind: str
    guards: tuple[Guard, ...]
    through: Try

    def __post_init__(self) -> None:
        assert self.area in AREAS and self.kind in KINDS and self.guards, self.name


class Suite:
    """The attacks, each under a name of its own."""

    def __init__(self) -> None:
        self.attacks: dict[str, Attack] = {}

    def add(self, name: str, area: str, kind: str, guards: Iterable[Guard], through: Try) -> None:
        assert name not in self.attacks, f"two attacks are called {name}"
        self.attacks[name] = Attack(name, area, kind, tuple(guards), through)

    def attack(self, name: str, area: str, kind: str, *guards: Guard) -> Callable[[Try], Try]:
        """Decorator for an attack that stands alone."""

        def added(through: Try) -> Try:
            self.add(name, area, kind, guards, through)
            return through

        return added

    def inputs(
        self,
        name: str,
        area: str,
        kind: str,
        *guards: Guard,
        each: Mapping[str, Any],
    ) -> Callable[[Callable[[Scene, Any], bool]], Callable[[Scene, Any], bool]]:
        """Decorator for one door and several hostile inputs, by their names."""

        def added(through: Callable[[Scene, Any], bool]) -> Callable[[Scene, Any], bool]:
            for what, given in each.items():
                self.add(f"{name}: {what}", area, kind, guards, _bound(through, given))
            return through

        return added


def _bound(through: Callable[[Scene, Any], bool], given: Any) -> Try:
    return lambda scene: through(scene, given)


def all_away(guards: Iterable[Guard], scene: Scene) -> AbstractContextManager[Any]:
    stack = ExitStack()
    for guard in guards:
        stack.enter_context(guard.remove(scene))
    return stack


suite = Suite()
