"""kill -9 of the web server in the middle of a request with an Idempotency-Key, and the request again."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.models import KeptAnswer
from tests.factories import make_key, make_partner
from tests.support.api_server import Answer, ApiServer
from tests.support.counting_urls import COUNTED
from tests.support.worker import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]

KILLS = 3


def test_killed_in_the_middle_and_sent_again_it_is_done_once(embedded_parts: None, tmp_path: Path) -> None:
    _row, key = make_key(make_partner())
    sent = {"n": 1}
    with ApiServer(tmp_path) as server:
        for _ in range(KILLS):
            kill_in_the_middle(server, sent, key)
            server.start()
        began = time.monotonic()
        answer = server.post_until_answered("tests/count", sent, key=key, idempotency_key="one")
        assert answer.status == 201
        assert time.monotonic() - began < 8, "who repeats waits for the reservation only"
        again = server.post("tests/count", sent, key=key, idempotency_key="one")
        assert again.content == answer.content
        assert again.is_repeated
    assert AuditEntry.objects.filter(verb=COUNTED).count() == 1
    assert KeptAnswer.objects.count() == 1


def kill_in_the_middle(server: ApiServer, sent: object, key: str) -> None:
    """After the request's work was done in its transaction, before that is committed."""
    server.reached.unlink(missing_ok=True)
    server.pause.touch()
    answers: list[Answer] = []
    sender = threading.Thread(
        target=lambda: answers.append(
            server.post_until_answered("tests/count", sent, key=key, idempotency_key="one", seconds=60)
            if KeptAnswer.objects.exists()
            else server.post("tests/count", sent, key=key, idempotency_key="one")
        )
    )
    sender.start()
    wait_until(server.reached.exists, what="the request to be in the middle of its work")
    meanwhile = server.post("tests/count", sent, key=key, idempotency_key="one")
    assert (meanwhile.status, meanwhile.headers["retry-after"]) == (409, "1")
    assert KeptAnswer.objects.get().status is None
    server.kill_group()
    server.pause.unlink()
    assert AuditEntry.objects.filter(verb=COUNTED).count() == 0
    sender.join(timeout=1)
