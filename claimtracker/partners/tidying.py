"""What is forgotten after a while: the log of tries, and secrets whose time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .models import Attempt, Delivery, PartnerEvent, WebhookEndpoint

AT_ONCE = 1000


def tidy() -> dict[str, int]:
    """Forget what is old, in short transactions. Safe to run twice. Returns how much of each."""
    return {
        "deliveries": _tidy_deliveries(),
        "attempts": _tidy_attempts(),
        "events": _tidy_events(),
        "secrets": _tidy_secrets(),
    }


def _tidy_deliveries() -> int:
    """Bodies of deliveries that ended WEBHOOK_LOG_DAYS ago; that they arrived stays."""
    old = Delivery.objects.exclude(body="").filter(finished_at__lt=_log_begins())
    count = 0
    while True:
        with transaction.atomic():
            rows = old.select_for_update(skip_locked=True).order_by("finished_at")
            ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
            Delivery.objects.filter(pk__in=ids).update(body="")
        count += len(ids)
        if len(ids) < AT_ONCE:
            return count


def _tidy_attempts() -> int:
    """Tries of the same deliveries, and of those from before bodies were kept. By the tries' own age, since
    nearly all old deliveries have none left."""
    before = _log_begins()
    old = Attempt.objects.filter(created_at__lt=before, delivery__finished_at__lt=before)
    count = 0
    while True:
        ids = list(old.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE])
        count += Attempt.objects.filter(pk__in=ids).delete()[0]
        if len(ids) < AT_ONCE:
            return count


def _log_begins() -> datetime:
    return timezone.now() - timedelta(days=settings.WEBHOOK_LOG_DAYS)


def _tidy_events() -> int:
    """The places of events that were offered for EVENT_DAYS. The events themselves stay."""
    before = timezone.now() - timedelta(days=settings.EVENT_DAYS)
    count, _each = PartnerEvent.objects.filter(created_at__lt=before).delete()
    return count


def _tidy_secrets() -> int:
    ended = WebhookEndpoint.objects.filter(previous_secret_until__lte=timezone.now())
    return ended.update(previous_secret="", previous_secret_until=None)
