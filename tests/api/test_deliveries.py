"""The log of deliveries: what was sent, what came back, and sending it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import claimtracker.partners.tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.jobs import runner
from claimtracker.jobs.models import Job
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.actions import fan_out
from claimtracker.partners.models import Delivery, WebhookEndpoint
from reviews.models import Publication
from tests.factories import make_correction, make_endpoint, make_partner, make_publication
from tests.partners.receiver import Receiver, running_receiver

from .conftest import Asker, assert_problem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with running_receiver() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, f"127.0.0.1:{running.port}")
        yield running


@pytest.fixture
def endpoint(asker: Asker, receiver: Receiver) -> WebhookEndpoint:
    endpoint = make_endpoint(asker.partner, url=receiver.url)
    receiver.secret = endpoint.secret
    return endpoint


def sent() -> Delivery:
    """A delivery of a new publication, tried once."""
    publication = make_publication()
    event = OutboxEvent.objects.get(type="claim.verdict_published", subject_id=str(publication.pk))
    (delivery,) = fan_out(event)
    try_now(delivery)
    return delivery


def try_now(delivery: Delivery) -> None:
    job = Job.objects.open().get(kind="partners.deliver", object_id=str(delivery.pk))
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    runner.run(job.pk)
    delivery.refresh_from_db()


def failed(endpoint: WebhookEndpoint, receiver: Receiver) -> Delivery:
    receiver.answers = [(410, {}, b"gone")]
    delivery = sent()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(is_active=True, is_given_up=False)
    receiver.answers = [(204, {}, b"")]
    assert delivery.state == "failed"
    return delivery


def test_every_try_stands_there_with_request_and_answer(
    asker: Asker, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers = [
        (503, {"Retry-After": "7", "Set-Cookie": "session=s3cret"}, b"starting \x00up"),
        (200, {"X-Seen": "yes"}, b"ok"),
    ]
    delivery = sent()
    shown = asker.get(f"deliveries/{delivery.message_id}").json()
    assert (shown["state"], shown["tries"], shown["last_status_code"]) == ("pending", 1, 503)
    assert shown["next_try_at"] is not None
    try_now(delivery)
    shown = asker.get(f"deliveries/{delivery.message_id}").json()
    assert (shown["state"], shown["next_try_at"], shown["last_error"]) == ("delivered", None, "")
    assert shown["body"].encode() == receiver.received[0].body == receiver.received[1].body
    first, second = shown["attempts"]
    for attempt, request in zip((first, second), receiver.received, strict=True):
        for name, value in attempt["request_headers"].items():
            assert request.headers[name] == value
        assert {"webhook-id", "webhook-timestamp", "webhook-signature"} <= set(attempt["request_headers"])
        assert attempt["url"] == receiver.url
        assert attempt["finished_at"] >= attempt["started_at"]
    assert (first["status_code"], first["response_excerpt"]) == (503, "starting up")
    assert first["response_headers"]["retry-after"] == "7"
    assert (second["status_code"], second["error"]) == (200, "")
    assert second["response_headers"]["x-seen"] == "yes"
    whole = json.dumps(shown)
    assert endpoint.secret not in whole
    assert "s3cret" not in whole


def test_a_delivery_that_waits_for_its_first_try_shows_its_body(
    asker: Asker, endpoint: WebhookEndpoint
) -> None:
    make_publication()
    (delivery,) = fan_out(OutboxEvent.objects.get(type="claim.verdict_published"))
    shown = asker.get(f"deliveries/{delivery.message_id}").json()
    assert json.loads(shown["body"])["data"] == delivery.event.payload
    assert shown["attempts"] == []


def test_the_list_is_narrowed_by_state_and_type(
    asker: Asker, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    arrived = sent()
    lost = failed(endpoint, receiver)
    path = f"webhook-endpoints/{endpoint.public_id}"
    test = asker.post(f"{path}/tests", None).json()

    def ids(query: str) -> list[str]:
        return [row["id"] for row in asker.get(f"{path}/deliveries?{query}").json()["results"]]

    assert ids("") == [test["id"], lost.message_id, arrived.message_id]
    assert ids("state=failed") == [lost.message_id]
    assert ids("state=pending&event_type=webhook.test") == [test["id"]]
    assert ids("event_type=claim.verdict_published") == [lost.message_id, arrived.message_id]
    assert_problem(asker.get(f"{path}/deliveries?state=lost"), 400, "state must be one of")
    assert_problem(asker.get(f"{path}/deliveries?event_type=x"), 400, "event_type must be one of")


def test_the_list_costs_the_same_at_2_and_at_8_rows(asker: Asker, endpoint: WebhookEndpoint) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            rows = asker.get(f"webhook-endpoints/{endpoint.public_id}/deliveries").json()["results"]
        return len(rows), len(captured)

    asker.get("event-types")
    for _ in range(2):
        sent()
    few = queries()
    for _ in range(6):
        sent()
    many = queries()
    assert (few[0], many[0]) == (2, 8)
    assert few[1] == many[1]


def test_a_failed_delivery_is_sent_again_under_its_id(
    asker: Asker, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    delivery = failed(endpoint, receiver)
    response = asker.post(f"deliveries/{delivery.message_id}/replay", None)
    assert response.status_code == 202
    assert (response.json()["state"], response.json()["tries"]) == ("pending", 0)
    try_now(delivery)
    assert delivery.state == "delivered"
    assert len({request.headers["webhook-id"] for request in receiver.received}) == 1
    assert_problem(asker.post(f"deliveries/{delivery.message_id}/replay", None), 409, "cannot become pending")


def test_everything_that_failed_since_a_moment_is_sent_again(
    asker: Asker, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    old, new = failed(endpoint, receiver), failed(endpoint, receiver)
    another = failed(endpoint, receiver)
    Delivery.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=2))
    path = f"webhook-endpoints/{endpoint.public_id}/replays"
    since = (timezone.now() - timedelta(days=1)).isoformat()
    answer = asker.post(path, {"since": since})
    assert answer.status_code == 202
    assert answer.json() == {"replayed": 2, "passed_over": 0, "has_more": False}
    states = {row.pk: row.state for row in Delivery.objects.all()}
    assert [states[row.pk] for row in (old, new, another)] == ["failed", "pending", "pending"]
    assert asker.post(path, {"since": since}).json()["replayed"] == 0
    assert_problem(asker.post(path, {}), 400, "missing")
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(is_active=False)
    Delivery.objects.filter(pk=new.pk).update(state="failed", finished_at=timezone.now())
    assert_problem(asker.post(path, {"since": since}), 409, "switched off")


def test_what_a_newer_version_replaced_is_passed_over(
    asker: Asker, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    first = failed(endpoint, receiver)
    make_correction(Publication.objects.get(public_id=first.event.payload["publication"]))
    (second,) = fan_out(OutboxEvent.objects.get(type="claim.verdict_corrected"))
    assert Delivery.objects.get(pk=first.pk).state == "superseded"
    since = (timezone.now() - timedelta(days=1)).isoformat()
    answer = asker.post(f"webhook-endpoints/{endpoint.public_id}/replays", {"since": since}).json()
    assert answer["replayed"] == 0
    assert second.state == "pending"


def test_the_deliveries_of_a_removed_endpoint_can_still_be_read(
    asker: Asker, endpoint: WebhookEndpoint
) -> None:
    delivery = sent()
    asker.ask("DELETE", f"webhook-endpoints/{endpoint.public_id}")
    shown = asker.get(f"deliveries/{delivery.message_id}").json()
    assert (shown["state"], len(shown["attempts"])) == ("delivered", 1)


def test_another_partner_s_deliveries_are_not_there(asker: Asker, endpoint: WebhookEndpoint) -> None:
    delivery = sent()
    stranger = Asker(make_partner("stranger"))
    for path in (f"deliveries/{delivery.message_id}", f"webhook-endpoints/{endpoint.public_id}/deliveries"):
        assert_problem(stranger.get(path), 404)
    assert_problem(stranger.post(f"deliveries/{delivery.message_id}/replay", None), 404)
    assert_problem(asker.get("deliveries/msg_nothing"), 404)
    assert_problem(asker.get("deliveries/msg_" + "0" * 32), 404)
