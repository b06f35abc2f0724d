"""Receivers of webhooks that lead inside."""

from __future__ import annotations

from django.utils import timezone

from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners import delivery as delivering
from claimtracker.partners.actions import fan_out
from tests import factories

from .harness import suite
from .scene import PUBLIC, Scene
from .ssrf import HTTPS_NAMES, NO_LOCAL_NAMES, NO_REDIRECT, PINNED, PUBLIC_ONLY


def deliver(scene: Scene, url: str) -> bool:
    """Register an endpoint by the API, publish, and do what the worker does with the delivery."""
    _wire = scene.wire
    sent = scene.partner.post("webhook-endpoints", {"url": url}, Idempotency_Key='"one"')
    if sent.status_code != 201:
        return False
    publication = scene.publication()
    event = OutboxEvent.objects.get(type="claim.verdict_published", subject_id=str(publication.pk))
    (delivery,) = fan_out(event)
    message = delivering.begin(delivery.pk)
    assert isinstance(message, delivering.Message)
    delivering.send(message)
    return bool(scene.wire.inside)


@suite.attack("an endpoint whose name leads inside", "webhooks", "ssrf", PUBLIC_ONLY)
def endpoint_inside(scene: Scene) -> bool:
    scene.wire.name("hooks.rival.example", ["10.0.0.5"])
    return deliver(scene, "https://hooks.rival.example/hook")


@suite.attack("an endpoint whose name moves inside after it was checked", "webhooks", "ssrf", PINNED)
def endpoint_rebinding(scene: Scene) -> bool:
    scene.wire.name("hooks.rival.example", [PUBLIC], ["127.0.0.1"])
    return deliver(scene, "https://hooks.rival.example/hook")


@suite.inputs(
    "an endpoint inside",
    "webhooks",
    "ssrf",
    HTTPS_NAMES,
    PUBLIC_ONLY,
    NO_LOCAL_NAMES,
    each={
        "loopback": "https://127.0.0.1/hook",
        "plain http": "http://10.0.0.5/hook",
        "internal name": "https://vault.internal/",
    },
)
def endpoint_literal(scene: Scene, url: str) -> bool:
    scene.wire.name("vault.internal", ["10.0.0.6"])
    return deliver(scene, url)


@suite.attack("a receiver that redirects our signed message", "webhooks", "ssrf", NO_REDIRECT)
def endpoint_redirects(scene: Scene) -> bool:
    server = scene.wire.server
    server.redirects("/hook", "http://collector.example/steal", status="307 Temporary Redirect")
    endpoint = factories.make_endpoint(scene.partner.partner)
    type(endpoint).objects.filter(pk=endpoint.pk).update(url="http://receiver.example/hook")
    event = OutboxEvent.objects.get(type="claim.verdict_published", subject_id=str(scene.publication().pk))
    (delivery,) = fan_out(event)
    message = delivering.begin(delivery.pk)
    assert isinstance(message, delivering.Message) and message.begun_at and timezone.now()
    delivering.send(message)
    return "/steal" in [asked.path for asked in server.asked]
