"""The one search for what is known already: by words and by meaning, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.db import connection, transaction

from .hybrid_query import BOUNDS, MOST_EF_SEARCH, SEARCH, SETTINGS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Mode = Literal["hybrid", "lexical", "semantic"]
MOST_CHARACTERS = 100_000  # of a question; the rest is not read


class OtherModelSearched(Exception):
    """The vector is of a model whose slot is no longer, or not yet, searched: make it anew and ask again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that was found, with both scores whichever way it was found.

    ``bm25`` is 0 when no word is shared; ``cosine`` is None when the question or the entry has no vector. A
    place counts from 1 among what was found that way, and is None for what was found the other way only.
    """

    entry_id: int
    known_claim_id: int | None
    claim_id: int | None
    bm25: float
    cosine: float | None
    lexical_place: int | None
    semantic_place: int | None


def find_candidates(
    words: str,
    vector: NDArray[np.float32] | Sequence[float] | None = None,
    *,
    model_version: str = "",
    configuration: str = "english",
    mode: Mode = "hybrid",
    limit: int = 100,
    exclude: Collection[int] = (),
) -> list[Candidate]:
    """Up to ``limit`` offered entries that say it in like words and up to ``limit`` that mean it, best first.

    ``vector`` is of the model ``model_version``; without one, or while no vectors are kept, only words are
    searched, and ``semantic`` finds nothing. ``mode`` chooses who is looked for, never how they are scored.
    ``configuration`` is PostgreSQL's for the question's language. Leaves out entries of the claims
    ``exclude``, also those that stand there as our own publications. Two statements however much there is;
    writes nothing and leaves no setting behind. Raises OtherModelSearched.
    """
    if vector is not None and not model_version:
        raise ValueError("name the model_version of the vector")
    if mode not in ("hybrid", "lexical", "semantic"):
        raise ValueError(f"there is no mode {mode!r}")
    asked = {
        **BOUNDS,
        "words": _storable(words),
        "vector": None if vector is None else written_vector(vector),
        "model_version": model_version,
        "configuration": configuration,
        "exclude": list(exclude),
        "lexical": 0 if mode == "semantic" else limit,
        "promising": 0 if mode == "semantic" else max(BOUNDS["promising"], limit),
        "nearest": 0 if mode == "lexical" else limit,
    }
    rows = _ask(asked, ef_search=max(settings.MATCHING_EF_SEARCH, limit))
    if rows[0][-1]:
        raise OtherModelSearched(f"vectors of {model_version} are not searched now")
    return [Candidate(*row[:-1]) for row in rows if row[0] is not None]


def _ask(asked: dict[str, Any], *, ef_search: int) -> list[tuple[Any, ...]]:
    # Rolled back, to its savepoint inside a transaction: that undoes the settings, and there is nothing else.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTINGS, {"ef_search": str(min(ef_search, MOST_EF_SEARCH))})
        cursor.execute(SEARCH, asked)
        rows = cursor.fetchall()
        transaction.set_rollback(True)
    return rows


def _storable(words: str) -> str:
    """What PostgreSQL takes as text: no NUL, no half of a surrogate pair, no end in sight."""
    return words[:MOST_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode()


def written_vector(vector: NDArray[np.float32] | Sequence[float]) -> str:
    return "[" + ",".join(f"{number:.6g}" for number in vector) + "]"
