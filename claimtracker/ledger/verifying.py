"""Walking the ledger: every fault, in the order of the chain, so that the first is where to begin looking."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from claimtracker.kernel.at_rest.cipher import Altered, LostKey, decrypt

from .models import AuditActor, AuditEntry, AuditNote, LedgerSeal, SealedEntry
from .signing import (
    GENESIS,
    actor_digest,
    actor_digest_before,
    entry_digest,
    entry_text,
    head_text,
    is_signed,
    salted_digest,
    seal_text,
    seal_text_before,
)

SEALS_AT_ONCE = 100
ENTRIES_AT_ONCE = 1000
UNSEALED_AFTER = timedelta(hours=1)  # without a seal for longer is a fault: the sealer runs every few seconds
UPGRADE = timedelta(hours=1)  # for so long a web process of the version before may write without signing
ERASED = "person.erased"
WORDS = "ledger.AuditNote.text"


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the ledger does not hold, in words; the number of the entry or seal that it is about,
    where it is about one."""

    what: str
    entry: int | None = None
    seal: int | None = None


@dataclass(slots=True)
class _Walk:
    """What is known on the way: the actors, whose names were taken out and by which entry, and since when
    every entry is signed (None: from the beginning)."""

    actors: dict[Any, AuditActor] = field(default_factory=dict)
    erased: dict[int, int] = field(default_factory=dict)
    signed_since: datetime | None = None
    has_signed: bool = False


def verify() -> Iterator[Fault]:
    """Walk the chain, what stands in no seal yet, the personal rows and the head outside the database; yield
    every fault. Some queries for each SEALS_AT_ONCE seals."""
    walk = _Walk(actors={actor.ref: actor for actor in AuditActor.objects.all()})
    for entry in AuditEntry.objects.filter(verb=ERASED).order_by("id"):
        if is_signed(entry_text(entry), entry.mac) or not entry.mac:
            walk.erased.setdefault(int(entry.subject_id), entry.pk)
    yield from _chain(walk)
    yield from _unsealed(walk)
    yield from _strays()
    yield from _head()


def _chain(walk: _Walk) -> Iterator[Fault]:
    previous = GENESIS
    seals = LedgerSeal.objects.order_by("id").iterator(chunk_size=SEALS_AT_ONCE)
    for some in _batched(seals, SEALS_AT_ONCE):
        rows = list(SealedEntry.objects.filter(seal__in=some).order_by("seal_id", "position"))
        by_seal = {seal: list(places) for seal, places in groupby(rows, key=lambda row: row.seal_id)}
        entries = _entries([row.entry_id for row in rows])
        for seal in some:
            yield from _seal(walk, seal, by_seal.get(seal.pk, []), entries, previous)
            previous = seal.digest


def _entries(ids: list[int]) -> dict[int, AuditEntry]:
    found: dict[int, AuditEntry] = {}
    for some in _batched(ids, ENTRIES_AT_ONCE):
        found |= _with_words(AuditEntry.objects.all()).in_bulk(some)
    return found


def _with_words(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """With their notes as they are stored: words that cannot be decrypted are a fault, not the end."""
    stored = Cast("note__text", TextField())
    return entries.select_related("note").defer("note__text").annotate(stored_words=stored)


def _seal(
    walk: _Walk, seal: LedgerSeal, rows: list[SealedEntry], entries: dict[int, AuditEntry], previous: str
) -> Iterator[Fault]:
    if seal.previous_digest != previous:
        yield Fault(f"Seal {seal.pk} does not follow the seal before it.", seal=seal.pk)
    digests = []
    faults: list[Fault] = []
    for row in rows:
        entry = entries.get(row.entry_id)
        if entry is None:
            faults.append(_about(row.entry_id, "Entry {} is missing.", seal.pk))
            continue
        digests.append(entry_digest(entry))
        if digests[-1] != row.digest:
            faults.append(_about(entry.pk, "Entry {} is not what was sealed.", seal.pk))
    is_new = is_signed(seal_text(seal.previous_digest, seal.created_at.isoformat(), digests), seal.digest)
    is_old = not is_new and is_signed(seal_text_before(seal.previous_digest, digests), seal.digest)
    if is_new and not walk.has_signed:
        walk.has_signed = True
        walk.signed_since = None if previous == GENESIS else seal.created_at
    told = {fault.entry for fault in faults}
    for row in rows:
        if row.entry_id in entries and row.entry_id not in told:
            faults += _entry(walk, entries[row.entry_id], is_excused=is_old or _is_upgrade(walk, seal))
    yield from sorted(faults, key=lambda fault: fault.entry or 0)
    if len(rows) != seal.entries:
        yield Fault(f"Seal {seal.pk} covers {seal.entries} entries, but {len(rows)} are there.", seal=seal.pk)
    if not is_new and not is_old:
        yield Fault(f"Seal {seal.pk} does not match its entries and key.", seal=seal.pk)


def _is_upgrade(walk: _Walk, seal: LedgerSeal) -> bool:
    since = walk.signed_since
    return since is not None and seal.created_at < since + UPGRADE


def _entry(walk: _Walk, entry: AuditEntry, *, is_excused: bool = False) -> Iterator[Fault]:
    """``is_excused``: it may stem from before entries were signed."""
    if entry.mac:
        if not is_signed(entry_text(entry), entry.mac):
            yield _about(entry.pk, "Entry {} does not bear our signature.")
    elif not is_excused:
        yield _about(entry.pk, "Entry {} is not signed: it was written past the product.")
    yield from _actor(walk, entry)
    yield from _words(walk, entry)


def _actor(walk: _Walk, entry: AuditEntry) -> Iterator[Fault]:
    # looked up once more: an actor made since we began is no fault
    actor = walk.actors.get(entry.actor_ref) or AuditActor.objects.filter(ref=entry.actor_ref).first()
    if actor is None:
        yield _about(entry.pk, "The actor of entry {} is missing.")
    elif actor.erased:
        if actor.pk not in walk.erased:
            yield _about(entry.pk, "The actor of entry {} was blanked, and no entry says so.")
    elif entry.actor_digest != (actor_digest(actor) if entry.mac else actor_digest_before(actor)):
        yield _about(entry.pk, "The actor of entry {} was changed.")


def _words(walk: _Walk, entry: AuditEntry) -> Iterator[Fault]:
    note: AuditNote | None = getattr(entry, "note", None)
    if note is None:
        actor = walk.actors.get(entry.actor_ref)
        went_with = walk.erased.get(actor.pk, 0) if actor else 0
        if entry.note_digest and went_with <= entry.pk:
            yield _about(entry.pk, "The words of entry {} are missing, and nobody was erased.")
        return
    try:
        text = decrypt(getattr(entry, "stored_words", ""), WORDS)
    except LostKey as error:
        yield _about(entry.pk, f"The words of entry {{}} cannot be read. {error}")
    except Altered:
        yield _about(entry.pk, "The words of entry {} were changed.")
    else:
        if salted_digest(bytes(note.salt), text) != entry.note_digest:
            yield _about(entry.pk, "The words of entry {} were changed.")


def _batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """itertools.batched, which Python 3.11 lacks."""
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some


def _about(entry: int, what: str, seal: int | None = None) -> Fault:
    return Fault(what.format(entry), entry=entry, seal=seal)


def _unsealed(walk: _Walk) -> Iterator[Fault]:
    rows = _with_words(AuditEntry.objects.filter(sealed__isnull=True)).order_by("id")
    long_ago = timezone.now() - UNSEALED_AFTER
    is_excused = not walk.has_signed  # nothing was sealed yet since entries are signed
    for entry in rows.iterator(chunk_size=ENTRIES_AT_ONCE):
        yield from _entry(walk, entry, is_excused=is_excused)
        if entry.created_at < long_ago:
            yield _about(entry.pk, "Entry {} stands in no seal, though it is more than an hour old.")


def _strays() -> Iterator[Fault]:
    """Rows that no walk along the chain comes by; the database's own rules prevent them while they hold."""
    twice = AuditEntry.objects.order_by().values("uid").annotate(times=Count("pk")).filter(times__gt=1)
    for row in twice:
        yield Fault(f"The entry with the uid {row['uid']} is there {row['times']} times.")
    sealed = SealedEntry.objects.filter(~Exists(LedgerSeal.objects.filter(pk=OuterRef("seal_id"))))
    for entry in sealed.order_by("pk").values_list("pk", flat=True):
        yield _about(entry, "Entry {} stands in a seal that is missing.")
    notes = AuditNote.objects.filter(~Exists(AuditEntry.objects.filter(pk=OuterRef("pk"))))
    for entry in notes.order_by("pk").values_list("pk", flat=True):
        yield _about(entry, "There are words of entry {}, which is missing.")


def _head() -> Iterator[Fault]:
    path = Path(settings.LEDGER_HEAD_PATH) if settings.LEDGER_HEAD_PATH else None
    if path is None:
        return
    if not path.exists():
        if LedgerSeal.objects.exists():
            yield Fault(f"The head file {path} is missing.")
        return
    with path.open(encoding="utf-8") as head:
        for some in _batched(enumerate(head, start=1), ENTRIES_AT_ONCE):
            yield from _head_lines(some)


def _head_lines(some: Iterable[tuple[int, str]]) -> Iterator[Fault]:
    lines = [(number, _head_line(text)) for number, text in some]
    seals = LedgerSeal.objects.in_bulk([line["seal"] for _number, line in lines if line])
    for number, line in lines:
        if line is None:
            yield Fault(f"Line {number} of the head file is not signed with our key.")
            continue
        seal = seals.get(line["seal"])
        if seal is None:
            yield Fault(
                f"Seal {line['seal']}, noted outside the database, is missing from it.", seal=line["seal"]
            )
        elif (seal.digest, seal.entries, seal.created_at.isoformat()) != (
            line["digest"],
            line["entries"],
            line["at"],
        ):
            yield Fault(f"Seal {seal.pk} is another one than was noted outside the database.", seal=seal.pk)


def _head_line(text: str) -> dict[str, Any] | None:
    """The line, if it is one that we signed."""
    try:
        line = json.loads(text)
        signed = is_signed(head_text(line), str(line["signature"]))
    except (ValueError, KeyError, TypeError):
        return None
    return line if signed else None
