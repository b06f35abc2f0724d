"""The reminder of a correction: once, to the partner that lets it lie, and to no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.acknowledging import acknowledge, remind_all
from claimtracker.partners.actions import fan_out
from claimtracker.partners.holdings import Held, note
from claimtracker.partners.models import Delivery, Edition, Partner, Way
from claimtracker.partners.ordering import place_event
from reviews.models import Publication
from tests.factories import make_correction, make_endpoint, make_partner, make_publication

pytestmark = pytest.mark.django_db

UNACKNOWLEDGED = "correction.unacknowledged"


def held(publication: Publication) -> Held:
    return Held(publication.public_id, publication.claim.public_id, publication.number)


@pytest.fixture
def versions() -> tuple[Publication, Publication]:
    first = make_publication()
    second = make_correction(first)
    for event in OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("pk"):
        place_event(event)
    Edition.objects.filter(version=2).update(published_at=timezone.now() - timedelta(days=8))
    return first, second


def reader(publication: Publication, **fields: Any) -> Partner:
    partner = make_partner(**fields)
    note(partner.pk, [held(publication)], way=Way.READ)
    return partner


def test_who_lets_a_correction_lie_is_reminded_once(versions: tuple[Publication, Publication]) -> None:
    first, second = versions
    partner = reader(first)
    assert remind_all() == 1
    assert remind_all() == 0
    event = OutboxEvent.objects.get(type=UNACKNOWLEDGED)
    assert event.audience == partner.origin
    assert event.payload["publication"] == str(second.public_id)
    assert event.payload["you_have"]["rating"] == first.snapshot["rating"]["label"]
    assert event.payload["acknowledge_at"].endswith(f"{second.public_id}/acknowledgement")


def test_who_has_dealt_with_it_is_not_reminded(versions: tuple[Publication, Publication]) -> None:
    first, second = versions
    note(reader(first).pk, [held(second)], way=Way.READ)
    acknowledge(reader(first), held(second), status="removed", by="system")
    reader(second)
    reader(first, is_active=False)
    assert remind_all() == 0


def test_nobody_is_reminded_too_early_or_of_what_is_history(
    versions: tuple[Publication, Publication], settings: Any
) -> None:
    reader(versions[0])
    settings.CORRECTION_REMINDER_DAYS = 9
    assert remind_all() == 0
    settings.CORRECTION_REMINDER_DAYS = 7
    Edition.objects.filter(version=2).update(published_at=timezone.now() - timedelta(days=60))
    assert remind_all() == 0


def test_a_reminder_reaches_that_partner_s_endpoints_and_takes_no_version_s_place(
    versions: tuple[Publication, Publication],
) -> None:
    partner = reader(versions[0])
    endpoint = make_endpoint(partner)
    make_endpoint(make_partner())
    (correction,) = fan_out_to(endpoint.pk, "claim.verdict_corrected")
    remind_all()
    (reminder,) = fan_out_to(endpoint.pk, UNACKNOWLEDGED)
    assert Delivery.objects.get(pk=correction.pk).state == "pending"
    assert (reminder.claim, reminder.version) == ("", None)


def fan_out_to(endpoint_id: int, kind: str) -> list[Delivery]:
    made = fan_out(OutboxEvent.objects.get(type=kind))
    return [delivery for delivery in made if delivery.endpoint_id == endpoint_id]


def test_a_delivery_that_arrived_is_how_a_partner_has_a_version(
    versions: tuple[Publication, Publication],
) -> None:
    from claimtracker.partners.holdings import note_delivered
    from claimtracker.partners.receipts import receipts_of

    endpoint = make_endpoint(make_partner("wire"))
    (delivery,) = fan_out_to(endpoint.pk, "claim.verdict_published")
    note_delivered(delivery)
    note_delivered(delivery)
    (receipt,) = receipts_of(list(Edition.objects.filter(version=2)))
    assert (receipt.partner.slug, receipt.had.version, receipt.had.way) == ("wire", 1, "webhook")
    assert receipt.told is None
    (later,) = fan_out_to(endpoint.pk, "claim.verdict_corrected")
    (receipt,) = receipts_of(list(Edition.objects.filter(version=2)))
    assert (receipt.told, receipt.state) == (later, "open")
