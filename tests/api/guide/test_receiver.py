"""A receiver by the guide takes in every message once, and loses none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from claimtracker.partners.actions import send_test
from claimtracker.partners.delivery import Message, begin
from claimtracker.partners.event_types import BY_NAME
from tests import factories
from tests.partners.receiver import running_receiver

from .runs import SECRET, Runs, free_port, send, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def message(kind: str, **also: Any) -> str:
    data = {**BY_NAME[kind].example, **also} if kind in BY_NAME else also
    return json.dumps({"type": kind, "timestamp": "2026-11-27T00:00:00Z", "data": data})


@pytest.fixture
def port(example: Runs) -> Iterator[int]:
    if example.suffix == "sh":
        pytest.skip("the shell checks one message, and is no receiver")
    port = free_port()
    with example.running("webhook", WEBHOOK_SECRET=SECRET, PORT=str(port)) as process:
        wait_for(port)
        yield port
        assert process.poll() is None, "nothing that was sent ended it"


def taken_in(example: Runs) -> list[str]:
    inbox = example.folder / "inbox.txt"
    return inbox.read_text().splitlines() if inbox.exists() else []


def test_a_genuine_message_is_told_from_a_forged_one(example: Runs, port: int) -> None:
    body = message("claim.verdict_corrected", publication="p-1")
    assert send(port, body, id="msg_1") == 204
    assert send(port, body, id="msg_1") == 204, "again, and nothing happens twice"
    assert send(port, body.replace("p-1", "p-2"), id="msg_2", signed=body) == 400
    assert send(port, body, id="msg_3", age=600) == 400
    assert send(port, body.replace("p-1", "p-3"), id="msg_4") == 204
    assert taken_in(example) == ["claim.verdict_corrected p-1", "claim.verdict_corrected p-3"]


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_request_without_one_of_the_headers_is_refused(example: Runs, port: int, header: str) -> None:
    body = message("webhook.test")
    assert send(port, body, id="msg_1", leave_out=header) == 400
    for odd in ({}, {"webhook-id": "msg_1", "webhook-timestamp": "soon", "webhook-signature": "nonsense"}):
        assert httpx.post(f"http://127.0.0.1:{port}/", content=b"{", headers=odd).status_code == 400
    now = str(int(timezone.now().timestamp()))
    odd = {"webhook-id": "msg_1", "webhook-timestamp": now, "webhook-signature": "nonsense"}
    assert httpx.post(f"http://127.0.0.1:{port}/", content=body, headers=odd).status_code == 400
    assert taken_in(example) == []
    assert send(port, body, id="msg_1") == 204, "it goes on"


def test_every_type_of_message_is_taken_in(example: Runs, port: int) -> None:
    for number, kind in enumerate([*BY_NAME, "claim.dreamt"]):
        assert send(port, message(kind), id=f"msg_{number}") == 204, kind
    lines = taken_in(example)
    assert len(lines) == len(BY_NAME) + 1
    publication = BY_NAME["request.answered"].example["publication"]
    declined = BY_NAME["request.declined"].example
    for line in (
        "webhook.test This is a test.",
        f"request.declined {declined['request']} {declined['reason']}",
        f"request.answered {publication}",
        "claim.dreamt ",
    ):
        assert line in lines


def test_what_failed_while_it_was_handled_comes_again(example: Runs, port: int) -> None:
    body = message("request.declined")
    inbox = example.folder / "inbox.txt"
    inbox.mkdir()  # so that nothing can be written there
    assert send(port, body, id="msg_1") == 500
    inbox.rmdir()
    assert send(port, body, id="msg_1") == 204
    assert send(port, body, id="msg_1") == 204
    assert len(taken_in(example)) == 1, "once, and not lost"


def test_a_message_is_replayed_to_a_receiver_of_one_s_own(example: Runs) -> None:
    endpoint = factories.make_endpoint(example.partner)
    delivery = send_test(endpoint, by="system")
    assert isinstance(begin(delivery.pk), Message), "the try is in the log, with its headers"
    with running_receiver() as mine:
        mine.secret = endpoint.secret
        said = example.run("replay", DELIVERY=delivery.message_id, RECEIVER=mine.url)
    assert said.split() == ["204"]
    (got,) = mine.received
    assert got.event is not None and got.event["data"]["message"] == "This is a test."


def test_the_shell_checks_a_message(example: Runs) -> None:
    if example.suffix != "sh":
        pytest.skip("of the shell only")
    body = message("webhook.test")
    Path(example.folder / "body").write_text(body)
    now = timezone.now()
    signature = Webhook(SECRET).sign("msg_1", now, body)
    facts = {"WEBHOOK_SECRET": SECRET, "BODY": "body", "ID": "msg_1", "TIMESTAMP": str(int(now.timestamp()))}
    assert example.run("webhook", **facts, SIGNATURE=f"v1,other {signature}") == "genuine\n"
    for wrong in ({"ID": "msg_2"}, {"TIMESTAMP": str(int(now.timestamp()) - 600)}):
        with pytest.raises(AssertionError, match=r"not from us|too old"):
            example.run("webhook", **{**facts, "SIGNATURE": signature, **wrong})
