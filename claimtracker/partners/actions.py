"""What happens to events and deliveries."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.kernel.commits import after_commit
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent

from . import lanes, states
from .endpoints import create_endpoint, disable_endpoint, enable_endpoint
from .keys import issue_key, revoke_key, rotate_key
from .models import Delivery, WebhookEndpoint
from .standing import resume_partner, suspend_partner


@transaction.atomic
def fan_out(event: OutboxEvent) -> list[Delivery]:
    """One delivery, and its job, for each active endpoint that wants the event. Returns the new ones.

    Locks each endpoint's lane for the claim. Versions of the claim that have not arrived there are
    superseded; an event that comes after a newer one is superseded itself. Safe to run twice: the constraint
    lets each endpoint have an event once.
    """
    wanting = [
        endpoint
        for endpoint in WebhookEndpoint.objects.filter(is_active=True, partner__is_active=True).order_by("pk")
        if not endpoint.event_types or event.type in endpoint.event_types
    ]
    made = [_deliver_to(endpoint, event) for endpoint in wanting]
    return [delivery for delivery in made if delivery is not None]


def _deliver_to(endpoint: WebhookEndpoint, event: OutboxEvent) -> Delivery | None:
    place = lanes.place_of(event)
    lanes.lock_lane(endpoint.pk, place.get("claim", ""))
    delivery, created = Delivery.objects.get_or_create(
        endpoint=endpoint, event=event, defaults={"message_id": f"msg_{uuid.uuid4().hex}", **place}
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
    row.state, row.tries, row.finished_at = states.PENDING, 0, None
    row.save(update_fields=["state", "tries", "finished_at"])
    jobs.enqueue("partners.deliver", row.pk, due_at=timezone.now())
    audit.record("delivery.replayed", by=by, subject=row, details={"endpoint": row.endpoint_id})
    return row


__all__ = [
    "create_endpoint",
    "disable_endpoint",
    "enable_endpoint",
    "fan_out",
    "issue_key",
    "look_at_after_commit",
    "replay_delivery",
    "resume_partner",
    "revoke_key",
    "rotate_key",
    "suspend_partner",
]
