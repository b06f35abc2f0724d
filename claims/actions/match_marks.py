"""Telling the index what changed: an entry is stale from the very transaction that changes its source."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection, transaction
from psycopg import sql

from claimtracker import jobs
from claimtracker.kernel.commits import after_commit

from ..models import Claim, KnownClaim

INDEX = "claims.index_entries"
EVERYTHING = "all"  # the object of jobs that look for themselves what there is to do

_FOUND = """
    INSERT INTO claims_matchentry ({source}, is_offered, is_stale, revision, weight, parts)
    SELECT id, true, true, 1, 0, '{{}}' FROM unnest(%s::bigint[]) AS wanted(id) ORDER BY id
    ON CONFLICT ({source}) DO UPDATE
       SET is_offered = true, is_stale = true, revision = claims_matchentry.revision + 1
"""
_HIDDEN = """
    UPDATE claims_matchentry AS entry
       SET is_offered = false, is_stale = true, revision = entry.revision + 1
      FROM (SELECT id FROM claims_matchentry
             WHERE {source} = ANY(%s) AND is_offered ORDER BY id FOR NO KEY UPDATE) AS gone
     WHERE entry.id = gone.id
"""


@transaction.atomic
def mark_claims(claim_ids: Iterable[int]) -> None:
    """Have these claims found, found by their present words, or not found any more, as they stand now.

    To be found a claim must stand, without a known claim of its own that stands: what we published speaks
    for it. The caller made the claims in this transaction or holds their locks. Locks their entries, in
    order of id; four statements at most, however many there are.
    """
    wanted = sorted(set(claim_ids))
    if wanted:
        spoken_for = KnownClaim.objects.standing().filter(claim__in=wanted).values("claim")
        found = Claim.objects.standing().filter(pk__in=wanted).exclude(pk__in=spoken_for)
        _mark("claim_id", wanted, set(found.values_list("pk", flat=True)))


@transaction.atomic
def mark_known_claims(known_claim_ids: Iterable[int]) -> None:
    """The same for known claims: those are found that no moderator withdrew. The caller made them in this
    transaction or holds their locks."""
    wanted = sorted(set(known_claim_ids))
    if wanted:
        found = KnownClaim.objects.standing().filter(pk__in=wanted)
        _mark("known_claim_id", wanted, set(found.values_list("pk", flat=True)))


def ask_to_index() -> None:
    """Enqueue the indexer."""
    jobs.enqueue(INDEX, EVERYTHING)


def _mark(source: str, wanted: Collection[int], found: Collection[int]) -> None:
    column = sql.Identifier(source)
    hidden = [pk for pk in wanted if pk not in found]
    with connection.cursor() as cursor:
        if found:
            cursor.execute(sql.SQL(_FOUND).format(source=column), [sorted(found)])
        if hidden:
            cursor.execute(sql.SQL(_HIDDEN).format(source=column), [hidden])
    # after the commit: all writers share the indexer's one row, and would wait for each other over it. When
    # nobody is left to ask, look_after_index does, since the entries say themselves that they wait.
    after_commit(ask_to_index)
