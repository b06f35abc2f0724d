"""A partner's own key, its successor and its usage, and the headers of the limits."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from claimtracker.partners import limits, usage
from claimtracker.partners.models import ApiKey, KeptAnswer, Partner, Scope
from tests.factories import make_key, make_partner

from .conftest import Asker, assert_problem


def test_a_key_reads_itself(partner: Partner) -> None:
    Partner.objects.filter(pk=partner.pk).update(requests_per_minute=50)
    asker = Asker(partner, scopes=[Scope.SUBMIT], label="story desk")
    asker.get("key")
    read = asker.get("key").json()
    assert (read["prefix"], read["label"], read["scopes"]) == (asker.key.prefix, "story desk", ["submit"])
    assert (read["partner"], read["sandbox"], read["expires_at"]) == ("The Wire", False, None)
    assert read["last_used_at"]
    assert [(each["name"], each["quota"]) for each in read["limits"]] == [("burst", 50), ("day", 100_000)]
    assert asker.plain.rpartition("_")[2] not in str(read)


def test_a_key_rotates_itself_and_both_work(asker: Asker) -> None:
    response = asker.post("key/rotation", {"overlap_hours": 48})
    assert (response.status_code, response["Cache-Control"]) == (201, "no-store")
    new = response.json()
    assert new["replaces"]["prefix"] == asker.key.prefix
    assert new["scopes"] == sorted(Scope)
    assert asker.get("key").status_code == 200
    answer = asker.get("key", Authorization=f"Bearer {new['key']}").json()
    assert answer["prefix"] == new["prefix"]
    assert_problem(asker.post("key/rotation", {}), 409, "Rotate that one")


def test_a_key_that_leaked_ends_with_its_rotation(asker: Asker) -> None:
    assert asker.post("key/rotation", {"overlap_hours": 0}).status_code == 201
    assert_problem(asker.get("key"), 401, "revoked")


@pytest.mark.parametrize("hours", [-1, 721, "5", True, 1.5, None, []])
def test_an_overlap_that_cannot_be_is_named(asker: Asker, hours: Any) -> None:
    problem = assert_problem(asker.post("key/rotation", {"overlap_hours": hours}), 400)
    assert problem["errors"][0]["pointer"] == "#/overlap_hours"
    assert not ApiKey.objects.filter(replaces=asker.key).exists()


def test_usage_counts_what_all_keys_asked(asker: Asker) -> None:
    _second, plain = make_key(asker.partner)
    asker.get("claims")
    asker.get("claims?limt=3")
    asker.get("articles", Authorization=f"Bearer {plain}")
    usage.bring_usage()
    read = asker.get("usage").json()
    assert read["total"] == {"requests": 3, "errors": 1, "limited": 0}
    today = usage.days_back(1).isoformat()
    assert read["results"] == [
        {"day": today, "group": "articles", "requests": 1, "errors": 0, "limited": 0},
        {"day": today, "group": "claims", "requests": 2, "errors": 1, "limited": 0},
    ]
    assert asker.get("usage?days=1").json()["since"] == today
    assert_problem(asker.get("usage?days=91"), 400, "1 to 90")


def test_an_error_that_is_kept_for_repetitions_is_counted_once_each(asker: Asker) -> None:
    for _ in range(2):
        assert asker.post("articles", {}, Idempotency_Key='"the same"').status_code == 400
    usage.bring_usage()
    [row] = usage.usage_of(asker.partner, since=usage.days_back(1))
    assert (row["requests"], row["errors"]) == (2, 2)


def test_no_secret_is_kept_for_a_repetition(asker: Asker) -> None:
    first = asker.post("key/rotation", {}, Idempotency_Key='"the same"').json()
    again = asker.post("key/rotation", {}, Idempotency_Key='"the same"').json()
    assert first["key"] != again["key"]
    assert_problem(asker.get("key", Authorization=f"Bearer {first['key']}"), 401, "revoked")
    assert not KeptAnswer.objects.exists()


def test_every_answer_to_a_key_says_the_limits(asker: Asker) -> None:
    reader = Asker(asker.partner, scopes=[Scope.READ])
    answers = [
        reader.get("claims"),
        reader.get("claims?limt=1"),
        reader.post("articles", {"body": "Words."}),
        reader.get("claims/00000000-0000-4000-8000-000000000000"),
        reader.ask("PUT", "claims"),
        reader.get("claims", Accept="text/html"),
        asker.post("articles", "no object"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 403, 404, 405, 406, 400]
    for answer in answers:
        assert answer["RateLimit-Policy"] == '"burst";q=600;w=60, "day";q=100000;w=86400'
        assert '"burst";r=59' in answer["RateLimit"]


def test_over_the_limit_everything_is_a_429(partner: Partner) -> None:
    Partner.objects.filter(pk=partner.pk).update(requests_per_day=2)
    asker = Asker(partner)
    asker.get("claims")
    asker.get("claims")
    for answer in (asker.get("claims"), asker.get("claims?limt=1"), asker.ask("PUT", "claims")):
        assert_problem(answer, 429, "Try again in")
        assert 0 < int(answer["Retry-After"]) <= 86_400
        assert '"day";r=0' in answer["RateLimit"]
    usage.bring_usage()
    [row] = usage.usage_of(partner, since=usage.days_back(1))
    assert (row["requests"], row["errors"], row["limited"]) == (2, 0, 3)


def test_a_list_costs_one_query_for_its_key(asker: Asker, django_assert_num_queries: Any) -> None:
    asker.get("key")
    with django_assert_num_queries(1):
        asker.get("key")


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_the_limit_gets_through() -> None:
    asker = Asker(make_partner(requests_per_minute=20))
    statuses: list[int] = []
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        try:
            statuses.extend(asker.get("key").status_code for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 20 + [429] * 20


def test_without_the_store_the_api_answers(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits._store, "away_until", float("inf"))
    answer = asker.get("claims")
    assert answer.status_code == 200
    assert "RateLimit" not in answer
