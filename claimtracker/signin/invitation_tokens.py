"""The secret in the address of an invitation."""

from __future__ import annotations

import hashlib

from django.utils.crypto import salted_hmac

from .models import Invitation


def token_of(invitation: Invitation) -> str:
    """What lets one in. Made anew each time: neither the database nor SECRET_KEY alone gives it away."""
    value = f"{invitation.public_id}:{invitation.salt}"
    return salted_hmac("signin.invitation", value, algorithm="sha256").hexdigest()


def digest_of(token: str) -> str:
    """The token is random and long, so that a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
