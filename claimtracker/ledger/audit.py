"""Writing the audit. Called inside the transaction of the change it records; takes no lock of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from .context import current_request_id
from .models import AuditActor, AuditEntry, AuditNote
from .signing import actor_digest, entry_text, salted_digest, sign

SYSTEM = "system"


def record(
    verb: str, *, by: Any, subject: models.Model, details: dict[str, Any] | None = None, note: str = ""
) -> AuditEntry:
    """Add a signed entry: ``by`` is a User, an :class:`AuditActor` or ``"system"``; ``note`` their own words.

    Must be called inside a transaction (raises RuntimeError otherwise): entry and change stand together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record() belongs inside the transaction of the change")
    salt = secrets.token_bytes(16)
    entry = _signed(verb, actor_for(by), subject, details or {}, salted_digest(salt, note) if note else "")
    entry.save(force_insert=True)
    if note:
        AuditNote.objects.create(entry=entry, text=note, salt=salt)
    return entry


def record_all(
    verb: str, *, by: Any, subjects: Iterable[models.Model], details: dict[str, Any] | None = None
) -> list[AuditEntry]:
    """:func:`record` for each subject, in the same two queries however many there are."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record_all() belongs inside the transaction of the change")
    actor = actor_for(by)
    entries = [_signed(verb, actor, subject, details or {}, "") for subject in subjects]
    return AuditEntry.objects.bulk_create(entries)


def _signed(
    verb: str, actor: AuditActor, subject: models.Model, details: dict[str, Any], note_digest: str
) -> AuditEntry:
    entry = AuditEntry(
        verb=verb,
        actor_ref=actor.ref,
        actor_digest=actor_digest(actor),
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        details=details,
        note_digest=note_digest,
        request_id=current_request_id(),
        created_at=timezone.now(),
    )
    entry.mac = sign(entry_text(entry))
    return entry


def actor_for(by: Any) -> AuditActor:
    """The actor row of a person or of the system, made when first needed."""
    if isinstance(by, AuditActor):
        return by
    if by == SYSTEM:
        return _get_or_create(kind="system", key="system", label="Claimtracker")
    found = AuditActor.objects.filter(user=by).first()
    return found or _get_or_create(kind="person", user=by, label=str(by))


@transaction.atomic
def erase_person(user: Any, *, by: Any, note: str = "", details: dict[str, Any] | None = None) -> None:
    """Take a person's name, account and own words out of the record; what happened, and the chain, stay.
    ``note`` is why, in the words of ``by``.

    Locks the person's actor row. Does nothing for somebody who never acted.
    """
    actor = AuditActor.objects.select_for_update().filter(user=user).first()
    if actor is None:
        return
    record("person.erased", by=by, subject=actor, details=details, note=note)
    AuditNote.objects.filter(entry__actor_ref=actor.ref).delete()
    actor.user, actor.label, actor.salt = None, "", b""
    actor.save()


def partner_actor(key: str, label: str) -> AuditActor:
    """The actor row for a partner (``key`` is stable, ``label`` for people)."""
    return _get_or_create(kind="partner", key=key, label=label)


def _get_or_create(*, label: str, **identity: Any) -> AuditActor:
    actor, _created = AuditActor.objects.get_or_create(
        **identity, defaults={"label": label, "salt": secrets.token_bytes(16)}
    )
    return actor
