"""The two places for vectors: which is searched, which is filled by a newer encoder, and the switch.

Every vector's writer holds both slot rows (shared) and writes only to slots that are used, with the model
version that they name; whoever changes a slot's state locks both rows. So a slot never holds vectors of two
versions, and nothing is missing from it at the moment of the switch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import connection, transaction
from django.utils import timezone

from claimtracker import jobs
from claimtracker.ledger import audit

from ..matching.embedders import Embedder, newest_embedder
from ..matching.indexing import sources_without_vector, vectors_of
from ..matching.slots import State, UsedSlot, hold_used_slots
from ..models import EmbeddingSlot, MatchEntry
from .index_statements import ADD_VECTORS, REMOVE_UNUSED_VECTORS, WRITE_VECTORS
from .match_marks import EVERYTHING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = structlog.get_logger(__name__)

REEMBED = "claims.reembed_entries"
BATCH = 256  # entries embedded and written in one transaction
REMOVED_AT_ONCE = 2_000  # vectors
TURN_SECONDS = 10.0
STILL_SEARCHED = timedelta(seconds=10)  # a search that began before the switch still reads the old slot


def ask_to_reembed() -> None:
    """Enqueue the re-embedding; it looks for itself what the slots call for."""
    jobs.enqueue(REEMBED, EVERYTHING)


def reembedding_is_needed() -> bool:
    """Whether the current slot is of another encoder than the newest, or a slot is half filled or emptied."""
    slots = list(EmbeddingSlot.objects.exclude(state=State.SPARE))
    if any(slot.state != State.CURRENT for slot in slots):
        return True
    return any(slot.model_version != newest_embedder().version for slot in slots)


@transaction.atomic
def begin_first_slot() -> list[UsedSlot]:
    """Make the slots, and one of them current for the newest encoder. Locks both; where there is a current
    one, it stays. Returns the slots that are used."""
    version = newest_embedder().version
    EmbeddingSlot.objects.bulk_create([EmbeddingSlot(number=n) for n in (0, 1)], ignore_conflicts=True)
    slots = _locked()
    if not any(slot.state == State.CURRENT for slot in slots):
        first = next(slot for slot in slots if slot.state == State.SPARE)
        _put(first, State.CURRENT, version)
    return [UsedSlot(s.number, s.model_version) for s in slots if s.state in (State.CURRENT, State.FILLING)]


def reembed_for_a_while(
    *, goes_on: Callable[[], bool] = lambda: True, seconds: float = TURN_SECONDS
) -> datetime | None:
    """Fill the spare slot by the newest encoder, switch to it, and empty the former. Returns when to go on,
    None when there is nothing left to do.

    Call it outside of a transaction. Each step is a transaction of its own; killed at any point, the next
    call goes on where it was. New claims come first: it stops as soon as an entry waits for the indexer.
    """
    until = time.monotonic() + seconds

    def is_over() -> bool:
        return time.monotonic() > until or not goes_on() or MatchEntry.objects.filter(is_stale=True).exists()

    newest = newest_embedder()
    while (slot := next_step(newest.version)) is not None:
        if slot.state == State.FILLING:
            is_done = _fill(slot, newest, is_over)
        elif slot.since + STILL_SEARCHED > timezone.now():
            return slot.since + STILL_SEARCHED
        else:
            is_done = _empty(slot, is_over)
        if not is_done:
            return timezone.now()
    return None


@transaction.atomic
def next_step(version: str) -> EmbeddingSlot | None:
    """The slot to be filled or emptied now, given that ``version`` is the newest encoder's; None when the
    newest is the one that is searched and nothing else is left. Locks both slots.

    Takes the spare slot for a newer encoder, and gives one up whose encoder is not the newest any more.
    """
    begin_first_slot()
    slots = _locked()
    current = next(slot for slot in slots if slot.state == State.CURRENT)
    other = next(slot for slot in slots if slot is not current)
    if other.state == State.SPARE:
        if current.model_version == version:
            return None
        _put(other, State.FILLING, version)
    elif other.state == State.FILLING and other.model_version != version:
        _put(other, State.EMPTYING, other.model_version)
    return other


@transaction.atomic
def switch_to(number: int, version: str) -> bool:
    """Search this slot from now on, and have the former emptied. False when it is not being filled by this
    version any more, or when an indexed entry is missing from it. Locks both slots, so that no vector is
    written meanwhile. Audits embedding_slot.switched."""
    slots = _locked()
    filled = next(slot for slot in slots if slot.number == number)
    if filled.state != State.FILLING or filled.model_version != version:
        return False
    if sources_without_vector(number, after=0, limit=1):
        return False
    former = next(slot for slot in slots if slot.state == State.CURRENT)
    _put(former, State.EMPTYING, former.model_version)  # first: only one may be current
    _put(filled, State.CURRENT, version)
    details = {"from": former.model_version, "to": version}
    audit.record("embedding_slot.switched", by=audit.SYSTEM, subject=filled, details=details)
    return True


def write_vectors(slot: int, entry_ids: Sequence[int], vectors: Sequence[NDArray[np.float32]]) -> None:
    """Put vectors into a slot. The caller holds the used slots and the entries."""
    if entry_ids:
        with connection.cursor() as cursor:
            cursor.execute(WRITE_VECTORS, [slot, list(entry_ids), _as_texts(vectors)])


@transaction.atomic
def _add_missing(slot: UsedSlot, entry_ids: Sequence[int], vectors: Sequence[NDArray[np.float32]]) -> bool:
    """Put vectors where there are none. False when the slot is not used for this version any more."""
    if slot not in hold_used_slots():
        return False
    with connection.cursor() as cursor:
        ids = list(entry_ids)
        cursor.execute(ADD_VECTORS, [slot.number, ids, _as_texts(vectors), ids])
    return True


def _fill(slot: EmbeddingSlot, embedder: Embedder, is_over: Callable[[], bool]) -> bool:
    """Batch by batch, then the switch. False when time was over first."""
    wanted, after = UsedSlot(slot.number, embedder.version), 0
    while True:
        sources = sources_without_vector(slot.number, after=after, limit=BATCH)
        if sources:
            ids = [source.entry_id for source in sources]
            if not _add_missing(wanted, ids, vectors_of(sources, embedder)):
                return True  # another took over; the next step says what is to be done now
            after = ids[-1]
        elif switch_to(slot.number, embedder.version):
            log.info("embedding slot switched", slot=slot.number, model=embedder.version)
            return True
        else:
            after = 0
        if is_over():
            return False


def _empty(slot: EmbeddingSlot, is_over: Callable[[], bool]) -> bool:
    """Remove its vectors in batches, then call it spare. False when time was over first."""
    after = 0
    while True:
        removed = _remove_some(slot.number, after)
        if not removed:
            return True
        after = removed
        if is_over():
            return False


@transaction.atomic
def _remove_some(number: int, after: int) -> int:
    """Remove some vectors beyond the id ``after`` from a slot that is being emptied; when there are none, it
    is spare. Returns the highest id, 0 when there is nothing to do any more. Locks both slots."""
    slot = next(slot for slot in _locked() if slot.number == number)
    if slot.state != State.EMPTYING:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(REMOVE_UNUSED_VECTORS, [number, after, REMOVED_AT_ONCE])
        removed = [pk for (pk,) in cursor.fetchall()]
    if removed:
        return int(max(removed))
    _put(slot, State.SPARE, "")
    return 0


def _locked() -> list[EmbeddingSlot]:
    return list(EmbeddingSlot.objects.select_for_update().order_by("number"))


def _put(slot: EmbeddingSlot, state: EmbeddingSlot.State, version: str) -> None:
    slot.state, slot.model_version = state, version
    slot.save()


def _as_texts(vectors: Sequence[NDArray[np.float32]]) -> list[str]:
    """As PostgreSQL reads them; five digits are more than half precision keeps."""
    return ["[" + ",".join([f"{number:.5g}" for number in vector.tolist()]) + "]" for vector in vectors]
