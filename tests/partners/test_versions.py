"""Versions of one claim at one endpoint: the newest arrives, and never an older one after it."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from claimtracker.jobs import runner
from claimtracker.jobs.models import Job
from claimtracker.jobs.sweep import free_lost_leases
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import outbox
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners import delivery as delivering
from claimtracker.partners.actions import fan_out, replay_delivery
from claimtracker.partners.models import Delivery, DeliveryLane, WebhookEndpoint
from tests.factories import make_endpoint, make_partner
from tests.support.races import forced_interleaving

from .receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def endpoint(receiver: Receiver) -> WebhookEndpoint:
    endpoint = make_endpoint(url=receiver.url)
    receiver.secret = endpoint.secret
    return endpoint


@transaction.atomic
def published(version: int, claim: str = "c1") -> OutboxEvent:
    subject = WebhookEndpoint.objects.earliest("pk").partner
    payload = {"claim": claim, "version": version}
    return outbox.emit("claim.verdict_published", subject=subject, payload=payload)


def made(version: int, claim: str = "c1") -> Delivery:
    (delivery,) = fan_out(published(version, claim))
    return delivery


def work(delivery: Delivery) -> Delivery:
    """Run its job as a worker would, whenever it is due."""
    job = Job.objects.open().get(kind="partners.deliver", object_id=str(delivery.pk))
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    runner.run(job.pk)
    delivery.refresh_from_db()
    return delivery


def versions(receiver: Receiver) -> list[int]:
    return [received.event["data"]["version"] for received in receiver.received if received.event]


def states_of(*deliveries: Delivery) -> list[str]:
    return [Delivery.objects.get(pk=delivery.pk).state for delivery in deliveries]


def test_a_newer_version_takes_the_place_of_one_that_did_not_arrive(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers = [(500, {}, b""), (204, {}, b"")]
    first = work(made(1))
    second = made(2)
    assert states_of(first, second) == ["superseded", "pending"]
    assert Job.objects.due().filter(object_id=str(first.pk)).exists(), "its job ends now, not at its next try"
    work(second)
    work(first)
    assert states_of(first, second) == ["superseded", "delivered"]
    assert versions(receiver) == [1, 2]
    assert not Job.objects.open().filter(kind="partners.deliver").exists()


def test_what_failed_for_good_is_superseded_too(endpoint: WebhookEndpoint) -> None:
    first = made(1)
    Delivery.objects.filter(pk=first.pk).update(state="failed")
    second = made(2)
    assert states_of(first, second) == ["superseded", "pending"]


def test_an_event_that_comes_after_a_newer_one_is_not_sent(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    early, late = published(1), published(2)
    (second,) = fan_out(late)
    work(second)
    (first,) = fan_out(early)
    assert states_of(first, second) == ["superseded", "delivered"]
    assert not Job.objects.open().filter(object_id=str(first.pk), kind="partners.deliver").exists()
    assert versions(receiver) == [2]
    assert fan_out(early) == []


def test_other_claims_and_other_endpoints_have_lanes_of_their_own(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    other = make_endpoint(make_partner(), url=f"{receiver.url}/other")
    here, there = fan_out(published(1))
    elsewhere = fan_out(published(2, claim="c2"))
    assert states_of(here, there, *elsewhere) == ["pending"] * 4
    assert DeliveryLane.objects.count() == 0 or {lane.endpoint for lane in DeliveryLane.objects.all()} == {
        endpoint,
        other,
    }


def test_events_without_a_version_are_sent_without_order(endpoint: WebhookEndpoint) -> None:
    with transaction.atomic():
        event = outbox.emit("claim.verdict_published", subject=endpoint.partner, payload={"claim": "c1"})
    (delivery,) = fan_out(event)
    assert (delivery.claim, delivery.version) == ("", None)
    assert work(delivery).state == "delivered"
    assert not DeliveryLane.objects.exists()


def test_of_two_events_about_one_version_the_later_wins(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """A retraction may carry the version that it takes back."""
    first, second = made(1), made(1)
    assert states_of(first, second) == ["superseded", "pending"]


def test_a_newer_version_waits_while_an_older_one_is_under_way(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    first = made(1)
    message = delivering.begin(first.pk)
    assert isinstance(message, delivering.Message)
    second = made(2)
    assert states_of(first) == ["pending"], "what becomes of it is recorded when its try ends"
    assert work(second).state == "pending"
    assert versions(receiver) == []
    job = Job.objects.open().get(object_id=str(second.pk), kind="partners.deliver")
    assert job.due_at > timezone.now() + timedelta(seconds=20)

    outcome = delivering.send(message)
    with transaction.atomic():
        delivering.record(message, outcome, again_at=None)
    job.refresh_from_db()
    assert job.due_at <= timezone.now(), "the end of the first lets it go at once"
    work(second)
    assert versions(receiver) == [1, 2]
    assert states_of(first, second) == ["delivered", "delivered"]


def test_a_try_that_failed_while_a_newer_version_waited_is_not_repeated(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers = [(503, {}, b""), (204, {}, b"")]
    first = made(1)
    job = Job.objects.get(object_id=str(first.pk), kind="partners.deliver")
    second: list[Delivery] = []
    sent = delivering.outbound.fetch

    def fetch(*args: Any, **options: Any) -> Any:
        answer = sent(*args, **options)
        thread = threading.Thread(target=lambda: (second.append(made(2)), connection.close()))
        thread.start()
        thread.join()
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivering.outbound, "fetch", fetch)
        runner.run(job.pk)
    assert states_of(first) == ["superseded"]
    work(second[0])
    work(first)
    assert versions(receiver) == [1, 2]
    assert not Job.objects.open().filter(kind="partners.deliver").exists()


def test_after_a_try_whose_end_nobody_saw_the_next_version_waits_for_the_time_limit(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """A worker is killed in the middle of sending; the first try may still arrive."""
    first = made(1)
    job = Job.objects.get(object_id=str(first.pk), kind="partners.deliver")
    assert runner.lease(job.pk) is not None
    assert isinstance(delivering.begin(first.pk), delivering.Message)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert free_lost_leases() == 1
    assert work(first).state == "delivered", "the same version again may follow at once"
    second = made(2)
    assert work(second).state == "pending"
    assert versions(receiver) == [1]
    DeliveryLane.objects.update(unsettled_until=timezone.now())
    assert work(second).state == "delivered"
    assert versions(receiver) == [1, 2]


def test_a_worker_that_froze_before_sending_sends_nothing_when_its_time_is_over(
    endpoint: WebhookEndpoint, receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_TIMEOUT_SECONDS = 0.2
    message = delivering.begin(made(1).pk)
    assert isinstance(message, delivering.Message)
    time.sleep(0.25)
    outcome = delivering.send(message)
    assert not outcome.delivered
    assert outcome.error.startswith("Not sent")
    assert receiver.received == []


def test_an_older_version_is_not_sent_again_by_hand(endpoint: WebhookEndpoint) -> None:
    first = made(1)
    Delivery.objects.filter(pk=first.pk).update(state="failed")
    made(2)
    Delivery.objects.filter(pk=first.pk).exclude(state="superseded").update(state="failed")
    with pytest.raises(ActionRefused, match="A newer version of this claim") as refusal:
        replay_delivery(first, by="system")
    assert refusal.value.code == "superseded"


def test_the_database_lets_no_older_version_begin_after_a_newer(endpoint: WebhookEndpoint) -> None:
    older, newer = made(1), made(2)
    assert isinstance(delivering.begin(newer.pk), delivering.Message)
    lane = DeliveryLane.objects.get()
    assert (lane.begun_version, lane.last) == (2, newer)
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        DeliveryLane.objects.update(begun_version=1, last=older)


def test_of_two_workers_that_begin_two_versions_at_once_one_waits(endpoint: WebhookEndpoint) -> None:
    """Both have looked before either holds the lane: still only the newer one goes out."""
    for number in range(20):
        claim = f"race {number}"
        first = made(1, claim)
        begun = delivering.begin(first.pk)  # makes the lane
        assert isinstance(begun, delivering.Message)
        second = made(2, claim)
        DeliveryLane.objects.filter(claim=claim).update(busy_until=None)
        assert states_of(first, second) == ["pending", "pending"]
        lane = DeliveryLane.objects.get(claim=claim)
        one, other = forced_interleaving(
            lambda: delivering.begin(first.pk),  # noqa: B023 - called here
            lambda: delivering.begin(second.pk),  # noqa: B023 - called here
            over=lane,
        )
        assert one.won and other.won
        assert isinstance(other.value, delivering.Message)
        assert one.value is None
        assert DeliveryLane.objects.get(claim=claim).begun_version == 2


def test_a_new_version_and_a_try_of_the_former_meet(endpoint: WebhookEndpoint) -> None:
    """Whichever comes first, the newer one ends up pending and the older one superseded or under way."""
    for number in range(20):
        claim = f"meeting {number}"
        first = made(1, claim)
        assert isinstance(delivering.begin(first.pk), delivering.Message)
        DeliveryLane.objects.filter(claim=claim).update(busy_until=None, unsettled_until=None)
        lane, event = DeliveryLane.objects.get(claim=claim), published(2, claim)
        begun, fanned = forced_interleaving(
            lambda: delivering.begin(first.pk),  # noqa: B023 - called here
            lambda: fan_out(event),  # noqa: B023 - called here
            over=lane,
        )
        assert begun.won and fanned.won, (begun, fanned)
        (second,) = fanned.value
        if begun.value is None:
            assert states_of(first, second) == ["superseded", "pending"]
        else:
            assert states_of(first, second) == ["pending", "pending"]
            assert isinstance(delivering.begin(second.pk), delivering.Waiting)
