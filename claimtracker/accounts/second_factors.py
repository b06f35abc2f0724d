"""Seeds of second factors and of recovery codes, encrypted at rest by allauth's own hooks."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import connection

from claimtracker.kernel.at_rest import cipher
from claimtracker.kernel.at_rest.rotating import BATCH

PLACE = "mfa.Authenticator.data"
SECRET = ("secret", "seed")  # what allauth encrypts; "migrated_codes" holds a list of such
CODES = "migrated_codes"


class EncryptedSecondFactors(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return cipher.encrypt(text, PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return cipher.decrypt(encrypted_text, PLACE)


class StoredSeeds:
    """Where they are, for the exchange of keys."""

    name = PLACE

    def batch(self, after: int) -> list[tuple[int, Any]]:
        rows = Authenticator.objects.filter(pk__gt=after).exclude(type=Authenticator.Type.WEBAUTHN)
        stale = ((pk, data) for pk, data in rows.order_by("pk").values_list("pk", "data") if _is_stale(data))
        return [next_one for next_one, _number in zip(stale, range(BATCH), strict=False)]

    def rewrite(self, pk: int, stored: Any) -> bool:
        written = {name: _rewritten(name, value) for name, value in stored.items()}
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE mfa_authenticator SET data = %s::jsonb WHERE id = %s AND data = %s::jsonb",
                [json.dumps(written), pk, json.dumps(stored)],
            )
            return cursor.rowcount == 1

    def left(self) -> int:
        rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
        return sum(_is_stale(data) for data in rows.values_list("data", flat=True))


def _is_stale(data: dict[str, Any]) -> bool:
    kept = [data[name] for name in SECRET if data.get(name)] + list(data.get(CODES) or [])
    return any(not text.startswith(cipher.head()) for text in kept)


def _rewritten(name: str, value: Any) -> Any:
    if name == CODES and value:
        return [_anew(text) for text in value]
    return _anew(value) if name in SECRET else value


def _anew(text: str) -> str:
    return cipher.encrypt(cipher.decrypt(text, PLACE), PLACE)
