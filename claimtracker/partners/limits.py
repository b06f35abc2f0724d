"""How much a partner may ask: a burst for each key, a quota for each day of the partner. Counted in the
broker's store by one script, so that no two processes let the same request through, in one round trip."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import redis
import structlog
from django.conf import settings
from redis.commands.core import Script

from claimtracker.kernel import valkey

from .models import ApiKey, Partner

log = structlog.get_logger(__name__)

MINUTE, DAY = 60, 86_400
PAUSE = 2.0  # seconds without a try after the store was away: not every request may wait for it

# KEYS: the key's moments of the last minute, the partner's count of the day, the open usage counts.
# ARGV: both limits, and the names of the counts of what is let in and of what is refused.
# No more than the limit within any minute, to the microsecond; what is refused takes nothing from either.
ADMIT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function exactly(number) return string.format('%.0f', number) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', exactly(now - 60000000))
local burst = redis.call('ZCARD', KEYS[1])
local day = tonumber(redis.call('GET', KEYS[2]) or '0')
local allowed = burst < tonumber(ARGV[1]) and day < tonumber(ARGV[2])
if allowed then
  local moment = now
  while redis.call('ZADD', KEYS[1], exactly(moment), exactly(moment)) == 0 do moment = moment + 1 end
  redis.call('EXPIRE', KEYS[1], 61)
  burst = burst + 1
  day = redis.call('INCR', KEYS[2])
  if day == 1 then redis.call('EXPIRE', KEYS[2], 172800) end
  redis.call('HINCRBY', KEYS[3], ARGV[3], 1)
else
  redis.call('HINCRBY', KEYS[3], ARGV[4], 1)
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
local frees = oldest and math.ceil((tonumber(oldest) + 60000000 - now) / 1000000) or 60
return {allowed and 1 or 0, burst, frees, day, 86400 - time[1] % 86400}
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """One limit and how much of it is left. In ``frees_in`` seconds there is more of it again."""

    name: str
    quota: int
    window: int
    used: int
    frees_in: int

    @property
    def left(self) -> int:
        return max(0, self.quota - self.used)


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a request: let in or not, with the state of both limits after it."""

    is_allowed: bool
    burst: Policy
    day: Policy

    @property
    def retry_after(self) -> int:
        """In how many seconds the request may be let in."""
        return max(each.frees_in for each in (self.burst, self.day) if not each.left)

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers has them."""
        both = (self.burst, self.day)
        return {
            "RateLimit-Policy": ", ".join(f'"{each.name}";q={each.quota};w={each.window}' for each in both),
            "RateLimit": ", ".join(f'"{each.name}";r={each.left};t={each.frees_in}' for each in both),
        }


@dataclass(slots=True)
class _Store:
    """Until when the store is left alone."""

    away_until: float = 0.0


_store = _Store()


@cache
def _admit() -> Script:
    """The script, sent by its digest; whole only to a store that does not know it (yet, or any more)."""
    return valkey.quick().register_script(ADMIT)


def limits_of(partner: Partner) -> tuple[int, int]:
    """Requests a minute for each key, and requests a day for all keys together."""
    per_minute, per_day = partner.requests_per_minute, partner.requests_per_day
    return (
        settings.API_PER_MINUTE if per_minute is None else per_minute,
        settings.API_PER_DAY if per_day is None else per_day,
    )


def admit(key: ApiKey, *, group: str) -> Admission | None:
    """Count one request of ``key``, whose partner is loaded, in ``group`` of endpoints. None while the store
    is away: then nothing is counted and the API stays open, for a limit is not worth an outage."""
    per_minute, per_day = limits_of(key.partner)
    today = _today()
    counted = usage_field(today, key.pk, group, "requests")
    refused = usage_field(today, key.pk, group, "limited")
    keys = [burst_key(key.pk), day_key(key.partner_id, today), usage_key()]
    if time.monotonic() < _store.away_until:
        return None
    try:
        allowed, burst, frees, day, day_ends = _admit()(keys, [per_minute, per_day, counted, refused])
    except redis.RedisError as error:
        _leave_alone(error)
        return None
    return Admission(
        bool(allowed),
        Policy("burst", per_minute, MINUTE, burst, frees),
        Policy("day", per_day, DAY, day, day_ends),
    )


def count_error(key: ApiKey, *, group: str) -> None:
    """A request that was let in failed. One more round trip, for those that fail only."""
    try:
        valkey.quick().hincrby(usage_key(), usage_field(_today(), key.pk, group, "errors"), 1)
    except redis.RedisError as error:
        _leave_alone(error)


def usage_field(day: str, key_id: int, group: str, what: str) -> str:
    return f"{day}|{key_id}|{group}|{what}"


def usage_key() -> str:
    return valkey.key("usage:open")


def burst_key(key_id: int) -> str:
    return valkey.key(f"limit:burst:{key_id}")


def day_key(partner_id: int, day: str) -> str:
    return valkey.key(f"limit:day:{partner_id}:{day}")


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _leave_alone(error: redis.RedisError) -> None:
    _store.away_until = time.monotonic() + PAUSE
    log.warning("requests are not counted", error=str(error))
