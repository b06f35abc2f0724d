"""Events brought to a real receiver over a real socket."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from claimtracker.jobs import runner
from claimtracker.jobs import states as job_states
from claimtracker.jobs.models import Job
from claimtracker.jobs.sweep import free_lost_leases
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import outbox
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from claimtracker.partners import delivery as delivering
from claimtracker.partners import schedule
from claimtracker.partners.actions import (
    disable_endpoint,
    enable_endpoint,
    fan_out,
    replay_delivery,
    send_test,
)
from claimtracker.partners.endpoints import change_endpoint, remove_endpoint, rotate_secret
from claimtracker.partners.models import Delivery, WebhookEndpoint
from tests.factories import make_endpoint, make_partner, make_publication

from .receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def endpoint(receiver: Receiver) -> WebhookEndpoint:
    endpoint = make_endpoint(url=receiver.url)
    receiver.secret = endpoint.secret
    return endpoint


def publish() -> OutboxEvent:
    publication = make_publication()
    return OutboxEvent.objects.get(type="claim.verdict_published", subject_id=str(publication.pk))


def work(kind: str) -> Job:
    """Run the open job of this kind as a worker would, now, whenever it is due."""
    job = Job.objects.open().get(kind=kind)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    runner.run(job.pk)
    job.refresh_from_db()
    return job


def delivered(endpoint: WebhookEndpoint) -> Delivery:
    return Delivery.objects.get(endpoint=endpoint)


def wait_of(job: Job) -> float:
    return (job.due_at - timezone.now()).total_seconds()


def test_a_publication_reaches_the_receiver_signed(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    event = publish()
    work("partners.fan_out")
    job = work("partners.deliver")
    assert job.state == job_states.DONE

    message = receiver.received[0]
    assert message.event == json.loads(message.body)
    assert message.event is not None
    assert message.event["type"] == "claim.verdict_published"
    assert message.event["data"] == event.payload
    assert message.event["timestamp"].endswith("Z")
    assert len(message.body) < 20_000
    assert message.headers["content-type"] == "application/json"

    row = delivered(endpoint)
    assert message.headers["webhook-id"] == row.message_id
    assert (row.state, row.tries) == ("delivered", 1)
    attempt = row.attempts.get()
    assert (attempt.number, attempt.status_code, attempt.error) == (1, 204, "")


def test_nothing_is_open_in_the_database_while_the_receiver_thinks(
    endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = []
    sent = delivering.outbound.fetch

    def fetch(*args: object, **options: object) -> object:
        inside.append(connection.in_atomic_block)
        return sent(*args, **options)  # type: ignore[arg-type] - passed through

    monkeypatch.setattr(delivering.outbound, "fetch", fetch)
    publish()
    work("partners.fan_out")
    work("partners.deliver")
    assert inside == [False]


def test_500_then_200_is_two_attempts_of_one_message(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    receiver.answers = [(500, {}, b"our database\x00 fell over " + "é".encode() * 2000), (200, {}, b"ok")]
    publish()
    work("partners.fan_out")
    job = work("partners.deliver")
    assert job.state == job_states.QUEUED
    assert 4 < wait_of(job) <= 6.1
    assert delivered(endpoint).state == "pending"
    work("partners.deliver")

    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    row = delivered(endpoint)
    assert (row.state, row.tries) == ("delivered", 2)
    attempts = list(row.attempts.all())
    assert [attempt.status_code for attempt in attempts] == [500, 200]
    assert attempts[0].error == "The receiver answered 500."
    assert attempts[0].response_excerpt.startswith("our database fell over é")
    assert len(attempts[0].response_excerpt) == 500


def test_410_ends_the_endpoint(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    receiver.answers = [(410, {}, b"")]
    publish()
    work("partners.fan_out")
    assert work("partners.deliver").state == job_states.DONE
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert "410" in endpoint.disabled_because
    assert delivered(endpoint).state == "failed"
    assert AuditEntry.objects.about(endpoint).filter(verb="webhook_endpoint.disabled").exists()
    publish()
    work("partners.fan_out")
    assert Delivery.objects.count() == 1


def test_a_redirect_is_a_failure_that_is_not_followed(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    receiver.answers = [(307, {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}, b"")]
    publish()
    work("partners.fan_out")
    assert work("partners.deliver").state == job_states.QUEUED
    assert [message.path for message in receiver.received] == ["/hook"]
    assert "register the final address" in delivered(endpoint).attempts.get().error


def test_a_slow_receiver_is_left_after_the_time_limit(
    endpoint: WebhookEndpoint, receiver: Receiver, settings: Any
) -> None:
    assert 15 <= settings.WEBHOOK_TIMEOUT_SECONDS <= 30
    settings.WEBHOOK_TIMEOUT_SECONDS = 0.3
    receiver.seconds = 1.5
    publish()
    work("partners.fan_out")
    assert work("partners.deliver").state == job_states.QUEUED
    attempt = delivered(endpoint).attempts.get()
    assert attempt.status_code is None
    assert attempt.error
    assert 0.2 < attempt.seconds < 1.2


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_retry_after_is_honoured(endpoint: WebhookEndpoint, receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {"Retry-After": "900"}, b"")]
    publish()
    work("partners.fan_out")
    assert 890 < wait_of(work("partners.deliver")) <= 901


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1/hook", "never fetched"),
        ("https://127.0.0.1/hook", "never fetched"),
        ("https://metadata.internal/hook", "never fetched"),
        ("https://2130706433/hook", "never fetched"),
        ("http://127.0.0.1:{port}/hook", "not allowed"),
    ],
)
def test_a_private_address_is_never_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, url: str, says: str
) -> None:
    endpoint = make_endpoint()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url=url.format(port=receiver.port))
    monkeypatch.delenv("CLAIMTRACKER_OUTBOUND_ALLOW")
    publish()
    work("partners.fan_out")
    assert work("partners.deliver").state == job_states.QUEUED
    assert receiver.received == []
    attempt = delivered(endpoint).attempts.get()
    assert attempt.status_code is None
    assert says in attempt.error


def test_after_the_last_try_the_endpoint_is_off_and_says_why(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers = [(500, {}, b"")]
    publish()
    work("partners.fan_out")
    waits = []
    for _ in schedule.ladder():
        job = work("partners.deliver")
        waits.append(wait_of(job) if job.state == job_states.QUEUED else 0)
    assert job.state == job_states.DONE
    assert waits[:-1] == sorted(waits[:-1])
    row = delivered(endpoint)
    assert (row.state, row.tries, row.attempts.count()) == ("failed", 10, 10)
    assert row.finished_at is not None
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert endpoint.disabled_because.startswith("10 tries of msg_")
    assert endpoint.disabled_because.endswith("The receiver answered 500.")
    assert {message.headers["webhook-id"] for message in receiver.received} == {row.message_id}


def test_a_failed_delivery_can_be_sent_again(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    receiver.answers = [(410, {}, b""), (503, {}, b""), (200, {}, b"")]
    publish()
    work("partners.fan_out")
    work("partners.deliver")
    row = delivered(endpoint)
    with pytest.raises(ActionRefused, match="switched off"):
        replay_delivery(row, by="system")
    enable_endpoint(endpoint, by="system")
    assert replay_delivery(row, by="system").state == "pending"
    assert 4 < wait_of(work("partners.deliver")) <= 6.1, "from the foot of the ladder"
    work("partners.deliver")
    row.refresh_from_db()
    assert (row.state, row.tries, row.attempts.count()) == ("delivered", 2, 3)
    assert len({message.headers["webhook-id"] for message in receiver.received}) == 1
    with pytest.raises(ActionRefused, match="delivered cannot become pending"):
        replay_delivery(row, by="system")


def test_an_endpoint_switched_off_gets_nothing(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    publish()
    work("partners.fan_out")
    disable_endpoint(endpoint, reason="The partner asked.", by="system")
    assert work("partners.deliver").state == job_states.DONE
    assert receiver.received == []
    assert delivered(endpoint).state == "failed"
    endpoint.refresh_from_db()
    assert endpoint.disabled_because == "The partner asked."


def test_fan_out_finds_who_wants_the_event_and_runs_twice_without_harm(receiver: Receiver) -> None:
    partner = make_partner()
    everything = make_endpoint(partner, url="https://a.example/")
    named = make_endpoint(partner, url="https://b.example/", event_types=["claim.verdict_published"])
    other = make_endpoint(partner, url="https://c.example/")
    WebhookEndpoint.objects.filter(pk=other.pk).update(event_types=["claim.corrected"])
    disable_endpoint(make_endpoint(partner, url="https://d.example/"), reason="Off.", by="system")
    make_endpoint(make_partner(is_active=False), url="https://e.example/")
    event = publish()
    assert {delivery.endpoint for delivery in fan_out(event)} == {everything, named}
    assert fan_out(event) == []
    assert Job.objects.filter(kind="partners.deliver").count() == 2
    assert Delivery.objects.values("message_id").distinct().count() == 2


def test_a_job_that_lost_its_lease_records_nothing_and_the_next_sends_the_same_message(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    publish()
    work("partners.fan_out")
    job = Job.objects.get(kind="partners.deliver")
    held = runner.lease(job.pk)
    assert held is not None
    # the worker dies after sending, before recording; the sweep gives the job to another
    message = delivering.begin(held.object_id)
    assert isinstance(message, delivering.Message)
    assert delivering.send(message).delivered
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert free_lost_leases() == 1
    work("partners.deliver")
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert [attempt.error[:11] for attempt in delivered(endpoint).attempts.all()] == ["Interrupted", ""]
    assert delivered(endpoint).tries == 1, "a try that we cut off ourselves takes no place on the ladder"


def test_an_event_with_an_audience_goes_to_that_partner_alone(receiver: Receiver) -> None:
    concerned, other = make_partner("concerned"), make_partner("other")
    theirs = make_endpoint(concerned, url="https://a.example/")
    make_endpoint(other, url="https://b.example/")
    with transaction.atomic():
        event = outbox.emit(
            "claim.verdict_published", subject=concerned, payload={}, audience=concerned.origin
        )
    assert [delivery.endpoint for delivery in fan_out(event)] == [theirs]


def test_an_addressed_event_without_its_audience_goes_to_nobody(settings: Any) -> None:
    make_endpoint()
    event = publish()
    settings.OUTBOX_ADDRESSED = frozenset({"claim.verdict_published"})
    assert fan_out(event) == []


def test_a_test_message_has_one_try_and_ends_no_endpoint(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers = [(500, {}, b"")]
    delivery = send_test(endpoint, by="system")
    assert work("partners.deliver").state == job_states.DONE
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts.count()) == ("failed", 1)
    endpoint.refresh_from_db()
    assert endpoint.is_active
    assert receiver.received[0].event is not None
    assert receiver.received[0].event["type"] == "webhook.test"


def test_a_changed_address_and_secret_hold_from_the_next_try_on_with_the_same_bytes(
    endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answers = [(503, {}, b""), (204, {}, b"")]
    publish()
    work("partners.fan_out")
    work("partners.deliver")
    moved = change_endpoint(endpoint, by="system", url=f"{receiver.url}/new")
    receiver.secret = rotate_secret(moved, by="system").secret
    monkeypatch.setattr(delivering, "body_of", lambda event: b'{"written by": "a later version of the code"}')
    work("partners.deliver")
    first, second = receiver.received
    assert (first.path, second.path) == ("/hook", "/hook/new")
    assert first.body == second.body


def test_a_message_is_smaller_than_20_kb_whatever_was_written(endpoint: WebhookEndpoint) -> None:
    with transaction.atomic():
        event = outbox.emit(
            "claim.verdict_corrected",
            subject=endpoint,
            payload={"claim": "c", "version": 2, "change_note": "é" * 30_000, "rating": "False"},
        )
    body = delivering.body_of(event)
    assert len(body) < 20_000
    said = json.loads(body)["data"]
    assert said["change_note"].endswith("é…")
    assert said["rating"] == "False"


def test_a_removed_endpoint_gets_nothing(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    publish()
    work("partners.fan_out")
    remove_endpoint(endpoint, by="system")
    assert work("partners.deliver").state == job_states.DONE
    assert receiver.received == []
    assert delivered(endpoint).state == "failed"
    assert "removed" in delivered(endpoint).attempts.get().error
