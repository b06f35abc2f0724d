"""The log of tries is kept for a while; that something arrived is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.actions import fan_out
from claimtracker.partners.endpoints import rotate_secret
from claimtracker.partners.models import Attempt, Delivery
from claimtracker.partners.tidying import tidy
from tests.factories import make_endpoint, make_publication

pytestmark = pytest.mark.django_db


def delivery(*, days: int | None) -> Delivery:
    """One that ended that many days ago, or waits."""
    publication = make_publication()
    (row,) = fan_out(OutboxEvent.objects.get(subject_id=publication.pk, type="claim.verdict_published"))
    begun = timezone.now() - timedelta(days=days or 0)
    Attempt.objects.create(delivery=row, number=1, created_at=begun, finished_at=begun)
    Delivery.objects.filter(pk=row.pk).update(body="{}")
    if days is not None:
        ended = timezone.now() - timedelta(days=days)
        Delivery.objects.filter(pk=row.pk).update(state="delivered", finished_at=ended)
    row.refresh_from_db()
    return row


def test_old_tries_are_forgotten_and_the_delivery_stays(settings: Any) -> None:
    settings.WEBHOOK_LOG_DAYS = 7
    make_endpoint()
    old, new, waiting = delivery(days=8), delivery(days=6), delivery(days=None)
    assert tidy() == {"deliveries": 1, "attempts": 1, "events": 0, "secrets": 0}
    assert tidy() == {"deliveries": 0, "attempts": 0, "events": 0, "secrets": 0}
    left = {row.pk: (row.body, row.attempts.count(), row.state) for row in Delivery.objects.all()}
    assert left == {
        old.pk: ("", 0, "delivered"),
        new.pk: ("{}", 1, "delivered"),
        waiting.pk: ("{}", 1, "pending"),
    }


def test_tries_from_before_bodies_were_kept_are_forgotten_too(settings: Any) -> None:
    settings.WEBHOOK_LOG_DAYS = 7
    make_endpoint()
    old, new = delivery(days=8), delivery(days=6)
    Delivery.objects.update(body="")
    assert tidy()["attempts"] == 1
    assert list(Attempt.objects.values_list("delivery", flat=True)) == [new.pk]
    assert Delivery.objects.filter(pk=old.pk, state="delivered").exists()


def test_the_tries_of_what_is_not_finished_stay_however_old(settings: Any) -> None:
    settings.WEBHOOK_LOG_DAYS = 7
    make_endpoint()
    delivery(days=None)
    Attempt.objects.update(created_at=timezone.now() - timedelta(days=30))
    assert tidy()["attempts"] == 0


def test_a_secret_whose_time_is_over_is_forgotten() -> None:
    over = rotate_secret(make_endpoint(), by="system", overlap=timedelta(hours=1))
    type(over).objects.update(previous_secret_until=timezone.now())
    holds = rotate_secret(make_endpoint(), by="system", overlap=timedelta(hours=1))
    assert tidy()["secrets"] == 1
    for row in (over, holds):
        row.refresh_from_db()
    assert (over.previous_secret, over.previous_secret_until) == ("", None)
    assert holds.previous_secret.startswith("whsec_")
