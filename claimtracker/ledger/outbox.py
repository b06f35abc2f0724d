"""Telling other rooms. The event and the jobs that act on it are rows of the caller's transaction."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from claimtracker import jobs

from .models import OutboxEvent


def emit(event_type: str, *, subject: models.Model, payload: dict[str, Any] | None = None) -> OutboxEvent:
    """Write the event and enqueue what settings.OUTBOX_SUBSCRIPTIONS names for its type.

    Must be called inside a transaction (raises RuntimeError otherwise).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("outbox.emit() belongs inside the transaction of the change")
    event = OutboxEvent.objects.create(
        type=event_type,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        payload=payload or {},
        created_at=timezone.now(),
    )
    for kind, about in settings.OUTBOX_SUBSCRIPTIONS.get(event_type, ()):
        jobs.enqueue(kind, event.pk if about == "event" else subject.pk)
    return event
