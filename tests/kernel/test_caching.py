"""A cache that is away is an empty cache."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from claimtracker import embedded
from claimtracker.kernel.caching import CacheThatMayBeAway


@pytest.fixture
def away() -> CacheThatMayBeAway:
    return CacheThatMayBeAway("redis://127.0.0.1:1/0", {})


@pytest.fixture
def there(services: None) -> Iterator[CacheThatMayBeAway]:
    if os.environ.get("REDIS_URL"):
        pytest.fail("this test uses the embedded Valkey: unset REDIS_URL")
    cache = CacheThatMayBeAway(embedded.redis_client_url(db=1), {"KEY_PREFIX": "test"})
    yield cache
    cache.clear()


def test_it_keeps_what_it_is_given(there: CacheThatMayBeAway) -> None:
    there.set("a", 1)
    assert (there.get("a"), there.has_key("a"), there.incr("a"), there.get_many(["a", "b"])) == (
        1,
        True,
        2,
        {"a": 2},
    )
    assert (there.add("a", 5), there.delete("a"), there.get("a", "gone")) == (False, True, "gone")


def test_while_it_is_away_everything_answers_as_if_nothing_were_kept(away: CacheThatMayBeAway) -> None:
    away.set("a", 1)
    assert (away.get("a"), away.get("a", 7), away.has_key("a"), away.get_many(["a"])) == (None, 7, False, {})
    assert (away.add("a", 1), away.incr("a"), away.touch("a"), away.delete("a")) == (True, 1, False, False)
    assert (away.set_many({"a": 1}), away.clear()) == ([], False)
