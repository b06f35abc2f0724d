"""Which slot of vectors is searched, which are written, and by which encoder."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from ..models import EmbeddingSlot
from .embedders import Embedder, embedder_for, newest_embedder

State = EmbeddingSlot.State
WRITTEN = (State.CURRENT, State.FILLING)
# without a condition: a row that changes while we wait is looked at as it is then
HELD = "SELECT number, model_version, state FROM claims_embeddingslot ORDER BY number FOR SHARE"


@dataclass(frozen=True, slots=True)
class UsedSlot:
    """A slot that new vectors go to, by number and model version."""

    number: int
    version: str


def searched_slot() -> tuple[int, Embedder] | None:
    """The slot to search now and the encoder for the question; None while no vector can be searched.

    When the encoder of the current slot is gone for good, the slot that the newest one fills stands in,
    however much of it is there.
    """
    by_state = {slot.state: slot for slot in EmbeddingSlot.objects.filter(state__in=WRITTEN)}
    current, filling = by_state.get(State.CURRENT), by_state.get(State.FILLING)
    if current is None:
        return None
    embedder = embedder_for(current.model_version)
    if embedder is not None:
        return current.number, embedder
    newest = newest_embedder()
    if filling is not None and filling.model_version == newest.version:
        return filling.number, newest
    return None


def used_slots() -> list[UsedSlot]:
    """The slots that a new vector goes to."""
    rows = EmbeddingSlot.objects.filter(state__in=WRITTEN).order_by("number")
    return [UsedSlot(*row) for row in rows.values_list("number", "model_version")]


def hold_used_slots() -> list[UsedSlot]:
    """The same, kept as they are until the transaction ends: who changes a slot's state waits for its
    writers. Locks both slot rows (FOR SHARE), before anything else of the index."""
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        return [UsedSlot(number, version) for number, version, state in cursor.fetchall() if state in WRITTEN]
