"""Slow reading in a web process: one text after another, in a thread of its own; nobody waits long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from rest_framework import exceptions, status

Result = TypeVar("Result")

MOST_SECONDS = 10.0
MOST_WAITING = 4  # in one process, with the one that is being read

_reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
_places = BoundedSemaphore(MOST_WAITING)


class Busy(exceptions.APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "Too many texts are being read at the moment. Try again in a few seconds."
    default_code = "busy"
    wait = 3


def in_turn(work: Callable[[], Result], *, seconds: float = MOST_SECONDS) -> Result:
    """What ``work`` returns, within ``seconds``. Raises Busy when too many wait or it takes longer; what was
    begun then ends by itself, since texts are bounded. ``work`` must not touch the database."""
    if not _places.acquire(blocking=False):
        raise Busy()
    future = _reader.submit(work)
    future.add_done_callback(lambda _: _places.release())
    try:
        return future.result(timeout=seconds)
    except TimeoutError as late:
        future.cancel()
        raise Busy() from late
