"""What happens to events and deliveries."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from claimtracker import jobs
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent

from . import states
from .endpoints import create_endpoint, disable_endpoint, enable_endpoint
from .keys import issue_key, revoke_key
from .models import Delivery, WebhookEndpoint


@transaction.atomic
def fan_out(event: OutboxEvent) -> list[Delivery]:
    """One delivery, and its job, for each active endpoint that wants the event. Returns the new ones.

    Safe to run twice: the constraint lets each endpoint have an event once.
    """
    wanting = [
        endpoint
        for endpoint in WebhookEndpoint.objects.filter(is_active=True, partner__is_active=True).order_by("pk")
        if not endpoint.event_types or event.type in endpoint.event_types
    ]
    fresh = []
    for endpoint in wanting:
        delivery, created = Delivery.objects.get_or_create(
            endpoint=endpoint, event=event, defaults={"message_id": f"msg_{uuid.uuid4().hex}"}
        )
        if created:
            jobs.enqueue("partners.deliver", delivery.pk)
            fresh.append(delivery)
    return fresh


@transaction.atomic
def replay_delivery(delivery: Delivery, *, by: Any) -> Delivery:
    """Send a failed delivery again from the foot of the ladder, under the same ``webhook-id``.

    Locks the row. Raises ActionRefused when it has not failed, or its endpoint is off.
    """
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    states.DELIVERY.check(row.state, states.PENDING)
    if not row.endpoint.is_active:
        raise ActionRefused(
            "The endpoint is switched off. Switch it on, then send again.", code="endpoint_off"
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
    "replay_delivery",
    "revoke_key",
]
