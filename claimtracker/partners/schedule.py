"""When a webhook that failed is tried again. Plain functions."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings

MOST_JITTER = 0.2  # of the wait, added: receivers that fell over together are not asked again together
LONGEST_WAIT = timedelta(hours=24)
ASKS_FOR_TIME = frozenset({429, 502, 503, 504})


def ladder() -> tuple[timedelta, ...]:
    """How long after the try before it each try is made; the first goes out at once."""
    return (timedelta(0), *(timedelta(seconds=float(wait)) for wait in settings.WEBHOOK_RETRY_SECONDS))


def tries() -> int:
    """How many tries a delivery has."""
    return len(ladder())


def next_try_at(tries: int, *, now: datetime, retry_after: timedelta | None = None) -> datetime | None:
    """When to try again after ``tries`` failures; None after the last. ``retry_after`` can only add."""
    rungs = ladder()
    if tries >= len(rungs):
        return None
    wait = rungs[tries] * (1 + random.uniform(0, MOST_JITTER))  # noqa: S311 - jitter, not a secret
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_WAIT))
    return now + wait


def retry_after(status: int | None, headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """The wait that a receiver under load asks for (seconds or a date). ``headers`` are lower-case."""
    value = headers.get("retry-after", "").strip()
    if status not in ASKS_FOR_TIME or not value:
        return None
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))
