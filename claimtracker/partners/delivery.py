"""Bringing one webhook to one endpoint, in three steps: begin, send without any transaction, record.

A job that runs twice sends the same bytes under the same ``webhook-id``; the receiver drops the second.
Of one claim only one version is on its way to an endpoint at a time, and never an older one after a newer.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claimtracker import jobs
from claimtracker.kernel import outbound
from claimtracker.kernel.commits import after_commit
from claimtracker.kernel.moments import rfc3339
from claimtracker.kernel.outbound import OutboundRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent

from . import attempts, holdings, lanes, schedule, states
from .endpoints import disable_locked
from .event_types import TEST
from .models import Delivery, WebhookEndpoint
from .signing import secrets_of, signed_headers
from .withheld import speaks_of_withheld, told_by, withheld_claims

MOST_ANSWER_BYTES = 1_000_000
MOST_BODY_BYTES = 20_000  # what Standard Webhooks lets a message have


@dataclass(frozen=True, slots=True)
class Message:
    """Everything that a try needs, read and signed beforehand. ``once``: there is no second try."""

    delivery_id: int
    message_id: str
    url: str
    body: bytes
    tries: int
    headers: Mapping[str, str] = field(default_factory=dict)
    attempt_id: int | None = None
    refusal: str = ""
    once: bool = False
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
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        return not self.error

    @property
    def gone(self) -> bool:
        return self.status == 410


def body_of(event: OutboxEvent) -> bytes:
    """The message's exact bytes: the same for every endpoint. Words that would make it too large are cut
    short; the publication itself has them whole."""
    data = told_by(event, withheld_claims())
    body = _encoded(event, data)
    while len(body) >= MOST_BODY_BYTES:
        longest = max(
            (name for name in data if isinstance(data[name], str)), key=lambda name: len(data[name])
        )
        data[longest] = f"{data[longest][: len(data[longest]) // 2].rstrip()}…"
        body = _encoded(event, data)
    return body


def _encoded(event: OutboxEvent, data: dict[str, Any]) -> bytes:
    content: dict[str, Any] = {
        "type": event.type,
        "timestamp": rfc3339(event.created_at),
        "data": data,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


@transaction.atomic
def begin(delivery_id: int | str) -> Message | Waiting | None:
    """Step one. None when there is nothing left to send (delivered, failed, superseded by a newer version, of
    a check that may not be read any more, or gone with its endpoint). Writes the try down. Only who holds the
    delivery's job may call it. Locks the claim's lane at the endpoint, then the delivery."""
    attempts.close_interrupted(int(delivery_id))
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
    outdated = lane is not None and lanes.is_outdated(delivery)
    if outdated or speaks_of_withheld(delivery.event, withheld_claims()):
        _supersede(delivery)
        return None
    if lane is not None and not refusal:
        until = lanes.begin_try(lane, delivery)
        if until is not None:
            Delivery.objects.filter(pk=delivery.pk).update(next_try_at=until)
            return Waiting(until)
    return _message(delivery, refusal=refusal)


def _message(delivery: Delivery, *, refusal: str) -> Message:
    now, endpoint = timezone.now(), delivery.endpoint
    if not delivery.body:  # from now on the very same bytes, whatever later versions of this code would write
        delivery.body = body_of(delivery.event).decode()
        delivery.save(update_fields=["body"])
    body = delivery.body.encode()
    headers: dict[str, str] = {}
    attempt_id = None
    if not refusal:
        signed = signed_headers(
            body, message_id=delivery.message_id, at=now, signing_secrets=secrets_of(endpoint, now=now)
        )
        headers = {"content-type": "application/json", **signed}
        attempt_id = attempts.begin_attempt(delivery, url=endpoint.url, headers=headers).pk
    return Message(
        delivery_id=delivery.pk,
        message_id=delivery.message_id,
        url=endpoint.url,
        body=body,
        tries=delivery.tries,
        headers=headers,
        attempt_id=attempt_id,
        refusal=refusal,
        once=delivery.event_type == TEST,
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
    try:
        response = outbound.fetch(
            message.url,
            method="POST",
            body=message.body,
            headers=message.headers,
            max_bytes=MOST_ANSWER_BYTES,
            timeout=seconds_left,
            cut_body=True,  # a receiver that says yes in many words has said yes
        )
    except OutboundRefused as refusal:
        return Outcome(None, refusal.reason[:500], "", (timezone.now() - now).total_seconds())
    return Outcome(
        status=response.status,
        error=_failure(response.status),
        excerpt=attempts.excerpt_of(response.body),
        seconds=response.elapsed_seconds,
        headers=attempts.kept_headers(response.headers),
        retry_after=schedule.retry_after(response.status, response.headers, now=timezone.now()),
    )


def again_at(message: Message, outcome: Outcome) -> datetime | None:
    """When the job must run again; None when this try was the last word."""
    if outcome.delivered or outcome.gone or message.refusal or message.once:
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
    locked = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint", "event")
    delivery = locked.get(pk=message.delivery_id)
    if lane is not None and not message.refusal:
        for waiting in lanes.end_try(lane, delivery):
            after_commit(jobs.enqueue, "partners.deliver", waiting)
    attempts.end_attempt(delivery, message.attempt_id, outcome)
    if delivery.state != states.PENDING:
        return
    delivery.tries, delivery.next_try_at = message.tries + 1, again_at
    if outcome.delivered:
        delivery.state, delivery.finished_at = states.DELIVERED, timezone.now()
        holdings.note_delivered(delivery)
    elif again_at is None:
        delivery.state, delivery.finished_at = states.FAILED, timezone.now()
        _close_endpoint(delivery, message, outcome)
    delivery.save(update_fields=["tries", "next_try_at", "state", "finished_at"])
    if delivery.state != states.DELIVERED and lane is not None and lanes.is_outdated(delivery):
        _supersede(delivery)
        jobs.enqueue("partners.deliver", delivery.pk)  # our own job: it has nothing to wait for any more


def _supersede(delivery: Delivery) -> None:
    states.DELIVERY.check(delivery.state, states.SUPERSEDED)
    delivery.state, delivery.finished_at, delivery.next_try_at = states.SUPERSEDED, timezone.now(), None
    delivery.save(update_fields=["state", "finished_at", "next_try_at"])


def _close_endpoint(delivery: Delivery, message: Message, outcome: Outcome) -> None:
    if message.refusal or (message.once and not outcome.gone):
        return
    if outcome.gone:
        reason = "The receiver answered 410 Gone: it wants no more messages."
    else:
        reason = f"{schedule.tries()} tries of {message.message_id} failed; the last: {outcome.error}"
    disable_locked(delivery.endpoint_id, reason=reason, by=audit.SYSTEM)


def _closed_because(endpoint: WebhookEndpoint) -> str:
    if endpoint.removed_at is not None:
        return "Not sent: the endpoint was removed."
    if not endpoint.is_active:
        return "Not sent: the endpoint is switched off."
    if not endpoint.partner.is_active:
        return "Not sent: the partner's access is switched off."
    return ""


def _failure(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"The receiver redirected ({status}). Redirects are not followed: register the final address."
    return f"The receiver answered {status}."
