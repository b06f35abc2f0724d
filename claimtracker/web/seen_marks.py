"""What a claim's card says of its having been seen before: whose rating there is, or how many may be it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from claims import states
from claims.models import Claim, ClaimMatch, Grade, KnownClaim


@dataclass(frozen=True, slots=True)
class SeenMark:
    """``rating`` is in the words of ``publisher``; ``is_sure`` once a person confirmed that it is the same.
    Without a rating ``possible`` counts what is suggested."""

    rating: str = ""
    publisher: str = ""
    is_sure: bool = False
    possible: int = 0


def seen_marks(claim_ids: Collection[int], user: Any) -> dict[int, SeenMark]:
    """Claim id → its mark, for those that have one. What a person confirmed goes first, then what very likely
    is the same, then the count. Three queries for any number of claims."""
    marks = _of_families(claim_ids)
    matches = ClaimMatch.objects.visible_to(user).filter(
        claim__in=claim_ids, state__in=[states.PROPOSED, states.ACCEPTED_MATCH]
    )
    standing = Q(known_claim__isnull=True) | Q(known_claim__withdrawn_at__isnull=True)
    possible: dict[int, int] = {}
    for match in matches.filter(standing).select_related("known_claim").order_by("state", "-score", "id"):
        is_sure = match.state == states.ACCEPTED_MATCH
        known = match.known_claim
        if known and known.rating and (is_sure or match.grade == Grade.STRONG):
            marks.setdefault(match.claim_id, SeenMark(known.rating, known.publisher, is_sure))
        if not is_sure:
            possible[match.claim_id] = possible.get(match.claim_id, 0) + 1
    for claim_id, number in possible.items():
        marks.setdefault(claim_id, SeenMark(possible=number))
    return marks


def _of_families(claim_ids: Collection[int]) -> dict[int, SeenMark]:
    """What is published of another claim of the family: a person said that they are the same."""
    pairs = Claim.objects.filter(pk__in=claim_ids).values_list("pk", "canonical_id")
    roots = {pk: canonical or pk for pk, canonical in pairs}
    known = KnownClaim.objects.own().standing().exclude(rating="").select_related("claim")
    family = Q(claim__in=roots.values()) | Q(claim__canonical__in=roots.values())
    found: dict[int, list[KnownClaim]] = {}
    for one in known.filter(family).order_by("-pk"):
        if one.claim:
            found.setdefault(one.claim.canonical_id or one.claim.pk, []).append(one)
    marks = {}
    for claim_id, root in roots.items():
        other = next((one for one in found.get(root, ()) if one.claim_id != claim_id), None)
        if other:
            marks[claim_id] = SeenMark(other.rating, other.publisher, is_sure=True)
    return marks
