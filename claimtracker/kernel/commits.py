"""What is to happen once the work is safe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction


def after_commit(call: Callable[..., Any], *args: Any) -> None:
    """Call it when the transaction is committed, now where there is none. What fails then is logged under the
    name of ``call`` and raised to nobody: the work is done, whoever asked for it must not hear otherwise.

    Django names a failed hook by its ``__qualname__``, which a functools.partial lacks.
    """

    def hook() -> None:
        call(*args)

    hook.__qualname__ = getattr(call, "__qualname__", repr(call))
    transaction.on_commit(hook, robust=True)
