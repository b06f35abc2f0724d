"""The chain over the ledger: each seal is an HMAC over the seal before it and a batch of entries.

The key stands outside the database (LEDGER_KEY), and after each seal the signed head is appended to a file
outside it (LEDGER_HEAD_PATH): a superuser of the database can neither recompute nor cut the chain unseen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from .audit import actor_digest, salted_digest
from .models import AuditActor, AuditEntry, AuditNote, LedgerSeal, SealedEntry

GENESIS = "0" * 64
BATCH = 1000
LATE_COMMITS = 50_000  # ids are drawn before they commit: how far behind the newest seal one may turn up
UNSEALED_AFTER = timedelta(hours=1)  # without a seal for longer is a fault: the sealer runs every few seconds


def entry_digest(entry: AuditEntry) -> str:
    """Hex SHA-256 over everything an entry says, in one canonical JSON."""
    said = {
        "id": entry.pk,
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
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def seal_digest(previous: str, digests: list[str]) -> str:
    """Hex HMAC-SHA256 under LEDGER_KEY over the previous seal and the batch."""
    return hmac.new(
        settings.LEDGER_KEY.encode(), "\n".join([previous, *digests]).encode(), hashlib.sha256
    ).hexdigest()


def seal_entries() -> int:
    """Chain every committed entry that is in no seal yet. Returns how many.

    Two sealers at once: the chain takes one seal after each, so one wins and the other returns 0.
    """
    sealed = 0
    while True:
        try:
            count = _seal_batch()
        except IntegrityError:
            return sealed
        sealed += count
        if count < BATCH:
            return sealed


@transaction.atomic
def _seal_batch() -> int:
    newest_sealed = SealedEntry.objects.aggregate(newest=models.Max("entry_id"))["newest"] or 0
    unsealed = AuditEntry.objects.filter(sealed__isnull=True, pk__gt=newest_sealed - LATE_COMMITS)
    entries = list(unsealed.order_by("id")[:BATCH])
    if not entries:
        return 0
    last = LedgerSeal.objects.order_by("-id").first()
    digests = [entry_digest(entry) for entry in entries]
    previous = last.digest if last else GENESIS
    seal = LedgerSeal.objects.create(
        previous_digest=previous, digest=seal_digest(previous, digests), entries=len(entries)
    )
    SealedEntry.objects.bulk_create(
        SealedEntry(entry=entry, seal=seal, position=position, digest=digest)
        for position, (entry, digest) in enumerate(zip(entries, digests, strict=True))
    )
    transaction.on_commit(lambda: _write_head(seal))
    return len(entries)


def _write_head(seal: LedgerSeal) -> None:
    if not settings.LEDGER_HEAD_PATH:
        return
    path = Path(settings.LEDGER_HEAD_PATH)
    path.parent.mkdir(parents=True, exist_ok=True)
    line: dict[str, Any] = {
        "seal": seal.pk,
        "digest": seal.digest,
        "entries": seal.entries,
        "at": seal.created_at.isoformat(),
    }
    line["signature"] = _sign_head(line)
    with path.open("a", encoding="utf-8") as head:
        head.write(json.dumps(line) + "\n")


def _sign_head(line: dict[str, Any]) -> str:
    text = f"{line['seal']}|{line['digest']}|{line['entries']}|{line['at']}"
    return hmac.new(settings.LEDGER_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the ledger does not hold, in words."""

    what: str


def verify() -> Iterator[Fault]:
    """Walk the whole chain, the personal digests and the head outside the database; yield every fault."""
    previous = GENESIS
    for seal in LedgerSeal.objects.order_by("id").iterator(chunk_size=200):
        yield from _verify_seal(seal, previous)
        previous = seal.digest
    yield from _verify_unsealed()
    yield from _verify_notes()
    yield from _verify_actors()
    yield from _verify_head()


def _verify_seal(seal: LedgerSeal, previous: str) -> Iterator[Fault]:
    rows = list(seal.sealed_entries.select_related("entry").order_by("position"))
    if seal.previous_digest != previous:
        yield Fault(f"Seal {seal.pk} does not follow the seal before it.")
    if len(rows) != seal.entries:
        yield Fault(f"Seal {seal.pk} covers {seal.entries} entries, but {len(rows)} are there.")
    digests = [entry_digest(row.entry) for row in rows]
    for row, digest in zip(rows, digests, strict=True):
        if row.digest != digest:
            yield Fault(f"Entry {row.entry_id} is not what was sealed.")
    if seal.digest != seal_digest(seal.previous_digest, digests):
        yield Fault(f"Seal {seal.pk} does not match its entries and key.")


def _verify_unsealed() -> Iterator[Fault]:
    old = AuditEntry.objects.filter(sealed__isnull=True, created_at__lt=timezone.now() - UNSEALED_AFTER)
    for entry_id in old.values_list("pk", flat=True).iterator():
        yield Fault(f"Entry {entry_id} stands in no seal, though it is more than an hour old.")


def _verify_notes() -> Iterator[Fault]:
    for note in AuditNote.objects.select_related("entry").iterator(chunk_size=500):
        if salted_digest(bytes(note.salt), note.text) != note.entry.note_digest:
            yield Fault(f"The words of entry {note.entry_id} were changed.")


def _verify_actors() -> Iterator[Fault]:
    actors = {actor.ref: actor for actor in AuditActor.objects.all()}
    for entry in AuditEntry.objects.only("id", "actor_ref", "actor_digest").iterator(chunk_size=1000):
        # looked up once more: an actor made since we began is no fault
        actor = actors.get(entry.actor_ref) or AuditActor.objects.filter(ref=entry.actor_ref).first()
        if actor is None:
            yield Fault(f"The actor of entry {entry.pk} is missing.")
        elif not actor.erased and actor_digest(actor) != entry.actor_digest:
            yield Fault(f"The actor of entry {entry.pk} was changed.")


def _verify_head() -> Iterator[Fault]:
    path = Path(settings.LEDGER_HEAD_PATH) if settings.LEDGER_HEAD_PATH else None
    if path is None:
        return
    if not path.exists():
        if LedgerSeal.objects.exists():
            yield Fault(f"The head file {path} is missing.")
        return
    newest: dict[str, Any] | None = None
    with path.open(encoding="utf-8") as head:
        for number, text in enumerate(head, start=1):
            line = _head_line(text)
            if line is None:
                yield Fault(f"Line {number} of the head file is not signed with our key.")
            elif newest is None or line["seal"] > newest["seal"]:  # two sealers may write in either order
                newest = line
    if newest and not LedgerSeal.objects.filter(pk=newest["seal"], digest=newest["digest"]).exists():
        yield Fault(f"Seal {newest['seal']}, the last one noted outside the database, is missing from it.")


def _head_line(text: str) -> dict[str, Any] | None:
    """The line, if it is one that we signed."""
    try:
        line = json.loads(text)
        signed = hmac.compare_digest(str(line["signature"]), _sign_head(line))
    except (ValueError, KeyError, TypeError):
        return None
    return line if signed else None
