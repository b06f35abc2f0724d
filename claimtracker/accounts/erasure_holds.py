"""What forbids that a person is erased. Rooms above say it: this one knows neither claims nor courts."""

from __future__ import annotations

from collections.abc import Callable

from .models import User

_holds: list[Callable[[User], str]] = []


def holds_erasure(hold: Callable[[User], str]) -> Callable[[User], str]:
    """Decorator: ``hold`` gives the sentence why this person's data must stay for now, or nothing."""
    _holds.append(hold)
    return hold


def held_because(person: User) -> str:
    """The first reason that applies; empty without any."""
    return next((reason for hold in _holds if (reason := hold(person))), "")
