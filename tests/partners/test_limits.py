"""Limits hold to the last request, whoever counts at the same moment, and cost one round trip."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from claimtracker.kernel import valkey
from claimtracker.partners import limits
from claimtracker.partners.models import ApiKey
from tests.factories import make_key, make_partner
from tests.support.limits import forget_requests

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_requests()
    yield
    forget_requests()


def key_with(per_minute: int | None = None, per_day: int | None = None) -> ApiKey:
    return make_key(make_partner(requests_per_minute=per_minute, requests_per_day=per_day))[0]


def ask(key: ApiKey) -> limits.Admission:
    admission = limits.admit(key, group="claims")
    assert admission is not None
    return admission


def test_a_partner_s_own_limits_go_before_the_settings(settings: Any) -> None:
    settings.API_PER_MINUTE, settings.API_PER_DAY = 5, 70
    assert limits.limits_of(key_with().partner) == (5, 70)
    assert limits.limits_of(key_with(2, 0).partner) == (2, 0)


def test_the_burst_is_each_key_s_and_the_day_the_partner_s() -> None:
    first = key_with(2, 5)
    second, _plain = make_key(first.partner)
    assert [ask(first).is_allowed for _ in range(3)] == [True, True, False]
    assert [ask(second).is_allowed for _ in range(2)] == [True, True]
    third, _plain = make_key(first.partner)
    assert ask(third).is_allowed
    refused = ask(third)
    assert not refused.is_allowed
    assert (refused.burst.left, refused.day.left) == (1, 0)
    assert refused.retry_after == refused.day.frees_in > 0
    other = key_with(2, 5)
    assert ask(other).is_allowed


def test_what_is_refused_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_with(3, 100)
    for _ in range(10):
        ask(key)
    assert valkey.quick().zcard(limits.burst_key(key.pk)) == 3
    assert ask(key).day.used == 3


def test_the_headers_say_both_limits() -> None:
    headers = ask(key_with(10, 500)).headers()
    assert headers["RateLimit-Policy"] == '"burst";q=10;w=60, "day";q=500;w=86400'
    burst, day = headers["RateLimit"].split(", ")
    assert burst == '"burst";r=9;t=60'
    assert day.startswith('"day";r=499;t=')
    assert 0 < int(day.rpartition("=")[2]) <= 86_400


def test_a_minute_later_there_is_room_again() -> None:
    key = key_with(2, 100)
    ask(key)
    ask(key)
    assert not ask(key).is_allowed
    store = valkey.quick()
    [(oldest, moment), _newer] = store.zrange(limits.burst_key(key.pk), 0, -1, withscores=True)
    store.zadd(limits.burst_key(key.pk), {oldest: moment - 45_000_000})
    refused = ask(key)
    assert not refused.is_allowed
    assert 14 <= refused.retry_after <= 15
    store.zadd(limits.burst_key(key.pk), {oldest: moment - 60_000_001})
    assert [ask(key).is_allowed for _ in range(2)] == [True, False]


ASKS = """
import sys, django
django.setup()
from claimtracker.partners import limits
from claimtracker.partners.models import ApiKey, Partner
key = ApiKey(pk=7_000_001, partner=Partner(pk=7_000_001, requests_per_minute=400, requests_per_day=300))
print("ready", flush=True)
sys.stdin.readline()
print(sum(limits.admit(key, group="claims").is_allowed for _ in range(300)))
"""


def test_two_processes_let_no_more_through_than_the_limit() -> None:
    command = [sys.executable, "-c", ASKS]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    askers = [subprocess.Popen(command, env=dict(os.environ), **pipes) for _ in range(2)]
    for asker in askers:
        assert asker.stdout.readline() == "ready\n"
    for asker in askers:
        asker.stdin.write("go\n")
        asker.stdin.flush()
    counts = [int(asker.communicate(timeout=60)[0]) for asker in askers]
    assert sum(counts) == 300
    assert min(counts) > 0, "they did not ask at the same time"


def test_it_is_one_round_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_with(10, 500)
    ask(key)
    sent = []
    real = redis.Redis.execute_command

    def counted(self: Any, *command: Any, **options: Any) -> Any:
        sent.append(command[0])
        return real(self, *command, **options)

    monkeypatch.setattr(redis.Redis, "execute_command", counted)
    ask(key)
    assert sent == ["EVALSHA"]


def test_a_store_that_forgot_the_script_is_told_it_again() -> None:
    key = key_with(10, 500)
    ask(key)
    valkey.quick().script_flush()
    assert ask(key).burst.left == 8


def test_while_the_store_is_away_the_api_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_with(1, 1)
    tried = []

    def away(*_arguments: Any) -> Any:
        tried.append(1)
        raise redis.ConnectionError("away")

    with monkeypatch.context() as broken:
        broken.setattr(redis.Redis, "execute_command", away)
        assert [limits.admit(key, group="claims") for _ in range(5)] == [None] * 5
        assert len(tried) == 1, "not every request waits for a store that is away"
        limits.count_error(key, group="claims")
