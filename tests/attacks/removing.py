"""Ways of taking a guard away while an attack is tried."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from django.conf import settings
from django.test import override_settings

from .scene import Scene


def without(*names: str) -> Callable[[Scene], AbstractContextManager[Any]]:
    """Middleware whose class has one of these names is not there."""
    kept = [each for each in settings.MIDDLEWARE if each.rpartition(".")[2] not in names]
    assert len(kept) == len(settings.MIDDLEWARE) - len(names), names
    return lambda _scene: override_settings(MIDDLEWARE=kept)


def set_to(**values: Any) -> Callable[[Scene], AbstractContextManager[Any]]:
    return lambda _scene: override_settings(**values)


def both(
    *removals: Callable[[Scene], AbstractContextManager[Any]],
) -> Callable[[Scene], AbstractContextManager[Any]]:
    def removed(scene: Scene) -> AbstractContextManager[Any]:
        stack = ExitStack()
        for removal in removals:
            stack.enter_context(removal(scene))
        return stack

    return removed
