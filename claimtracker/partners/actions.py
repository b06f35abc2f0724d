"""What happens to events and deliveries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.kernel.commits import after_commit
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit, outbox
from claimtracker.ledger.models import OutboxEvent

from . import lanes, states
from .endpoints import create_endpoint, disable_endpoint, enable_endpoint
from .event_types import TEST, TEST_WORDS
from .keys import issue_key, revoke_key, rotate_key
from .models import ORIGIN, Delivery, WebhookEndpoint
from .standing import resume_partner, suspend_partner

MOST_REPLAYS = 500


@dataclass(frozen=True, slots=True)
class ReplayedMany:
    """What became of a replay of many. ``is_more``: there were more than one call takes."""

    replayed: list[Delivery]
    passed_over: int
    is_more: bool


@transaction.atomic
def fan_out(event: OutboxEvent) -> list[Delivery]:
    """One delivery, and its job, for each active endpoint that wants the event. Returns the new ones.

    An event with an audience goes to that partner's endpoints and to no other. Locks each endpoint's lane for
    the claim. Versions of the claim that have not arrived there are superseded; an event that comes after a
    newer one is superseded itself. Safe to run twice: the constraint lets each endpoint have an event once.
    """
    wanting = [
        endpoint
        for endpoint in concerned_by(event).order_by("pk")
        if not endpoint.event_types or event.type in endpoint.event_types
    ]
    made = [_deliver_to(endpoint, event) for endpoint in wanting]
    return [delivery for delivery in made if delivery is not None]


def concerned_by(event: OutboxEvent) -> models.QuerySet[WebhookEndpoint]:
    """The endpoints that may be told of it."""
    listening = WebhookEndpoint.objects.listening()
    if event.audience:
        return listening.filter(partner__slug=event.audience.removeprefix(ORIGIN))
    return listening.none() if event.type in settings.OUTBOX_ADDRESSED else listening


def _deliver_to(endpoint: WebhookEndpoint, event: OutboxEvent) -> Delivery | None:
    place = lanes.place_of(event)
    lanes.lock_lane(endpoint.pk, place.get("claim", ""))
    delivery, created = Delivery.objects.get_or_create(
        endpoint=endpoint,
        event=event,
        defaults={"message_id": new_message_id(), "event_type": event.type, **place},
    )
    if not created:
        return None
    if place and lanes.is_outdated(delivery):
        states.DELIVERY.check(delivery.state, states.SUPERSEDED)
        delivery.state, delivery.finished_at = states.SUPERSEDED, timezone.now()
        delivery.save(update_fields=["state", "finished_at"])
        return delivery
    if place:
        look_at_after_commit(lanes.supersede_older(delivery))
    jobs.enqueue("partners.deliver", delivery.pk)
    return delivery


def new_message_id() -> str:
    """What the receiver knows a message by; it holds no dot, which separates the signed parts."""
    return f"msg_{uuid.uuid4().hex}"


def look_at_after_commit(delivery_ids: list[int]) -> None:
    """Have these deliveries looked at, now instead of at their next try. Not before the commit: their jobs'
    rows are locked before lanes, and we hold a lane."""
    for pk in delivery_ids:
        after_commit(jobs.enqueue, "partners.deliver", pk)


@transaction.atomic
def replay_delivery(delivery: Delivery, *, by: Any) -> Delivery:
    """Send a failed delivery again from the foot of the ladder, under the same ``webhook-id``.

    Locks the lane, then the row. Raises ActionRefused when it has not failed, a newer version of the claim
    was made for the endpoint since (``superseded``), or the endpoint is off. Audits delivery.replayed.
    """
    lanes.lock_lane(delivery.endpoint_id, delivery.claim)
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state == states.SUPERSEDED or (row.claim and lanes.is_outdated(row)):
        raise ActionRefused(
            _("A newer version of this claim was made for this endpoint. Send that one again instead."),
            code="superseded",
        )
    states.DELIVERY.check(row.state, states.PENDING)
    if not row.endpoint.is_active:
        raise ActionRefused(
            _("The endpoint is switched off. Switch it on, then send again."), code="endpoint_off"
        )
    now = timezone.now()
    row.state, row.tries, row.finished_at, row.next_try_at = states.PENDING, 0, None, now
    row.save(update_fields=["state", "tries", "finished_at", "next_try_at"])
    jobs.enqueue("partners.deliver", row.pk, due_at=now)
    audit.record("delivery.replayed", by=by, subject=row, details={"endpoint": row.endpoint_id})
    return row


@transaction.atomic
def replay_failed(endpoint: WebhookEndpoint, *, since: datetime, by: Any) -> ReplayedMany:
    """:func:`replay_delivery` for what failed at the endpoint since then, oldest first, MOST_REPLAYS at once.

    What a newer version took the place of is passed over. Raises ActionRefused when the endpoint is off.
    """
    failed = Delivery.objects.filter(endpoint=endpoint, state=states.FAILED, finished_at__gte=since)
    rows = list(failed.exclude(event_type=TEST).order_by("pk")[: MOST_REPLAYS + 1])
    replayed, passed_over = [], 0
    for row in rows[:MOST_REPLAYS]:
        try:
            replayed.append(replay_delivery(row, by=by))
        except ActionRefused as refusal:
            if refusal.code == "endpoint_off":
                raise
            passed_over += 1  # a newer version was made, or somebody replays it at this moment
    return ReplayedMany(replayed, passed_over, is_more=len(rows) > MOST_REPLAYS)


@transaction.atomic
def send_test(endpoint: WebhookEndpoint, *, by: Any) -> Delivery:
    """Send ``webhook.test`` to this endpoint and to no other, in one try. Locks the row.

    Raises ActionRefused when it is off or was removed. Audits webhook_endpoint.tested.
    """
    row = (
        WebhookEndpoint.objects.select_for_update(of=("self",)).select_related("partner").get(pk=endpoint.pk)
    )
    if not row.is_active:
        raise ActionRefused(
            _("The endpoint is switched off. Switch it on, then test it."), code="endpoint_off"
        )
    payload = {"endpoint": str(row.public_id), "message": TEST_WORDS}
    event = outbox.emit(TEST, subject=row, payload=payload, audience=row.partner.origin)
    delivery = Delivery.objects.create(
        endpoint=row, event=event, event_type=TEST, message_id=new_message_id(), next_try_at=timezone.now()
    )
    jobs.enqueue("partners.deliver", delivery.pk)
    audit.record("webhook_endpoint.tested", by=by, subject=row)
    return delivery


__all__ = [
    "create_endpoint",
    "disable_endpoint",
    "enable_endpoint",
    "fan_out",
    "issue_key",
    "look_at_after_commit",
    "replay_delivery",
    "replay_failed",
    "resume_partner",
    "revoke_key",
    "rotate_key",
    "send_test",
    "suspend_partner",
]
