"""What partners asked, from the broker's store to the database, and what is shown of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import redis
import structlog
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from claimtracker.kernel import valkey

from . import limits
from .models import ApiUsage, Partner, UsageBatch

log = structlog.get_logger(__name__)

KEPT_BATCHES = timedelta(days=7)

# sets the open counts aside under a name, and answers with all names that wait to be brought
SET_ASIDE = """
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('RPUSH', KEYS[3], ARGV[1])
end
return redis.call('LRANGE', KEYS[3], 0, -1)
"""

ADD = """
INSERT INTO partners_apiusage AS counted (key_id, day, "group", requests, errors, limited)
SELECT new.* FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
  AS new (key_id, day, "group", requests, errors, limited)
  JOIN partners_apikey ON partners_apikey.id = new.key_id
ON CONFLICT (key_id, day, "group") DO UPDATE SET
  requests = counted.requests + EXCLUDED.requests,
  errors = counted.errors + EXCLUDED.errors,
  limited = counted.limited + EXCLUDED.limited
"""


def bring_usage() -> int:
    """Add the counts of the store to the database. Returns how many rows. Safe to run twice, at once too, and
    to be killed anywhere: counts are set aside under a name, and a name is added once.

    What the store holds when it is emptied is lost: the counts since the last run.
    """
    store = valkey.connect(timeout=2)
    name = f"{timezone.now():%Y%m%dT%H%M%S}-{secrets.token_hex(6)}"
    try:
        names: Any = store.eval(SET_ASIDE, 3, limits.usage_key(), _batch_key(name), _batches_key(), name)
        return sum(_bring(store, str(each, "ascii")) for each in names)
    except redis.RedisError as error:
        log.warning("usage waits for the broker", error=str(error))
        return 0
    finally:
        store.close()


def _bring(store: redis.Redis, name: str) -> int:
    held: Any = store.hgetall(_batch_key(name))
    counts = {field.decode(): int(value) for field, value in held.items()}
    added = add_batch(name, counts)
    with store.pipeline() as pipe:
        pipe.delete(_batch_key(name))
        pipe.lrem(_batches_key(), 0, name)
        pipe.execute()
    return added


@transaction.atomic
def add_batch(name: str, counts: dict[str, int]) -> int:
    """Add ``counts`` (by limits.usage_field) unless a batch of this name was added. Who adds the same at once
    waits for the other by the name's constraint."""
    UsageBatch.objects.filter(created_at__lt=timezone.now() - KEPT_BATCHES).delete()
    _batch, is_new = UsageBatch.objects.get_or_create(name=name)
    if not is_new:
        return 0
    rows = sorted(_rows_of(counts).items())
    if rows:
        columns = [[place[n] for place, _ in rows] for n in range(3)]
        columns += [[count[what] for _, count in rows] for what in ("requests", "errors", "limited")]
        with connection.cursor() as cursor:
            cursor.execute(ADD, columns)
    return len(rows)


def _rows_of(counts: dict[str, int]) -> dict[tuple[int, str, str], dict[str, int]]:
    rows: dict[tuple[int, str, str], dict[str, int]] = {}
    for field, count in counts.items():
        day, key_id, group, what = field.split("|")
        row = rows.setdefault((int(key_id), day, group), {"requests": 0, "errors": 0, "limited": 0})
        row[what] += count
    return rows


def usage_of(partner: Partner, *, since: date) -> QuerySet[ApiUsage, Any]:
    """By day and group, newest day first, over all of the partner's keys."""
    return _together(partner, since, "day", "group").order_by("-day", "group")


def usage_by_group(partner: Partner, *, since: date) -> QuerySet[ApiUsage, Any]:
    """All days together: one row for each group, the busiest first."""
    return _together(partner, since, "group").order_by("-requests", "group")


def _together(partner: Partner, since: date, *by: str) -> QuerySet[ApiUsage, Any]:
    rows = ApiUsage.objects.filter(key__partner=partner, day__gte=since).order_by().values(*by)
    return rows.annotate(requests=Sum("requests"), errors=Sum("errors"), limited=Sum("limited"))


def days_back(days: int) -> date:
    """The first of the last ``days`` days of UTC, by which usage is counted."""
    return datetime.now(UTC).date() - timedelta(days=days - 1)


def totals(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    found = list(rows)
    return {what: sum(row[what] for row in found) for what in ("requests", "errors", "limited")}


def _batch_key(name: str) -> str:
    return valkey.key(f"usage:batch:{name}")


def _batches_key() -> str:
    return valkey.key("usage:batches")
