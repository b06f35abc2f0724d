"""The chain over the ledger: each seal signs the seal before it and a batch of entries.

The key stands outside the database (LEDGER_KEY), and after each seal the signed head is appended to a file
outside it (LEDGER_HEAD_PATH): a superuser of the database can neither recompute nor cut the chain unseen.
``verifying`` walks it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from .models import AuditEntry, LedgerSeal, SealedEntry
from .signing import GENESIS, entry_digest, head_text, seal_text, sign

BATCH = 1000
LATE_COMMITS = 50_000  # ids are drawn before they commit: how far behind the newest seal one may turn up


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
    previous, at = last.digest if last else GENESIS, timezone.now()
    seal = LedgerSeal.objects.create(
        previous_digest=previous,
        digest=sign(seal_text(previous, at.isoformat(), digests)),
        entries=len(entries),
        created_at=at,
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
    line["signature"] = sign(head_text(line))
    with path.open("a", encoding="utf-8") as head:
        head.write(json.dumps(line) + "\n")
