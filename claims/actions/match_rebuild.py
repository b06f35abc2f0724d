"""The index made anew from claims and known claims alone, while the search goes on with what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, models, transaction

from ..matching.slots import State
from ..models import Claim, EmbeddingSlot, KnownClaim, MatchEmbedding, MatchEntry
from .index_statements import HOLD_TOTALS, MAKE_TOTALS, RECOUNT_TERMS, RECOUNT_TOTALS
from .match_marks import ask_to_index, mark_claims, mark_known_claims

BATCH = 2_000  # claims in one transaction


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """What a rebuild found: entries that now wait for the indexer, and words whose count was wrong."""

    stale: int
    wrong_counts: int


def rebuild_match_index(*, say: Callable[[str], None] = lambda line: None) -> Rebuilding:
    """Mark every claim and known claim for the indexer, count the words afresh, and enqueue the indexer.

    Entries that are missing are made, and those of claims that must not be found go. Each entry is searched
    as it was until the indexer has read it anew. Safe to repeat, to interrupt, and while people work: locks
    2,000 claims or known claims at a time, then, for the count, the indexer's totals.
    """
    done = 0
    for ids in _batches(KnownClaim):
        _mark(KnownClaim.objects.order_by("origin", "identity"), ids, mark_known_claims)
        done += len(ids)
        say(f"{done} known claims marked")
    done = 0
    for ids in _batches(Claim):
        _mark(Claim.objects.order_by("pk"), ids, mark_claims)
        done += len(ids)
        say(f"{done} claims marked")
    wrong = recount_words()
    remove_stray_vectors()
    with transaction.atomic():
        ask_to_index()
    return Rebuilding(MatchEntry.objects.filter(is_stale=True).count(), wrong)


@transaction.atomic
def recount_words() -> int:
    """Count in how many entries each word occurs, and all weights, from the entries' words. Returns how many
    words had a wrong count. Locks the totals: indexers wait, searches and people do not."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE_TOTALS)
        cursor.execute(HOLD_TOTALS)
        cursor.execute(RECOUNT_TERMS)
        wrong = int(cursor.fetchone()[0])
        cursor.execute(RECOUNT_TOTALS)
    return wrong


@transaction.atomic
def remove_stray_vectors() -> None:
    """Remove vectors from slots that are spare. Locks both slots."""
    slots = list(EmbeddingSlot.objects.select_for_update().order_by("number"))
    spare = [slot.number for slot in slots if slot.state == State.SPARE]
    MatchEmbedding.objects.filter(slot__in=spare).delete()


@transaction.atomic
def _mark(
    rows: models.QuerySet[Claim] | models.QuerySet[KnownClaim],
    ids: list[int],
    mark: Callable[[Iterable[int]], None],
) -> None:
    """Under locks, in the order in which imports take them: nobody withdraws or dismisses between the look
    and the mark."""
    list(rows.select_for_update(no_key=True).filter(pk__in=ids).values_list("pk"))
    mark(ids)


def _batches(model: type[Claim] | type[KnownClaim]) -> Iterator[list[int]]:
    after, keys = 0, model._default_manager.order_by("pk").values_list("pk", flat=True)
    while ids := list(keys.filter(pk__gt=after)[:BATCH]):
        yield ids
        after = ids[-1]
