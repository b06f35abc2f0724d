"""A Redis cache whose absence costs the cached values and nothing else.

Rate limits of the sign-in count in it: with the broker away people must still get in, so counting stops
instead.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
import structlog
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger(__name__)


def _or(answer: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What a call answers while Redis is away."""

    def wrap(call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def answered(*args: Any, **kwargs: Any) -> Any:
            try:
                return call(*args, **kwargs)
            except redis.RedisError as error:
                log.warning("the cache is away", call=call.__name__, error=str(error))
                return answer

        return answered

    return wrap


class CacheThatMayBeAway(RedisCache):
    """As Django's, but every call answers as if nothing were cached while Redis cannot be reached."""

    add = _or(True)(RedisCache.add)
    set = _or(None)(RedisCache.set)
    touch = _or(False)(RedisCache.touch)
    delete = _or(False)(RedisCache.delete)
    get_many = _or({})(RedisCache.get_many)
    has_key = _or(False)(RedisCache.has_key)
    set_many = _or([])(RedisCache.set_many)
    delete_many = _or(None)(RedisCache.delete_many)
    clear = _or(False)(RedisCache.clear)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default)(super().get)(key, default, version)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(_or(delta)(super().incr)(key, delta, version))
