"""Jobs: rows that must be worked off, leases, sweeps and dead letters. ``enqueue`` is the way in, and
``enqueue_all`` for many."""

from collections.abc import Iterable
from typing import Any


def enqueue(kind: str, object_id: int | str, **options: Any) -> None:
    """See :func:`claimtracker.jobs.queueing.enqueue`; imported late, since models load after this package."""
    from .queueing import enqueue as enqueue_row

    enqueue_row(kind, object_id, **options)


def enqueue_all(wanted: Iterable[tuple[str, int | str]], **options: Any) -> None:
    """See :func:`claimtracker.jobs.queueing.enqueue_all`."""
    from .queueing import enqueue_all as enqueue_rows

    enqueue_rows(wanted, **options)
