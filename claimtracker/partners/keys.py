"""Issuing, reading and revoking partners' keys: ``ct_<prefix>_<secret>``, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .models import ApiKey, Partner, Scope

PREFIX_LENGTH = 12
SECRET_LENGTH = 43  # 256 bits in letters and digits
_PREFIX_LETTERS = string.ascii_lowercase + string.digits
_SECRET_LETTERS = string.ascii_letters + string.digits
_SHAPE = re.compile(rf"ct_([a-z0-9]{{{PREFIX_LENGTH}}})_([A-Za-z0-9]{{{SECRET_LENGTH}}})")


def digest_of(secret: str) -> str:
    """Hex SHA-256. The secret is random and long, so that a slow password hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


_NO_SECRET = digest_of("compared with when the prefix is unknown, so that both ways take as long")


@transaction.atomic
def issue_key(
    partner: Partner, *, label: str, scopes: Sequence[str], expires_at: datetime | None = None, by: Any
) -> tuple[ApiKey, str]:
    """A new key and its plain text, which cannot be had again. Takes no lock.

    Raises ActionRefused, naming the field, for an empty label, no or unknown scopes, or an end in the past.
    """
    if not label.strip():
        raise ActionRefused(
            gettext("Give the key a label, so that people know what uses it."), code="empty", field="label"
        )
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        known = ", ".join(Scope.values)
        wrong = gettext("%(unknown)s is no scope. ") % {"unknown": ", ".join(unknown)} if unknown else ""
        raise ActionRefused(
            gettext("%(wrong)sChoose one or more of %(known)s.") % {"wrong": wrong, "known": known},
            code="unknown_scope",
            field="scopes",
        )
    if expires_at is not None and expires_at <= timezone.now():
        raise ActionRefused(
            gettext("The key would have expired already. Choose a later end."),
            code="past",
            field="expires_at",
        )
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(PREFIX_LENGTH))
    secret = "".join(secrets.choice(_SECRET_LETTERS) for _ in range(SECRET_LENGTH))
    key = ApiKey.objects.create(
        partner=partner,
        label=label.strip(),
        prefix=prefix,
        secret_sha256=digest_of(secret),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    audit.record("api_key.issued", by=by, subject=key, details={"partner": partner.pk, "scopes": key.scopes})
    return key, f"ct_{prefix}_{secret}"


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Any) -> ApiKey:
    """End a key at once. Locks the row. Raises ActionRefused when it is revoked already."""
    row = ApiKey.objects.select_for_update().get(pk=key.pk)
    if row.revoked_at is not None:
        raise ActionRefused(gettext("This key is revoked already."), code="already_revoked")
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    audit.record("api_key.revoked", by=by, subject=row, details={"partner": row.partner_id})
    return row


def find_key(plain: str) -> ApiKey | None:
    """The key whose secret this is, usable or not, with its partner. None for anything else."""
    shape = _SHAPE.fullmatch(plain)
    prefix, secret = shape.groups() if shape else ("", plain)
    key = ApiKey.objects.select_related("partner").filter(prefix=prefix).first()
    expected = key.secret_sha256 if key else _NO_SECRET
    matches = hmac.compare_digest(expected, digest_of(secret))
    return key if key is not None and matches else None


def unusable_because(key: ApiKey) -> str:
    """Why the key opens nothing now, as a sentence with the mend; "" when it does."""
    if key.revoked_at is not None:
        return gettext("This API key was revoked. Ask the newsroom for a new one.")
    if key.expires_at is not None and key.expires_at <= timezone.now():
        return gettext("This API key expired on %(expires_at)s. Ask the newsroom for a new one.") % {
            "expires_at": f"{key.expires_at:%Y-%m-%d}"
        }
    if not key.partner.is_active:
        return gettext("Your organisation's access is switched off. Ask the newsroom to switch it on.")
    return ""


def mark_used(key: ApiKey) -> None:
    """Remember the use, at most once a minute for each key, so that reads stay reads."""
    now = timezone.now()
    if key.last_used_at is None or (now - key.last_used_at).total_seconds() >= 60:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
        key.last_used_at = now
