"""What the ledger says, in one canonical form, and its signatures under a key outside the database.

LEDGER_KEY signs. LEDGER_KEYS_BEFORE are keys that signed once: what they signed still holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings

from .models import AuditActor, AuditEntry

GENESIS = "0" * 64
BEYOND_FLOATS = 1e16  # from here on PostgreSQL gives a whole number back where a float was stored


def sign(text: str) -> str:
    """Hex HMAC-SHA256 under LEDGER_KEY."""
    return _hmac(settings.LEDGER_KEY, text)


def is_signed(text: str, signature: str) -> bool:
    """Whether one of our keys made the signature."""
    return any(hmac.compare_digest(signature.encode(), _hmac(key, text).encode()) for key in _keys())


def _keys() -> Iterator[str]:
    yield settings.LEDGER_KEY
    yield from settings.LEDGER_KEYS_BEFORE


def _hmac(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def salted_digest(salt: bytes, text: str) -> str:
    """Hex HMAC-SHA256 of ``text`` under ``salt``: gone with the salt when the personal row is erased."""
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


def actor_digest(actor: AuditActor) -> str:
    """What an entry keeps of its actor, so that nobody can put another person or name in their place."""
    about = (str(actor.ref), actor.kind, str(actor.user_id or actor.key), actor.label)
    return salted_digest(bytes(actor.salt), canonical(about))


def actor_digest_before(actor: AuditActor) -> str:
    """The same as entries from before they were signed keep it."""
    return salted_digest(bytes(actor.salt), f"{actor.ref}|{actor.user_id or actor.key}")


def entry_text(entry: AuditEntry) -> str:
    """What ``mac`` signs: everything an entry says but its number, which the database draws later and the
    seal holds."""
    return "entry\n" + canonical(_said(entry))


def entry_digest(entry: AuditEntry) -> str:
    """Hex SHA-256 over everything an entry says."""
    said = {"id": entry.pk, **_said(entry)} | ({"mac": entry.mac} if entry.mac else {})
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def seal_text(previous: str, at: str, digests: list[str]) -> str:
    """What a seal signs: the seal before it, when it was made, and its entries."""
    return "\n".join(["seal", previous, at, *digests])


def seal_text_before(previous: str, digests: list[str]) -> str:
    """What seals signed before entries were signed."""
    return "\n".join([previous, *digests])


def head_text(line: dict[str, Any]) -> str:
    return f"{line['seal']}|{line['digest']}|{line['entries']}|{line['at']}"


def canonical(said: Any) -> str:
    """One text for each meaning, the same before PostgreSQL stored it and after."""
    return json.dumps(_plain(said), sort_keys=True, ensure_ascii=False)


def _said(entry: AuditEntry) -> dict[str, Any]:
    return {
        "uid": str(entry.uid),
        "verb": entry.verb,
        "actor_ref": str(entry.actor_ref),
        "actor_digest": entry.actor_digest,
        "subject": [entry.subject_type, entry.subject_id],
        "details": entry.details,
        "note_digest": entry.note_digest,
        "request_id": str(entry.request_id),
        "created_at": entry.created_at.isoformat(),
    }


def _plain(said: Any) -> Any:
    if isinstance(said, dict):
        return {_name(name): _plain(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_plain(value) for value in said]
    if isinstance(said, float):
        return int(Decimal(repr(said))) if abs(said) >= BEYOND_FLOATS else said + 0.0  # of -0.0: 0.0
    return said


def _name(name: Any) -> str:
    """As JSON spells the names of an object."""
    return name if isinstance(name, str) else json.dumps(name).strip('"')
