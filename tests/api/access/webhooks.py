"""Webhook endpoints, deliveries, events and receipts."""

from __future__ import annotations

from typing import Any

from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.actions import send_test
from claimtracker.partners.models import Delivery, Scope
from claimtracker.partners.ordering import place_event
from tests.api.conftest import Asker
from tests.factories import make_correction, make_endpoint, make_publication

from . import Endpoint, Stranger, Thing


def own_endpoint(owner: Asker) -> Thing:
    endpoint = make_endpoint(owner.partner)
    return Thing({"id": endpoint.public_id}, (str(endpoint.public_id),))


def among_endpoints(owner: Asker) -> Thing:
    return Thing(marks=own_endpoint(owner).marks)


def endpoint_with_deliveries(owner: Asker) -> Thing:
    endpoint = make_endpoint(owner.partner)
    delivery = send_test(endpoint, by="system")
    return Thing({"id": endpoint.public_id}, (delivery.message_id,))


def own_delivery(owner: Asker) -> Thing:
    delivery = send_test(make_endpoint(owner.partner), by="system")
    return Thing({"id": delivery.message_id}, (delivery.message_id,))


def failed_delivery(owner: Asker) -> Thing:
    thing = own_delivery(owner)
    Delivery.objects.filter(message_id=thing.address["id"]).update(state="failed")
    return thing


def own_event(owner: Asker) -> Thing:
    publication = make_publication()
    event = OutboxEvent.objects.get(type="claim.verdict_published", subject_id=str(publication.pk))
    place_event(event)
    return Thing(marks=(str(event.uid),))


def newest_publication(owner: Asker) -> Thing:
    publication = make_publication()
    return Thing({"id": publication.public_id}, (str(publication.public_id),))


def own_receipt(owner: Asker) -> Thing:
    first = make_publication()
    owner.get(f"publications/{first.public_id}")
    second = make_correction(first)
    for event in OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("pk"):
        place_event(event)
    return Thing(marks=(str(second.public_id),))


HOOKS: Any = Scope.WEBHOOKS
NEW = {"url": "https://receiver.example/new"}

ENDPOINTS = [
    Endpoint("api-v1:webhook-endpoints", "GET", HOOKS, among_endpoints, Stranger.SEES_NONE),
    Endpoint("api-v1:webhook-endpoints", "POST", HOOKS, body=NEW, status=201),
    Endpoint("api-v1:webhook-endpoint", "GET", HOOKS, own_endpoint, Stranger.NOT_FOUND),
    Endpoint("api-v1:webhook-endpoint", "PATCH", HOOKS, own_endpoint, Stranger.NOT_FOUND, body=NEW),
    Endpoint("api-v1:webhook-endpoint", "DELETE", HOOKS, own_endpoint, Stranger.NOT_FOUND, status=204),
    Endpoint("api-v1:webhook-rotations", "POST", HOOKS, own_endpoint, Stranger.NOT_FOUND, body={}),
    Endpoint("api-v1:webhook-tests", "POST", HOOKS, own_endpoint, Stranger.NOT_FOUND, status=202),
    Endpoint(
        "api-v1:webhook-replays", "POST", HOOKS, own_endpoint, Stranger.NOT_FOUND,
        body={"since": "2026-11-20T09:30:00Z"}, status=202,
    ),
    Endpoint("api-v1:deliveries", "GET", HOOKS, endpoint_with_deliveries, Stranger.NOT_FOUND),
    Endpoint("api-v1:delivery", "GET", HOOKS, own_delivery, Stranger.NOT_FOUND),
    Endpoint("api-v1:delivery-replay", "POST", HOOKS, failed_delivery, Stranger.NOT_FOUND, status=202),
    Endpoint("api-v1:event-types", "GET", HOOKS, stranger=Stranger.SEES_THE_SAME),
    Endpoint("api-v1:events", "GET", Scope.READ, own_event, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:receipts", "GET", Scope.READ, own_receipt, Stranger.SEES_NONE),
    Endpoint(
        "api-v1:acknowledgement", "POST", Scope.READ, newest_publication, Stranger.SEES_THE_SAME,
        body={"status": "updated"},
    ),
]  # fmt: skip
