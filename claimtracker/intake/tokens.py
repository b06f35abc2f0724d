"""What a reader who sends us something gets: a reference to name it by, and a secret address to follow it."""

from __future__ import annotations

import hashlib
import secrets

# letters and digits that nobody takes for another
ALPHABET = "23456789CDFGHJKMNPQRTVWXY"
SHORT = 8


def new_reference(letter: str) -> str:
    """One that nobody can guess another by."""
    return f"{letter}-" + "".join(secrets.choice(ALPHABET) for _ in range(SHORT))


def new_token() -> str:
    """The secret part of an address: 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()
