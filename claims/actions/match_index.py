"""The indexer: brings words, vectors, parts and word counts in line with the claims and known claims."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import ngettext

from claimtracker.jobs import states as job_states
from claimtracker.jobs.models import Job

from ..matching.embedders import embedder_for
from ..matching.indexing import Reading, read_statements, stale_sources
from ..matching.slots import UsedSlot, hold_used_slots, used_slots
from ..models import MatchEntry
from .embedding_slots import REEMBED, ask_to_reembed, begin_first_slot, reembedding_is_needed, write_vectors
from .index_statements import COUNT_AND_WRITE, HOLD_TOTALS, MAKE_TOTALS, REMOVE_ENTRIES, REMOVE_VECTORS, TAKE
from .match_marks import INDEX, ask_to_index

log = structlog.get_logger(__name__)

BATCH = 256  # entries in one transaction
TURN_SECONDS = 10.0  # then the job goes to the end of its queue, so that others have their turn
LOOK_AGAIN = timedelta(seconds=1)  # after entries that somebody is changing right now
AFTER_FAILURE = timedelta(minutes=10)  # how long a dead letter keeps the beat from asking again


class UnreadableStatements(RuntimeError):
    """Some statements could not be read; the others are indexed."""


@dataclass(slots=True)
class Turn:
    """What one turn of the indexer did, and when to go on: None when nothing waits any more."""

    indexed: int = 0
    removed: int = 0
    unreadable: set[int] = field(default_factory=set)
    busy: set[int] = field(default_factory=set)
    again_at: datetime | None = None


def index_for_a_while(*, goes_on: Callable[[], bool] = lambda: True, seconds: float = TURN_SECONDS) -> Turn:
    """Index what is stale, batch by batch, each in a transaction of its own, while ``goes_on()`` says so.

    Call it outside of a transaction. Safe at any time, killed at any point, and side by side.
    """
    turn, until = Turn(), time.monotonic() + seconds
    while goes_on():
        if not _index_batch(turn):
            turn.again_at = timezone.now() + LOOK_AGAIN if turn.busy else None
            return turn
        if time.monotonic() > until:
            break
    turn.again_at = timezone.now()
    return turn


def index_everything() -> Turn:
    """Index until nothing is stale, in this very thread. Raises UnreadableStatements."""
    turn = index_for_a_while(seconds=float("inf"))
    while turn.again_at:
        time.sleep(0.1)
        more = index_for_a_while(seconds=float("inf"))
        more.indexed, more.removed = more.indexed + turn.indexed, more.removed + turn.removed
        turn = more
    complain_of(turn)
    return turn


def complain_of(turn: Turn) -> None:
    """Raises UnreadableStatements for what the turn had to leave out, so that somebody looks at it."""
    if turn.unreadable and turn.again_at is None:
        some = ", ".join(str(pk) for pk in sorted(turn.unreadable)[:20])
        raise UnreadableStatements(
            ngettext(
                "%(number)d entry could not be indexed: %(some)s",
                "%(number)d entries could not be indexed: %(some)s",
                len(turn.unreadable),
            )
            % {"number": len(turn.unreadable), "some": some}
        )


def _index_batch(turn: Turn) -> bool:
    """One batch. False when there was none."""
    sources = stale_sources(BATCH, without=turn.unreadable | turn.busy)
    if not sources:
        return False
    slots = used_slots() or begin_first_slot()
    found = {slot.version: embedder_for(slot.version) for slot in slots}
    embedders = {version: embedder for version, embedder in found.items() if embedder is not None}
    offered = [source for source in sources if source.is_offered]
    readings = read_statements(offered, embedders) if offered else []
    removed = {source.entry_id: source.revision for source in sources if not source.is_offered}
    done = write_readings(readings, removed=removed, slots=slots)
    if done is None:  # the slots changed while we read: the same batch once more
        return True
    indexed, gone = done
    read = {reading.source.entry_id for reading in readings}
    turn.unreadable |= {source.entry_id for source in offered} - read
    turn.busy |= (read | removed.keys()) - set(indexed) - set(gone)
    turn.indexed += len(indexed)
    turn.removed += len(gone)
    return True


@transaction.atomic
def write_readings(
    readings: Sequence[Reading], *, removed: dict[int, int], slots: Sequence[UsedSlot]
) -> tuple[list[int], list[int]] | None:
    """Store what was read and remove the entries in ``removed`` (id → revision), with the exact difference
    in the word counts. Returns the ids of both; None, with nothing written, when other slots are used by now.

    Entries that changed since they were read, or that somebody is changing, are left alone. Locks the slots
    (shared), the totals, then the entries, for which it never waits.
    """
    if hold_used_slots() != list(slots):
        return None
    revisions = {reading.source.entry_id: reading.source.revision for reading in readings} | removed
    with connection.cursor() as cursor:
        cursor.execute(MAKE_TOTALS)
        cursor.execute(HOLD_TOTALS)
        cursor.execute(TAKE, [list(revisions), list(revisions.values())])
        taken = {pk for (pk,) in cursor.fetchall()}
        kept = sorted((r for r in readings if r.source.entry_id in taken), key=lambda r: r.source.entry_id)
        gone = sorted(taken & removed.keys())
        parameters = {
            "ids": [reading.source.entry_id for reading in kept],
            "gone": gone,
            "configurations": [reading.configuration for reading in kept],
            "titles": [reading.title_words for reading in kept],
            "texts": [reading.text_words for reading in kept],
            "parts": [json.dumps(reading.parts) for reading in kept],
        }
        cursor.execute(COUNT_AND_WRITE, parameters)
        if gone:
            cursor.execute(REMOVE_VECTORS, [gone])
            cursor.execute(REMOVE_ENTRIES, [gone])
    for slot in slots:
        with_vector = [reading for reading in kept if slot.version in reading.vectors]
        write_vectors(
            slot.number,
            [reading.source.entry_id for reading in with_vector],
            [reading.vectors[slot.version] for reading in with_vector],
        )
    return [reading.source.entry_id for reading in kept], gone


def look_after_index() -> None:
    """See that somebody works on what waits: stale entries whose job was never asked for, and a newer
    encoder. Cheap; the beat calls it every few seconds."""
    if MatchEntry.objects.filter(is_stale=True).exists() and not _in_hand(INDEX):
        ask_to_index()
    look_after_slots()


def look_after_slots() -> None:
    """Enqueue the re-embedding when the slots call for one and nobody is at it."""
    if not _in_hand(REEMBED) and reembedding_is_needed():
        ask_to_reembed()


def _in_hand(kind: str) -> bool:
    """Whether such a job is open, or failed for good so recently that a person should look at it first."""
    rows = Job.objects.filter(kind=kind)
    failed = rows.filter(state=job_states.DEAD, finished_at__gt=timezone.now() - AFTER_FAILURE)
    return rows.open().exists() or failed.exists()
