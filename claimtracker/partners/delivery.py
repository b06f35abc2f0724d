"""Bringing one webhook to one endpoint, in three steps: read, send without any transaction, record.

A job that runs twice sends the same bytes under the same ``webhook-id``; the receiver drops the second.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from claimtracker.kernel import outbound
from claimtracker.kernel.outbound import OutboundRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent

from . import schedule, states
from .endpoints import disable_locked
from .models import Attempt, Delivery, WebhookEndpoint
from .signing import signed_headers

TIMEOUT_SECONDS = 20.0
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


def read_message(delivery_id: int | str) -> Message | None:
    """Step one. None when there is nothing left to send (delivered, failed, or gone with its endpoint)."""
    delivery = (
        Delivery.objects.select_related("endpoint__partner", "event")
        .filter(pk=delivery_id, state=states.PENDING)
        .first()
    )
    if delivery is None:
        return None
    return Message(
        delivery_id=delivery.pk,
        message_id=delivery.message_id,
        url=delivery.endpoint.url,
        secret=delivery.endpoint.secret,
        body=body_of(delivery.event),
        tries=delivery.tries,
        refusal=_closed_because(delivery.endpoint),
    )


def send(message: Message) -> Outcome:
    """Step two: one try over the network, outside any transaction. Whatever a receiver does is an Outcome."""
    if message.refusal:
        return Outcome(None, message.refusal, "", 0.0)
    now = timezone.now()
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
            timeout=TIMEOUT_SECONDS,
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

    Locks the delivery, then its endpoint.
    """
    delivery = (
        Delivery.objects.select_for_update().filter(pk=message.delivery_id, state=states.PENDING).first()
    )
    if delivery is None:
        return
    last = delivery.attempts.order_by("-number").values_list("number", flat=True).first()
    Attempt.objects.create(
        delivery=delivery,
        number=(last or 0) + 1,
        status_code=outcome.status,
        error=outcome.error[:500],
        response_excerpt=outcome.excerpt,
        seconds=outcome.seconds,
    )
    delivery.tries = message.tries + 1
    if outcome.delivered:
        delivery.state, delivery.finished_at = states.DELIVERED, timezone.now()
    elif again_at is None:
        delivery.state, delivery.finished_at = states.FAILED, timezone.now()
        _close_endpoint(delivery, message, outcome)
    delivery.save(update_fields=["tries", "state", "finished_at"])


def _close_endpoint(delivery: Delivery, message: Message, outcome: Outcome) -> None:
    if message.refusal:
        return
    if outcome.gone:
        reason = "The receiver answered 410 Gone: it wants no more messages."
    else:
        reason = f"{len(schedule.LADDER)} tries of {message.message_id} failed; the last: {outcome.error}"
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
