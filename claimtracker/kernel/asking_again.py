"""A rule that both a policy and the database hold: what changed between the two is a refusal, not a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from .decisions import Decision


@contextmanager
def asking_again(policy: Callable[[], Decision]) -> Iterator[None]:
    """Where the database refuses what is written here, ask ``policy`` once more, and raise its refusal with
    its sentence. If it still allows it, the database's own error goes on."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        policy().enforce()
        raise
