"""What is stored in the place of a confidential value: a mark, the key's id, and AES-256-GCM over the value.

The place (model and field) is authenticated with it, so that what was moved to another column is refused, and
so is what was changed by a single bit. Nothing stays nothing: an empty value is stored as it is.
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag

from . import keys

MARK = "enc1:"
HEAD_LENGTH = len(MARK) + keys.ID_LENGTH + 1  # the mark, the key's id, a colon
NONCE_LENGTH = 12


class Unreadable(Exception):
    """A stored value cannot be decrypted. Its message names the place, never the value."""


class LostKey(Unreadable):
    """Neither FIELD_KEY nor FIELD_KEYS_BEFORE has the key that it was encrypted with."""

    def __init__(self, place: str, key_id: str) -> None:
        super().__init__(
            f"{place} holds a value that was encrypted with the key {key_id}, which is neither FIELD_KEY nor "
            "in FIELD_KEYS_BEFORE. Put that key back into FIELD_KEYS_BEFORE (docs/operations.md)."
        )


class Altered(Unreadable):
    """It is not what we wrote there: changed, cut, or moved from another column."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} holds a value that was changed in the database, or moved there from another column. "
            "Restore the row from a backup."
        )


def head() -> str:
    """What everything begins with that is encrypted under the current key."""
    return f"{MARK}{keys.current().id}:"


def encrypt(text: str, place: str) -> str:
    """What is stored for ``text`` at ``place``; never the same twice."""
    return head() + base64.urlsafe_b64encode(_sealed(text.encode(), place)).decode() if text else text


def decrypt(stored: str, place: str) -> str:
    """What was encrypted. Without the mark it was written before fields were encrypted, and is given back as
    it stands. Raises LostKey and Altered."""
    if not stored.startswith(MARK):
        return stored
    try:
        sealed = base64.b64decode(stored[HEAD_LENGTH:], altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise Altered(place) from error
    return _opened(stored[:HEAD_LENGTH], sealed, place).decode()


def encrypt_bytes(value: bytes, place: str) -> bytes:
    """The same of bytes, as bytes."""
    return head().encode() + _sealed(value, place) if value else value


def decrypt_bytes(stored: bytes, place: str) -> bytes:
    """What was encrypted, like :func:`decrypt`."""
    if not stored.startswith(MARK.encode()):
        return stored
    return _opened(stored[:HEAD_LENGTH].decode("ascii", "replace"), stored[HEAD_LENGTH:], place)


def _sealed(value: bytes, place: str) -> bytes:
    key, nonce = keys.current(), os.urandom(NONCE_LENGTH)
    return nonce + key.cipher.encrypt(nonce, value, _bound(place, key.id))


def _opened(start: str, sealed: bytes, place: str) -> bytes:
    key_id = start[len(MARK) : -1]
    if len(start) < HEAD_LENGTH or start[-1] != ":" or len(sealed) <= NONCE_LENGTH:
        raise Altered(place)
    key = keys.named(key_id)
    if key is None:
        raise LostKey(place, key_id)
    try:
        return key.cipher.decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], _bound(place, key_id))
    except InvalidTag as error:
        raise Altered(place) from error


def _bound(place: str, key_id: str) -> bytes:
    return f"{MARK}{key_id}:{place}".encode()
