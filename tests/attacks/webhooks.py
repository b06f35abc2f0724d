"""Signed messages: changed on their way, sent again, sent to whom nothing should go any more."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from django.utils import timezone

from tests import factories

from .harness import Guard, suite
from .keys import _suspended
from .scene import Scene, replaced

ON = Guard(
    "nothing goes to what is switched off",
    "claimtracker.partners.delivery:_closed_because",
    replaced("claimtracker.partners.delivery._closed_because", lambda _e: ""),
)


def _signed_without_body(_scene: Scene) -> AbstractContextManager[Any]:
    import standardwebhooks

    sign = standardwebhooks.Webhook.sign
    return mock.patch.object(
        standardwebhooks.Webhook,
        "sign",
        lambda self, msg_id, timestamp, data: sign(self, msg_id, timestamp, ""),
    )


def _signed_for_ever(_scene: Scene) -> AbstractContextManager[Any]:
    import standardwebhooks

    def any_time(_self: Any, at: str) -> datetime:
        return datetime.fromtimestamp(int(at), tz=UTC)

    return mock.patch.object(standardwebhooks.Webhook, "_Webhook__verify_timestamp", any_time)


BODY_SIGNED = Guard("the body is signed", "standardwebhooks:Webhook.sign", _signed_without_body)
MOMENT_SIGNED = Guard(
    "a message has its time", "claimtracker.partners.signing:signed_headers", _signed_for_ever
)


def message(scene: Scene) -> tuple[dict[str, str], bytes, str]:
    """The headers and the body of a delivery, and the secret by which its receiver checks them."""
    from claimtracker.ledger.models import OutboxEvent
    from claimtracker.partners import delivery as delivering
    from claimtracker.partners.actions import fan_out

    endpoint = factories.make_endpoint(scene.partner.partner)
    event = OutboxEvent.objects.get(type="claim.verdict_published", subject_id=str(scene.publication().pk))
    (made,) = fan_out(event)
    begun = delivering.begin(made.pk)
    assert isinstance(begun, delivering.Message)
    return dict(begun.headers), begun.body, endpoint.secret


def accepted(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """What a receiver does with the reference library."""
    from standardwebhooks import Webhook, WebhookVerificationError

    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


@suite.attack("a message whose body was changed on its way", "webhooks", "forgery", BODY_SIGNED)
def changed_body(scene: Scene) -> bool:
    headers, body, secret = message(scene)
    return accepted(headers, body.replace(b"verdict", b"VERDICT"), secret)


@suite.attack("a message that is sent again a day later", "webhooks", "forgery", MOMENT_SIGNED)
def replayed(scene: Scene) -> bool:
    from claimtracker.partners.signing import signed_headers

    _headers, body, secret = message(scene)
    yesterday = timezone.now() - timedelta(days=1)
    old = signed_headers(body, message_id="msg_1", at=yesterday, signing_secrets=[secret])
    return accepted(old, body, secret)


@suite.attack("events for a partner that was suspended", "webhooks", "forgery", ON)
def suspended(scene: Scene) -> bool:
    from claimtracker.ledger.models import OutboxEvent
    from claimtracker.partners import delivery as delivering
    from claimtracker.partners.actions import fan_out

    scene.wire.name("receiver.example", ["93.184.215.14"])
    factories.make_endpoint(scene.partner.partner)
    event = OutboxEvent.objects.get(type="claim.verdict_published", subject_id=str(scene.publication().pk))
    (made,) = fan_out(event)
    _suspended(scene)
    begun = delivering.begin(made.pk)
    assert isinstance(begun, delivering.Message)
    delivering.send(begun)
    return bool(scene.wire.dialled)
