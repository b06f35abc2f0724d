"""The index held against claims and known claims, counted here by other means than the indexer's."""

from __future__ import annotations

from collections import Counter

import numpy as np
from django.db import connection

from claims import states
from claims.actions.match_marks import mark_claims, mark_known_claims
from claims.matching.slots import used_slots
from claims.matching.wording import statement_of
from claims.models import Claim, KnownClaim, MatchEmbedding, MatchEntry, MatchTerm, MatchTotals
from tests.support import embedders

WORDS = (
    "SELECT setweight(to_tsvector('english', unaccent(%s)), 'A')"
    " || setweight(to_tsvector('english', unaccent(%s)), 'B')"
)


def findable() -> dict[tuple[str, int], tuple[str, str, str]]:
    """("claim" or "known", id) → text, title and claimant of all that must be found."""
    known = KnownClaim.objects.filter(withdrawn_at=None)
    spoken_for = {each.claim_id for each in known}
    found = {("known", each.pk): (each.text, each.title, each.claimant) for each in known}
    for claim in Claim.objects.all():
        if claim.state not in (states.DISMISSED, states.WITHDRAWN) and claim.pk not in spoken_for:
            found["claim", claim.pk] = (claim.text, "", claim.claimant.name if claim.claimant else "")
    return found


def entries() -> dict[tuple[str, int], MatchEntry]:
    return {
        ("claim", entry.claim_id) if entry.claim_id else ("known", entry.known_claim_id): entry
        for entry in MatchEntry.objects.all()
    }


def is_offered(claim: Claim) -> bool | None:
    """Whether the claim's entry is offered; None without an entry."""
    return MatchEntry.objects.filter(claim=claim).values_list("is_offered", flat=True).first()


def mark_everything() -> None:
    """Mark also what the factories made without an action."""
    mark_claims(Claim.objects.values_list("pk", flat=True))
    mark_known_claims(KnownClaim.objects.values_list("pk", flat=True))


def words_of(text: str, title: str = "") -> str:
    with connection.cursor() as cursor:
        cursor.execute(WORDS, [title, text])
        return str(cursor.fetchone()[0])


def statistics_are_exact() -> None:
    """Words, weights, word counts and totals are those of the entries as they are."""
    counts: Counter[str] = Counter()
    total, indexed = 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(words), weight,"
            " COALESCE((SELECT sum(cardinality(positions)) FROM unnest(words)), 0)"
            " FROM claims_matchentry WHERE words IS NOT NULL"
        )
        for lexemes, weight, occurrences in cursor.fetchall():
            assert weight == occurrences
            counts.update(lexemes)
            total, indexed = total + weight, indexed + 1
    assert dict(MatchTerm.objects.values_list("lexeme", "entries")) == dict(counts)
    totals = MatchTotals.objects.first()
    assert ((totals.entries, totals.weight) if totals else (0, 0)) == (indexed, total)


def index_is_exact() -> None:
    """Nothing waits, and entries, words, counts and vectors are those of what must be found now."""
    wanted, there = findable(), entries()
    assert there.keys() == wanted.keys()
    assert not MatchEntry.objects.filter(is_stale=True).exists()
    assert not MatchEntry.objects.filter(is_offered=False).exists()
    for key, entry in there.items():
        text, title, _claimant = wanted[key]
        assert entry.words == words_of(text, title), text
        assert entry.indexed_at is not None
    statistics_are_exact()
    vectors_are_exact()


def vectors_are_exact() -> None:
    """Each entry has one vector in each used slot, by the slot's encoder, of its present words."""
    wanted, there = findable(), entries()
    slots = used_slots()
    expected = {(entry.pk, slot.number) for entry in there.values() for slot in slots}
    stored = {(e.entry_id, e.slot): e.vector for e in MatchEmbedding.objects.all()}
    assert stored.keys() == expected
    for key, entry in there.items():
        text, title, claimant = wanted[key]
        statement = statement_of(text, title=title, claimant=claimant)
        for slot in slots:
            embedder = embedders.embedder_for(slot.version)
            assert embedder is not None
            vector = embedder.embed([statement.for_vectors])[0]
            found = np.array(stored[entry.pk, slot.number])
            assert float(vector @ found) > 0.999, text
