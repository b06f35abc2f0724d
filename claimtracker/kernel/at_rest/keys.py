"""The keys of encrypted fields. FIELD_KEY encrypts; those in FIELD_KEYS_BEFORE did once, and still read."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class FieldKey:
    """One key, as three that say nothing of each other: ``id`` stands beside what it encrypted, ``cipher``
    encrypts, ``index`` makes digests by which equal values are found."""

    id: str
    cipher: AESGCM
    index: bytes

    def digest(self, text: str, place: str) -> str:
        """The same for the same text at the same place; without the key nobody can try out texts."""
        made = hmac.new(self.index, f"{place}\n{text}".encode(), sha256).hexdigest()
        return f"{self.id}:{made[:40]}"


def current() -> FieldKey:
    """The key under which everything is written. Raises ImproperlyConfigured when there is none."""
    if not settings.FIELD_KEY:
        raise ImproperlyConfigured("Set FIELD_KEY: confidential fields are encrypted with it.")
    return _made_of(settings.FIELD_KEY)


def every() -> list[FieldKey]:
    """The current key, then the former ones."""
    return [current(), *(_made_of(text) for text in settings.FIELD_KEYS_BEFORE)]


def named(key_id: str) -> FieldKey | None:
    """The key of that id, of those that we have."""
    return next((key for key in every() if key.id == key_id), None)


@lru_cache(maxsize=32)
def _made_of(text: str) -> FieldKey:
    return FieldKey(
        id=_derived(text, b"id")[: ID_LENGTH // 2].hex(),
        cipher=AESGCM(_derived(text, b"encryption")),
        index=_derived(text, b"index"),
    )


def _derived(text: str, purpose: bytes) -> bytes:
    info = b"claimtracker at rest: " + purpose
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(text.encode())
