"""Standard Webhooks: secrets and the three headers that let a receiver check a message."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from .models import WebhookEndpoint

SECRET_BYTES = 32


def new_secret() -> str:
    """``whsec_`` and 32 random bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def secrets_of(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """What its messages are signed with: its secret, and while it is rotated the one before."""
    until = endpoint.previous_secret_until
    return [endpoint.secret, *([endpoint.previous_secret] if until is not None and until > now else [])]


def signed_headers(
    body: bytes, *, message_id: str, at: datetime, signing_secrets: Sequence[str]
) -> dict[str, str]:
    """The headers for exactly these bytes; one signature for each secret (two while one is rotated).

    ``at`` is the time of this attempt. Raises ValueError for a ``message_id`` with a dot, which separates
    the signed parts, and for an ``at`` without a time zone.
    """
    if not message_id or "." in message_id:
        raise ValueError(f"a message id must not be empty or hold a dot: {message_id!r}")
    if at.tzinfo is None:
        raise ValueError("the time of an attempt needs a time zone")
    moment = at.astimezone(UTC)
    signatures = [Webhook(secret).sign(message_id, moment, body.decode()) for secret in signing_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
