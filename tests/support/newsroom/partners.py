"""Partners that had a check before it was corrected, and what was sent to them."""

from __future__ import annotations

from django.utils import timezone

from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.acknowledging import acknowledge
from claimtracker.partners.actions import fan_out
from claimtracker.partners.attempts import begin_attempt, end_attempt
from claimtracker.partners.delivery import Outcome, body_of
from claimtracker.partners.endpoints import disable_endpoint
from claimtracker.partners.holdings import Held, note
from claimtracker.partners.models import Delivery, Partner, Way, WebhookEndpoint
from claimtracker.partners.ordering import place_event
from reviews.models import Publication
from tests import factories

UNREADY = Outcome(
    503, "The receiver answered 503.", "starting up", 0.21, {"retry-after": "5", "server": "nginx"}
)


def held(publication: Publication) -> Held:
    return Held(publication.public_id, publication.claim.public_id, publication.number)


def add_partners(corrected: Publication) -> None:
    """One has the new version, one says what it did, and one was not reached."""
    first = Publication.objects.get(claim=corrected.claim, number=1)
    for event in OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("pk"):
        place_event(event)
    wire, courier, radio = (
        factories.make_partner(name.lower().replace(" ", "-"), name=name)
        for name in ("Northern Wire", "Harbour Courier", "Radio Estuary")
    )
    for partner in (wire, courier):
        note(partner.pk, [held(first)], way=Way.READ)
    note(radio.pk, [held(first)], way=Way.WEBHOOK)
    note(wire.pk, [held(corrected)], way=Way.READ)
    page = "https://courier.example/homes"
    acknowledge(courier, held(corrected), status="updated", url=page, by="system")
    endpoint = factories.make_endpoint(radio, url="https://radio.example/hooks/claimtracker")
    event = OutboxEvent.objects.get(type="claim.verdict_corrected", subject_id=str(corrected.pk))
    for delivery in fan_out(event):
        for _ in range(2):
            tried(delivery)
        Delivery.objects.filter(pk=delivery.pk).update(state="failed", tries=2, finished_at=timezone.now())
    disable_endpoint(endpoint, reason="2 tries failed; the last: The receiver answered 503.", by="system")


def add_partner(n: int, corrected: Publication) -> None:
    """One more that has the check, and one more delivery."""
    partner = Partner.objects.get(slug=f"gazette-{n}")
    note(partner.pk, [held(Publication.objects.get(claim=corrected.claim, number=1))], way=Way.READ)
    endpoint = factories.make_endpoint(partner, url=f"https://gazette-{n}.example/hook")
    event = OutboxEvent.objects.get(type="claim.verdict_corrected", subject_id=str(corrected.pk))
    for delivery in fan_out(event):
        tried(delivery)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(is_active=False)


def tried(delivery: Delivery) -> None:
    delivery.body = body_of(delivery.event).decode()
    delivery.save(update_fields=["body"])
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": "1795253401",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    attempt = begin_attempt(delivery, url=delivery.endpoint.url, headers=headers)
    end_attempt(delivery, attempt.pk, UNREADY)
