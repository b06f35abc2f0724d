"""Webhooks from a real worker process: from the publication to the receiver, through a failure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from claimtracker.partners.endpoints import rotate_secret
from claimtracker.partners.models import Delivery, WebhookEndpoint
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
    lost, whole = Delivery.objects.get().attempts.all()
    assert lost.error.startswith("Interrupted"), "each try has one outcome, the one that was cut off too"
    assert lost.request_headers["webhook-id"] == whole.request_headers["webhook-id"]
    assert lost.finished_at is not None
    assert (whole.status_code, whole.error) == (204, "")


def test_while_a_secret_is_rotated_both_verify_what_a_worker_sends(receiver: Receiver) -> None:
    endpoint = make_endpoint(url=receiver.url)
    old = endpoint.secret
    endpoint = rotate_secret(endpoint, by="system", overlap=timedelta(seconds=600))
    allowed = {ALLOW_VARIABLE: f"127.0.0.1:{receiver.port}"}
    with Worker(queues=["deliver", "default"], env=allowed):
        make_publication()
        wait_until(lambda: len(receiver.received) == 1, what="a message with two signatures")
        past = timezone.now() - timedelta(seconds=1)
        WebhookEndpoint.objects.update(previous_secret_until=past)
        make_publication()
        wait_until(lambda: len(receiver.received) == 2, what="a message with one")
    both, new_only = receiver.received
    assert len(both.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, endpoint.secret):
        Webhook(secret).verify(both.body, both.headers)
    Webhook(endpoint.secret).verify(new_only.body, new_only.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(new_only.body, new_only.headers)
