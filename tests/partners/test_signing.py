"""Signatures that the reference library accepts, byte for byte."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from claimtracker.partners.signing import new_secret, signed_headers


def test_the_published_vector() -> None:
    headers = signed_headers(
        b'{"test": 2432232314}',
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, tz=UTC),
        signing_secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_time_zone_of_the_clock_does_not_matter() -> None:
    utc = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    abroad = utc.astimezone(timezone(timedelta(hours=5, minutes=30)))
    secret = new_secret()
    first, second = (
        signed_headers(b"{}", message_id="m", at=at, signing_secrets=[secret]) for at in (utc, abroad)
    )
    assert first == second
    with pytest.raises(ValueError, match="time zone"):
        signed_headers(b"{}", message_id="m", at=utc.replace(tzinfo=None), signing_secrets=[secret])


def test_secrets_are_32_random_bytes() -> None:
    secrets = {new_secret() for _ in range(20)}
    assert len(secrets) == 20
    for secret in secrets:
        assert secret.startswith("whsec_")
        assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32


def test_old_and_new_secret_both_verify_while_one_is_rotated() -> None:
    old, new, foreign = new_secret(), new_secret(), new_secret()
    body = '{"words": "naïve – 😀"}'.encode()
    headers = signed_headers(body, message_id="m", at=datetime.now(UTC), signing_secrets=[new, old])
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(foreign).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body + b" ", headers)


@pytest.mark.parametrize("message_id", ["", "a.b"])
def test_an_id_must_not_blur_the_signed_parts(message_id: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        signed_headers(b"{}", message_id=message_id, at=datetime.now(UTC), signing_secrets=[new_secret()])
