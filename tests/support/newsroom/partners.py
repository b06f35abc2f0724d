"""Partners that had a check before it was corrected, and what was sent to them."""

from __future__ import annotations

from django.utils import timezone

from claims.actions.ingest import accept_article
from claimtracker.accounts.models import User
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

from .stories import story

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


def add_held_update(n: int, *, by: User) -> None:
    """A newer text of an article of a partner that is not trusted yet, with another byline."""
    partner = factories.make_partner(f"herald-{n}", name=f"Herald {n}", is_trusted=False)
    told = story(2000 + n)
    article = factories.make_submission(partner, told.body, title=told.title, external_id=f"h-{n}")
    accept_article(article, by=by)
    cost = told.said[1].words
    body = told.body.replace(cost, f"{cost} a year").replace(", when the auditors present their report", "")
    factories.make_held_update(article, body=f"{body}\nThe mayor was not there.\n", byline="Jo Park")


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
