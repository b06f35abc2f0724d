"""The broker's own store (Valkey or Redis), for what is counted or remembered outside of the database."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings


def store_url() -> str:
    """The broker's address in the spelling of redis-py: Celery's has another for a unix socket."""
    url: str = settings.CELERY_BROKER_URL
    if url.startswith("redis+socket://"):
        path, _, query = url.removeprefix("redis+socket://").partition("?")
        url = f"unix://{path}?db={query.removeprefix('virtual_host=') or 0}"
    return url


def key(name: str) -> str:
    """``name`` below the prefix of this installation."""
    return f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}{name}"


def connect(*, timeout: float) -> redis.Redis:
    """A client with a pool of its own. Neither connecting nor an answer may take longer than ``timeout``."""
    return redis.Redis.from_url(store_url(), socket_timeout=timeout, socket_connect_timeout=timeout)


@cache
def quick() -> redis.Redis:
    """This process's client for what a request waits for; it is safe to use in threads and after a fork."""
    return connect(timeout=0.25)
