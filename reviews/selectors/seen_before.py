"""What is known already of a claim: its family, what others found of the same, and what may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from claims import states
from claims.models import Appearance, Claim, ClaimMatch
from claims.selectors import Family, family_for

from ..models import Publication
from .families import publication_to_carry
from .standing import Standing, standings_of

LATER = 5  # later claims that a page names


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """``matches`` by score, of every state but lapsed; ``later`` the newest claims that wait to be called the
    same as this one, each to be decided on its own page; ``seen`` the ids of our claims that the person may
    open; ``standings`` of all of ours that are named; ``publication`` what could be carried over."""

    matches: list[ClaimMatch]
    later: list[ClaimMatch]
    seen: frozenset[int]
    standings: dict[int, Standing]
    family: Family
    appearances: dict[int, int]
    publication: Publication | None


def seen_before(claim: Claim, user: Any) -> SeenBefore:
    """As many queries for any number of matches and of claims in the family."""
    matches = list(
        ClaimMatch.objects.visible_to(user)
        .filter(claim=claim)
        .exclude(state=states.LAPSED)
        .filter(Q(known_claim__isnull=True) | Q(known_claim__withdrawn_at__isnull=True))
        .select_related("known_claim__claim__claimant", "other_claim__claimant", "decided_by")
        .order_by("-score", "id")
    )
    for match in matches:
        match.claim = claim  # the same row, already joined with its desk
    family = family_for(user, claim)
    ours = {other.pk for match in matches if (other := match.ours)}
    everybody = ours | {one.pk for one in members_of(family)}
    places = Appearance.objects.filter(claim__in=everybody).order_by().values_list("claim")
    of_this = Q(other_claim=claim) | Q(known_claim__claim=claim)
    later = ClaimMatch.objects.visible_to(user).open().filter(of_this, claim__in=Claim.objects.standing())
    return SeenBefore(
        matches=matches,
        later=list(later.select_related("claim").order_by("-claim_id")[:LATER]),
        seen=frozenset(Claim.objects.visible_to(user).filter(pk__in=ours).values_list("pk", flat=True)),
        standings=standings_of(everybody),
        family=family,
        appearances=dict(places.annotate(number=Count("pk"))),
        publication=publication_to_carry(claim),
    )


def members_of(family: Family) -> list[Claim]:
    """Everybody whom the person sees, the canonical claim first."""
    return [*([family.canonical] if family.canonical else []), *family.members]
