"""Counts come from the store to the database once, whoever is killed in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import redis
from django.db import connection

from claimtracker.kernel import valkey
from claimtracker.partners import limits, usage
from claimtracker.partners.models import ApiKey, ApiUsage, UsageBatch
from tests.factories import make_key, make_partner
from tests.support.limits import forget_requests

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_requests()
    yield
    forget_requests()


def counts_of(key: ApiKey) -> dict[str, tuple[int, int, int]]:
    rows = ApiUsage.objects.filter(key=key)
    return {row.group: (row.requests, row.errors, row.limited) for row in rows}


def test_requests_errors_and_refusals_are_counted_by_group() -> None:
    key, _plain = make_key(make_partner(requests_per_minute=3))
    for group in ("claims", "claims", "articles", "claims", "claims"):
        limits.admit(key, group=group)
    limits.count_error(key, group="articles")
    assert usage.bring_usage() == 2
    assert counts_of(key) == {"claims": (2, 0, 2), "articles": (1, 1, 0)}
    assert usage.bring_usage() == 0
    limits.count_error(key, group="claims")
    usage.bring_usage()
    assert counts_of(key)["claims"] == (2, 1, 2)


def test_killed_between_the_database_and_the_store_it_adds_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, _plain = make_key()
    limits.admit(key, group="claims")

    def killed(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(redis.Redis, "pipeline", killed)
        with pytest.raises(KeyboardInterrupt):
            usage.bring_usage()
    limits.admit(key, group="claims")
    usage.bring_usage()
    assert counts_of(key) == {"claims": (2, 0, 0)}
    assert not valkey.quick().keys(valkey.key("usage:*"))


def test_killed_before_the_database_it_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    key, _plain = make_key()
    limits.admit(key, group="claims")

    def killed(*_arguments: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(usage, "add_batch", killed)
        with pytest.raises(KeyboardInterrupt):
            usage.bring_usage()
    usage.bring_usage()
    assert counts_of(key) == {"claims": (1, 0, 0)}


def test_an_emptied_store_loses_only_what_was_not_brought() -> None:
    key, _plain = make_key()
    limits.admit(key, group="claims")
    usage.bring_usage()
    limits.admit(key, group="claims")
    valkey.quick().delete(limits.usage_key())
    limits.admit(key, group="claims")
    usage.bring_usage()
    assert counts_of(key) == {"claims": (2, 0, 0)}


def test_a_key_that_is_gone_holds_nothing_up() -> None:
    key, _plain = make_key()
    field = limits.usage_field(usage.days_back(1).isoformat(), key.pk + 1000, "claims", "requests")
    usage.add_batch("of a key that is gone", {field: 1})
    assert not ApiUsage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_brought_by_two_at_once_it_is_counted_once() -> None:
    key, _plain = make_key()
    field = limits.usage_field(usage.days_back(1).isoformat(), key.pk, "claims", "requests")
    together = threading.Barrier(4)

    def add() -> None:
        together.wait()
        try:
            usage.add_batch("the same", {field: 5})
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts_of(key) == {"claims": (5, 0, 0)}
    assert UsageBatch.objects.count() == 1


def test_without_the_store_there_is_nothing_to_bring(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object, **_options: object) -> None:
        raise redis.ConnectionError("away")

    monkeypatch.setattr(redis.Redis, "eval", away)
    assert usage.bring_usage() == 0
