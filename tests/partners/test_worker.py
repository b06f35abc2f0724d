"""Webhooks from a real worker process: from the publication to the receiver, through a failure."""

from __future__ import annotations

import pytest

from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from claimtracker.partners.models import Delivery
from tests.factories import make_endpoint, make_publication
from tests.support.worker import Worker, wait_until

from .receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_publication_is_delivered_at_the_second_try(receiver: Receiver) -> None:
    endpoint = make_endpoint(url=receiver.url)
    receiver.secret = endpoint.secret
    receiver.answers = [(503, {}, b"starting up"), (204, {}, b"")]
    allowed = {ALLOW_VARIABLE: f"127.0.0.1:{receiver.port}"}
    with Worker(queues=["deliver", "default"], beat=True, env=allowed):
        publication = make_publication()
        wait_until(lambda: len(receiver.received) == 1, what="the first try")
        wait_until(lambda: Delivery.objects.get().state == "delivered", seconds=40, what="the second try")
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"], (
        "signed anew, for its own time"
    )
    assert second.event is not None
    assert second.event["data"]["publication"] == str(publication.public_id)
    assert [attempt.status_code for attempt in Delivery.objects.get().attempts.all()] == [503, 204]


def test_a_worker_killed_while_sending_sends_the_same_message_again(receiver: Receiver) -> None:
    endpoint = make_endpoint(url=receiver.url)
    receiver.secret = endpoint.secret
    receiver.seconds = 3
    allowed = {ALLOW_VARIABLE: f"127.0.0.1:{receiver.port}"}
    with Worker(queues=["deliver", "default"], beat=True, env=allowed) as worker:
        make_publication()
        wait_until(lambda: len(receiver.received) == 1, what="the try that is cut off")
        worker.kill_group()
        worker.start()
        wait_until(lambda: Delivery.objects.get().state == "delivered", seconds=40, what="the next try")
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert Delivery.objects.get().attempts.count() == 1
