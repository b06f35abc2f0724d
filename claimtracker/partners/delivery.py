"""Bringing one webhook to one endpoint, in three steps: read, send without any transaction, record.

A job that runs twice sends the same bytes under the same ``webhook-id``; the receiver drops the second.
Of one claim only one version is on its way to an endpoint at a time, and never an older one after a newer.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claimtracker import jobs
from claimtracker.kernel import outbound
from claimtracker.kernel.commits import after_commit
from claimtracker.kernel.outbound import OutboundRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent

from . import lanes, schedule, states
from .endpoints import disable_locked
from .models import Attempt, Delivery, WebhookEndpoint
from .signing import signed_headers

MOST_ANSWER_BYTES = 1_000_000
EXCERPT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Message:
    """Everything that a try needs, read beforehand."""

    delivery_id: int
    message_id: str
    url: str
    secret: str
    body: bytes
    tries: int
    refusal: str = ""
    begun_at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another version of the claim may be on its way to the endpoint ``until`` then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try. ``error`` is empty when the receiver took the message."""

    status: int | None
    error: str
    excerpt: str
    seconds: float
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        return not self.error

    @property
    def gone(self) -> bool:
        return self.status == 410


def body_of(event: OutboxEvent) -> bytes:
    """The message's exact bytes: the same for every try and every endpoint."""
    content: dict[str, Any] = {
        "type": event.type,
        "timestamp": event.created_at.isoformat().replace("+00:00", "Z"),
        "data": event.payload,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


@transaction.atomic
def begin(delivery_id: int | str) -> Message | Waiting | None:
    """Step one. None when there is nothing left to send (delivered, failed, superseded by a newer version, or
    gone with its endpoint). Locks the claim's lane at the endpoint, then the delivery."""
    found = Delivery.objects.filter(pk=delivery_id, state=states.PENDING).first()
    if found is None:
        return None
    lane = lanes.lock_lane(found.endpoint_id, found.claim)
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("endpoint__partner", "event")
        .filter(pk=delivery_id, state=states.PENDING)
        .first()
    )
    if delivery is None:
        return None
    refusal = _closed_because(delivery.endpoint)
    if lane is not None and lanes.is_outdated(delivery):
        _supersede(delivery)
        return None
    if lane is not None and not refusal:
        until = lanes.begin_try(lane, delivery)
        if until is not None:
            return Waiting(until)
    return Message(
        delivery_id=delivery.pk,
        message_id=delivery.message_id,
        url=delivery.endpoint.url,
        secret=delivery.endpoint.secret,
        body=body_of(delivery.event),
        tries=delivery.tries,
        refusal=refusal,
    )


def send(message: Message) -> Outcome:
    """Step two: one try over the network, outside any transaction. Whatever a receiver does is an Outcome.

    The time limit runs from step one: a worker that froze in between sends nothing when it wakes up, since
    its turn may be over.
    """
    if message.refusal:
        return Outcome(None, message.refusal, "", 0.0)
    now = timezone.now()
    seconds_left = settings.WEBHOOK_TIMEOUT_SECONDS - (time.monotonic() - message.begun_at)
    if seconds_left <= 0:
        return Outcome(None, "Not sent: this worker was held up for longer than a try may take.", "", 0.0)
    headers = {
        "content-type": "application/json",
        **signed_headers(
            message.body, message_id=message.message_id, at=now, signing_secrets=[message.secret]
        ),
    }
    try:
        response = outbound.fetch(
            message.url,
            method="POST",
            body=message.body,
            headers=headers,
            max_bytes=MOST_ANSWER_BYTES,
            timeout=seconds_left,
            cut_body=True,  # a receiver that says yes in many words has said yes
        )
    except OutboundRefused as refusal:
        return Outcome(None, refusal.reason[:500], "", (timezone.now() - now).total_seconds())
    return Outcome(
        status=response.status,
        error=_failure(response.status),
        excerpt=_excerpt(response.body),
        seconds=response.elapsed_seconds,
        retry_after=schedule.retry_after(response.status, response.headers, now=timezone.now()),
    )


def again_at(message: Message, outcome: Outcome) -> datetime | None:
    """When the job must run again; None when this try was the last word."""
    if outcome.delivered or outcome.gone or message.refusal:
        return None
    return schedule.next_try_at(message.tries + 1, now=timezone.now(), retry_after=outcome.retry_after)


def record(message: Message, outcome: Outcome, *, again_at: datetime | None) -> None:
    """Step three, inside the job's commit: the attempt, and what it means for delivery and endpoint.

    Locks the claim's lane, the delivery, then its endpoint.
    """
    found = Delivery.objects.filter(pk=message.delivery_id).first()
    if found is None:
        return
    lane = lanes.lock_lane(found.endpoint_id, found.claim)
    delivery = Delivery.objects.select_for_update().get(pk=message.delivery_id)
    if lane is not None and not message.refusal:
        for waiting in lanes.end_try(lane, delivery):
            after_commit(jobs.enqueue, "partners.deliver", waiting)
    if delivery.state != states.PENDING:
        return
    _add_attempt(delivery, outcome)
    delivery.tries = message.tries + 1
    if outcome.delivered:
        delivery.state, delivery.finished_at = states.DELIVERED, timezone.now()
    elif again_at is None:
        delivery.state, delivery.finished_at = states.FAILED, timezone.now()
        _close_endpoint(delivery, message, outcome)
    delivery.save(update_fields=["tries", "state", "finished_at"])
    if delivery.state != states.DELIVERED and lane is not None and lanes.is_outdated(delivery):
        _supersede(delivery)
        jobs.enqueue("partners.deliver", delivery.pk)  # our own job: it has nothing to wait for any more


def _add_attempt(delivery: Delivery, outcome: Outcome) -> None:
    last = delivery.attempts.order_by("-number").values_list("number", flat=True).first()
    Attempt.objects.create(
        delivery=delivery,
        number=(last or 0) + 1,
        status_code=outcome.status,
        error=outcome.error[:500],
        response_excerpt=outcome.excerpt,
        seconds=outcome.seconds,
    )


def _supersede(delivery: Delivery) -> None:
    states.DELIVERY.check(delivery.state, states.SUPERSEDED)
    delivery.state, delivery.finished_at = states.SUPERSEDED, timezone.now()
    delivery.save(update_fields=["state", "finished_at"])


def _close_endpoint(delivery: Delivery, message: Message, outcome: Outcome) -> None:
    if message.refusal:
        return
    if outcome.gone:
        reason = "The receiver answered 410 Gone: it wants no more messages."
    else:
        reason = f"{schedule.tries()} tries of {message.message_id} failed; the last: {outcome.error}"
    disable_locked(delivery.endpoint_id, reason=reason, by=audit.SYSTEM)


def _closed_because(endpoint: WebhookEndpoint) -> str:
    if not endpoint.is_active:
        return "Not sent: the endpoint is switched off."
    if not endpoint.partner.is_active:
        return "Not sent: the partner's access is switched off."
    return ""


def _excerpt(body: bytes) -> str:
    text = body[: EXCERPT_LENGTH * 4].decode("utf-8", "replace")
    return text.replace("\x00", "")[:EXCERPT_LENGTH]  # PostgreSQL stores no NUL


def _failure(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"The receiver redirected ({status}). Redirects are not followed: register the final address."
    return f"The receiver answered {status}."
