"""Equal requests at one moment, against a real server: one effect, one row, one answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from claims.models import Article
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners import answering_once
from claimtracker.partners.answering_once import AskedOnce, Held, StillRunning
from claimtracker.partners.models import KeptAnswer
from tests.factories import make_key, make_partner
from tests.support.api_server import Answer, ApiServer
from tests.support.counting_urls import COUNTED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]

SENDERS = 50


@pytest.fixture
def server(services: None, tmp_path: Path) -> Iterator[ApiServer]:
    with ApiServer(tmp_path) as running:
        yield running


def sent_at_once(
    server: ApiServer, path: str, content: object, key: str
) -> tuple[list[Answer], list[Answer]]:
    """What fifty senders got first, and what after they did what the 409 says."""
    together = threading.Barrier(SENDERS)

    def send(_number: int) -> tuple[Answer, Answer]:
        together.wait()
        first = server.post(path, content, key=key, idempotency_key="one")
        if first.status != 409:
            return first, first
        return first, server.post_until_answered(path, content, key=key, idempotency_key="one")

    with ThreadPoolExecutor(SENDERS) as senders:
        pairs = list(senders.map(send, range(SENDERS)))
    return [first for first, _ in pairs], [last for _, last in pairs]


def test_fifty_equal_requests_have_one_effect_and_one_answer(server: ApiServer) -> None:
    _row, key = make_key(make_partner())
    for path, content in (
        ("tests/count", {"n": 1}),
        ("articles", {"body": "The harbour handled 4 million containers last year.\n"}),
    ):
        first, last = sent_at_once(server, path, content, key)
        assert {answer.status for answer in first} <= {201, 409}
        assert all(answer.headers["retry-after"] for answer in first if answer.status == 409)
        assert {answer.content for answer in last} == {last[0].content}
        assert last[0].status == 201
        assert [answer.is_repeated for answer in last].count(False) == 1
    assert AuditEntry.objects.filter(verb=COUNTED).count() == 1
    assert Article.objects.count() == 1
    assert KeptAnswer.objects.count() == 2


def test_of_many_who_take_over_one_works() -> None:
    row, _key = make_key(make_partner())
    asked = AskedOnce(row, "POST", "/api/v1/articles", "one", "0" * 64)
    answering_once.reserve(asked)
    KeptAnswer.objects.update(reserved_until="2026-01-01T00:00Z")
    together = threading.Barrier(8)

    def take_over(_number: int) -> bool:
        try:
            together.wait()
            return isinstance(answering_once.reserve(asked), Held)
        except StillRunning:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as askers:
        assert sorted(askers.map(take_over, range(8))) == [False] * 7 + [True]
    assert KeptAnswer.objects.get().fence == 2


def test_who_was_overtaken_does_not_work() -> None:
    row, _key = make_key(make_partner())
    asked = AskedOnce(row, "POST", "/api/v1/articles", "one", "0" * 64)
    slow = answering_once.reserve(asked)
    KeptAnswer.objects.update(reserved_until="2026-01-01T00:00Z")
    faster = answering_once.reserve(asked)
    assert isinstance(slow, Held)
    assert isinstance(faster, Held)
    with pytest.raises(StillRunning), transaction.atomic():
        answering_once.take_up(slow)
    answering_once.give_up(slow)
    with transaction.atomic():
        answering_once.take_up(faster)


def test_while_the_work_lasts_nobody_takes_over_however_long() -> None:
    row, _key = make_key(make_partner())
    asked = AskedOnce(row, "POST", "/api/v1/articles", "one", "0" * 64)
    held = answering_once.reserve(asked)
    assert isinstance(held, Held)
    KeptAnswer.objects.update(reserved_until="2026-01-01T00:00Z")

    def ask_meanwhile() -> object:
        try:
            return answering_once.reserve(asked)
        except StillRunning as refusal:
            return refusal
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        answering_once.take_up(held)
        assert isinstance(other.submit(ask_meanwhile).result(timeout=10), StillRunning)
        assert answering_once.forget_answers() == 0
        answering_once.keep(held, status=201, headers={}, body=b"{}")
    kept = answering_once.reserve(asked)
    assert isinstance(kept, KeptAnswer)
    assert (kept.status, bytes(kept.body)) == (201, b"{}")
