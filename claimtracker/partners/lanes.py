"""The order of one claim's versions at one endpoint: one try at a time, and none of an older version later.

Everything here happens under the lock of the lane's row. Whoever needs more locks takes the lane first, then
the delivery, then the endpoint.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from claimtracker.ledger.models import OutboxEvent

from . import states
from .event_types import VERSIONS
from .models import Delivery, DeliveryLane

MARGIN = timedelta(seconds=5)  # beyond a try's own time limit


def place_of(event: OutboxEvent) -> dict[str, Any]:
    """The claim and version that an event is about; nothing for events that have no order among them."""
    if not event.type.startswith(VERSIONS):
        return {}
    claim, version = event.payload.get("claim"), event.payload.get("version")
    is_ordered = isinstance(claim, str) and claim and isinstance(version, int)
    return {"claim": claim, "version": version} if is_ordered else {}


def lock_lane(endpoint_id: int, claim: str) -> DeliveryLane | None:
    """The lane, made when first needed and locked until the transaction ends. None without a claim."""
    if not claim:
        return None
    DeliveryLane.objects.get_or_create(endpoint_id=endpoint_id, claim=claim)
    return DeliveryLane.objects.select_for_update().get(endpoint_id=endpoint_id, claim=claim)


def is_outdated(delivery: Delivery) -> bool:
    """Whether a newer version was made for this endpoint. The caller holds the lane."""
    return _of_lane(delivery).filter(_later_than(delivery)).exists()


def supersede_older(delivery: Delivery) -> list[int]:
    """Take the place of the older versions that did not arrive. The caller holds the lane.

    One that is under way at this moment keeps its state: what becomes of it is recorded when its try ends.
    Returns their ids.
    """
    older = _of_lane(delivery).exclude(_later_than(delivery)).exclude(pk=delivery.pk)
    ids = list(older.filter(state__in=states.UNDELIVERED).values_list("pk", flat=True))
    under_way = DeliveryLane.objects.filter(
        endpoint=delivery.endpoint_id, claim=delivery.claim, busy_until__gt=timezone.now()
    ).values_list("last_id", flat=True)
    ids = [pk for pk in ids if pk not in set(under_way)]
    Delivery.objects.filter(pk__in=ids).update(
        state=states.SUPERSEDED, finished_at=timezone.now(), next_try_at=None
    )
    return ids


def begin_try(lane: DeliveryLane, delivery: Delivery) -> datetime | None:
    """Note that a try begins; or, when another version may still be on its way, return until when to wait.

    The caller holds the lane and has seen that the delivery is not outdated.
    """
    now = timezone.now()
    if lane.last_id == delivery.pk:
        # its former try ended unseen: that one may still arrive, but says what this one says
        lane.unsettled_until = _later(lane.busy_until, lane.unsettled_until)
    else:
        until = _later(lane.busy_until, lane.unsettled_until)
        if until is not None and until > now:
            return until
        lane.unsettled_until = None
    assert delivery.version is not None, "a delivery with a lane has a version"  # noqa: S101 - invariant
    lane.last, lane.begun_version = delivery, delivery.version
    lane.busy_until = now + timedelta(seconds=settings.WEBHOOK_TIMEOUT_SECONDS) + MARGIN
    lane.save()
    return None


def end_try(lane: DeliveryLane, delivery: Delivery) -> list[int]:
    """Note that a try ended. The caller holds the lane. Returns the deliveries that waited for it."""
    if lane.last_id == delivery.pk:
        lane.busy_until = None
        lane.save(update_fields=["busy_until"])
    waiting = _of_lane(delivery).filter(_later_than(delivery), state=states.PENDING)
    return list(waiting.values_list("pk", flat=True))


def _of_lane(delivery: Delivery) -> models.QuerySet[Delivery]:
    return Delivery.objects.filter(endpoint=delivery.endpoint_id, claim=delivery.claim)


def _later_than(delivery: Delivery) -> models.Q:
    """Events of one claim are written under its lock: of two about one version, the later id is newer."""
    return models.Q(version__gt=delivery.version) | models.Q(
        version=delivery.version, event_id__gt=delivery.event_id
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)
