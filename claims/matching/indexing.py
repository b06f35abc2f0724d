"""What the index takes from a statement: words, vectors and parts. Reads the database, writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from ..models import Appearance, MatchEntry
from .agreement import parts_of
from .embedders import Embedder
from .text_search import configuration_for
from .wording import statement_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = structlog.get_logger(__name__)

STALE_FIRST = (F("claim").desc(nulls_last=True), F("id").desc())  # as in the index match_entry_stale


@dataclass(frozen=True, slots=True)
class SourceText:
    """What an entry's claim or known claim says, and the entry's revision at that moment."""

    entry_id: int
    revision: int
    is_offered: bool
    text: str
    title: str
    claimant: str
    language: str

    @property
    def for_vectors(self) -> str:
        return statement_of(self.text, title=self.title, claimant=self.claimant).for_vectors


@dataclass(frozen=True, slots=True)
class Reading:
    """All that will be stored of an entry; ``vectors`` by the model version that made them."""

    source: SourceText
    configuration: str
    title_words: str
    text_words: str
    parts: dict[str, object]
    vectors: dict[str, NDArray[np.float32]] = field(default_factory=dict)


def stale_sources(limit: int, *, without: Collection[int] = ()) -> list[SourceText]:
    """What waits for the indexer: our own newest claims, then what became known last."""
    waiting = MatchEntry.objects.filter(is_stale=True).exclude(pk__in=without)
    return _sources(waiting.order_by(*STALE_FIRST), limit)


def sources_without_vector(slot: int, *, after: int, limit: int) -> list[SourceText]:
    """Indexed entries beyond the id ``after`` that have no vector in the slot, in the order of their ids."""
    missing = MatchEntry.objects.filter(indexed_at__isnull=False, pk__gt=after).exclude(embeddings__slot=slot)
    return _sources(missing.order_by("pk"), limit)


def _sources(entries: Any, limit: int) -> list[SourceText]:
    first = Appearance.objects.filter(claim=OuterRef("claim")).order_by("pk")
    language = Subquery(first.values("version__article__language")[:1])
    rows = entries.values_list(
        "pk",
        "revision",
        "is_offered",
        Coalesce("known_claim__text", "claim__text"),
        Coalesce("known_claim__title", Value("")),
        Coalesce("known_claim__claimant", "claim__claimant__name", Value("")),
        Coalesce("known_claim__language", language, Value("")),
    )
    return [SourceText(*row) for row in rows[:limit]]


def read_statements(sources: Sequence[SourceText], embedders: Mapping[str, Embedder]) -> list[Reading]:
    """Words, parts and one vector by each encoder. Slow (models): never call it inside a transaction.

    A statement that cannot be read is left out, so that it does not hold up the others; when none can be
    read, the error is raised.
    """
    try:
        return _read(sources, embedders)
    except Exception:  # whichever statement is at fault, it is found by reading them one by one
        if len(sources) < 2:
            raise
    readings: list[Reading] = []
    failure: Exception | None = None
    for source in sources:
        try:
            readings += _read([source], embedders)
        except Exception as error:
            log.exception("statement not indexed", entry=source.entry_id)
            failure = error
    if failure is not None and not readings:
        raise failure
    return readings


def _read(sources: Sequence[SourceText], embedders: Mapping[str, Embedder]) -> list[Reading]:
    readings = [_words_and_parts(source) for source in sources]
    for version, embedder in embedders.items():
        vectors = embedder.embed([source.for_vectors for source in sources])
        for reading, vector in zip(readings, vectors, strict=True):
            reading.vectors[version] = vector
    return readings


def _words_and_parts(source: SourceText) -> Reading:
    statement = statement_of(source.text)
    return Reading(
        source,
        configuration_for(source.language),
        statement_of(source.title).for_words,
        statement.for_words,
        parts_of_statement(statement.text),
    )


def vectors_of(sources: Sequence[SourceText], embedder: Embedder) -> list[NDArray[np.float32]]:
    """One vector for each. Slow: never call it inside a transaction."""
    return list(embedder.embed([source.for_vectors for source in sources]))


def parts_of_statement(text: str) -> dict[str, object]:
    """What agreement is judged by, as the entry keeps it."""
    return dict(parts_of(text))
