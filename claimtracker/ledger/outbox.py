"""Telling other rooms. The event and the jobs that act on it are rows of the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from claimtracker import jobs

from .models import OutboxEvent


def emit(
    event_type: str, *, subject: models.Model, payload: dict[str, Any] | None = None, audience: str = ""
) -> OutboxEvent:
    """Write the event and enqueue what settings.OUTBOX_SUBSCRIPTIONS names for its type.

    ``audience`` is the origin of the one partner whom it concerns. Must be called inside a transaction
    (raises RuntimeError otherwise). Raises ValueError for a type of settings.OUTBOX_ADDRESSED without one.
    """
    return emit_all(event_type, [(subject, payload or {})], audience=audience)[0]


def emit_all(
    event_type: str, happened: Iterable[tuple[models.Model, dict[str, Any]]], *, audience: str = ""
) -> list[OutboxEvent]:
    """``emit`` for many (subject, payload) with one audience, in two statements however many there are."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("outbox.emit() belongs inside the transaction of the change")
    if event_type in settings.OUTBOX_ADDRESSED and not audience:
        raise ValueError(f"{event_type} concerns one partner: name its origin as the audience")
    now = timezone.now()
    events = OutboxEvent.objects.bulk_create(
        OutboxEvent(
            type=event_type,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            payload=payload,
            audience=audience,
            created_at=now,
        )
        for subject, payload in happened
    )
    jobs.enqueue_all(
        (kind, event.pk if about == "event" else event.subject_id)
        for kind, about in settings.OUTBOX_SUBSCRIPTIONS.get(event_type, ())
        for event in events
    )
    return events
