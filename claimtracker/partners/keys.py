"""Issuing, rotating, reading and revoking partners' keys: shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .key_format import LIVE, TEST, KeyText, new_key
from .key_notices import notify
from .models import ApiKey, KeyNotice, Partner, Scope

LONGEST_OVERLAP = timedelta(days=30)
ONE_MAIL_EACH = timedelta(hours=1)  # however often a key is rotated


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
    key, plain = _make(partner, label=label.strip(), scopes=scopes, expires_at=expires_at)
    audit.record("api_key.issued", by=by, subject=key, details={"partner": partner.pk, "scopes": key.scopes})
    return key, plain


def _make(partner: Partner, **facts: Any) -> tuple[ApiKey, str]:
    text = new_key(kind_of(partner))
    facts["scopes"] = sorted(set(facts["scopes"]))
    key = ApiKey.objects.create(
        partner=partner, prefix=text.prefix, secret_sha256=digest_of(text.secret), **facts
    )
    return key, str(text)


def kind_of(partner: Partner) -> str:
    """Keys of a sandbox say so themselves."""
    return TEST if partner.is_sandbox else LIVE


@transaction.atomic
def rotate_key(key: ApiKey, *, overlap: timedelta | None = None, by: Any) -> tuple[ApiKey, str]:
    """A successor with the same label and scopes, and its plain text. The old key ends after ``overlap``
    (API_KEY_OVERLAP_DAYS unless told), or now when it is nothing; a lifetime is counted anew.

    A successor that nobody has used gives way to another, so that a key whose text was lost on the way can
    be had again. Locks both rows. Tells the partner by mail. Audits api_key.rotated.

    Raises ActionRefused where the key opens nothing any more, its successor is in use, or the overlap is too
    long (field ``overlap``).
    """
    if overlap is None:
        overlap = timedelta(days=settings.API_KEY_OVERLAP_DAYS)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise ActionRefused(
            gettext("Both keys can work for at most %(days)d days.") % {"days": LONGEST_OVERLAP.days},
            code="too_long",
            field="overlap",
        )
    row = ApiKey.objects.select_for_update(of=("self",)).select_related("partner").get(pk=key.pk)
    if reason := unusable_because(row):
        raise ActionRefused(reason, code="unusable_key")
    dropped = _drop_unused_successor(row, by=by)
    now = timezone.now()
    successor, plain = _make(
        row.partner,
        label=row.label,
        scopes=row.scopes,
        replaces=row,
        expires_at=_lifetime_from(now, dropped or row),
    )
    if overlap:
        row.expires_at = min(filter(None, (row.expires_at, now + overlap)))
    else:
        row.revoked_at = now
    row.save(update_fields=["expires_at", "revoked_at"])
    if dropped is None or now - dropped.created_at > ONE_MAIL_EACH:
        notify(successor, KeyNotice.Kind.ROTATED)
    hours = int(overlap.total_seconds() // 3600)
    audit.record(
        "api_key.rotated",
        by=by,
        subject=row,
        details={"partner": row.partner_id, "successor": successor.pk, "overlap_hours": hours},
    )
    return successor, plain


def _lifetime_from(now: datetime, key: ApiKey) -> datetime | None:
    """The end of a key that begins now and lives as long as ``key`` was made to."""
    return now + (key.expires_at - key.created_at) if key.expires_at else None


def _drop_unused_successor(key: ApiKey, *, by: Any) -> ApiKey | None:
    successor = ApiKey.objects.select_for_update().filter(replaces=key).first()
    if successor is None:
        return None
    if successor.last_used_at is not None and not successor.revoked_at:
        raise ActionRefused(
            gettext("This key was rotated, and its successor “%(prefix)s” is in use. Rotate that one.")
            % {"prefix": successor.prefix},
            code="already_rotated",
        )
    successor.replaces = None
    successor.save(update_fields=["replaces"])
    if not successor.revoked_at:
        revoke_key(successor, by=by)
    return successor


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


def find_key(text: KeyText) -> ApiKey | None:
    """The key whose secret this is, usable or not, with its partner. None for anything else."""
    key = ApiKey.objects.select_related("partner").filter(prefix=text.prefix).first()
    matches = hmac.compare_digest(key.secret_sha256 if key else _NO_SECRET, digest_of(text.secret))
    if key is None or not matches or text.kind not in ("", kind_of(key.partner)):
        return None
    return key


def unusable_because(key: ApiKey) -> str:
    """Why the key opens nothing now, as a sentence with the mend; "" when it does."""
    return why_unusable(key)[1]


def why_unusable(key: ApiKey) -> tuple[str, str]:
    """The same, with a word for programs before it."""
    if key.revoked_at is not None:
        return "revoked_key", gettext("This API key was revoked. Ask the newsroom for a new one.")
    if key.expires_at is not None and key.expires_at <= timezone.now():
        return "expired_key", gettext(
            "This API key expired on %(expires_at)s. Ask the newsroom for a new one."
        ) % {"expires_at": f"{key.expires_at:%Y-%m-%d}"}
    if not key.partner.is_active:
        return "partner_switched_off", gettext(
            "Your organisation's access is switched off. Ask the newsroom to switch it on."
        )
    return "", ""


def mark_used(key: ApiKey) -> None:
    """Remember the use, at most once a minute for each key, so that reads stay reads."""
    now = timezone.now()
    if key.last_used_at is None or (now - key.last_used_at).total_seconds() >= 60:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
        key.last_used_at = now
