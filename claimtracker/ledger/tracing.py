"""Entries of the ledger as they are shown and taken away: with who acted, their words, and the seal by which
anybody with the key can prove each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .models import AuditActor, AuditEntry, AuditNote, LedgerSeal, SealedEntry


def facts_of(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """``entries``, in their order, as JSON has them. ``seal`` is None for what is not sealed yet; ``name`` is
    empty once the person was erased. Three queries."""
    rows = list(entries)
    places = SealedEntry.objects.in_bulk([row.pk for row in rows])
    actors = {
        actor.ref: actor for actor in AuditActor.objects.filter(ref__in={row.actor_ref for row in rows})
    }
    words = _words_of(rows)
    return [_facts(row, actors.get(row.actor_ref), places.get(row.pk), words.get(row.pk, "")) for row in rows]


def standing_of(facts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """How far ``facts`` are sealed, and the newest seal of the chain, by which its state can be compared."""
    rows = list(facts)
    sealed = sum(row["seal"] is not None for row in rows)
    last = LedgerSeal.objects.order_by("-id").first()
    newest = {"number": last.pk, "digest": last.digest, "at": last.created_at.isoformat()} if last else None
    return {
        "entries": len(rows),
        "sealed": sealed,
        "is_all_sealed": sealed == len(rows),
        "last_seal": newest,
    }


def _words_of(rows: list[AuditEntry]) -> dict[int, str]:
    noted = [row.pk for row in rows if row.note_digest]
    return dict(AuditNote.objects.filter(pk__in=noted).values_list("pk", "text"))


def _facts(
    entry: AuditEntry, actor: AuditActor | None, place: SealedEntry | None, words: str
) -> dict[str, Any]:
    return {
        "number": entry.pk,
        "uid": str(entry.uid),
        "at": entry.created_at.isoformat(),
        "verb": entry.verb,
        "by": {
            "ref": str(entry.actor_ref),
            "kind": actor.kind if actor else "",
            "name": actor.label if actor else "",
        },
        "subject": {"type": entry.subject_type, "id": entry.subject_id},
        "details": entry.details,
        "note": words,
        "note_digest": entry.note_digest,
        "request": str(entry.request_id) if entry.request_id else None,
        "seal": place.seal_id if place else None,
        "place": place.position if place else None,
        "digest": place.digest if place else None,
    }
