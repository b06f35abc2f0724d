"""Whether what somebody asks is published already, word for word: where nobody looks at it, doubt is a no."""

from __future__ import annotations

from claims.extraction.dates import dates_in
from claims.matching.asked_before import may_be_the_same
from claims.matching.candidates import find_candidates
from claims.matching.text_search import configuration_for
from claims.models import KnownClaim

from ..models import Publication

LOOKED_AT = 30  # checks in like words


def standing_check_of(words: str, *, language: str = "") -> Publication | None:
    """The one check of ours that stands and whose claim says the same (matching.asked_before). None where it
    says when by the day on which it is said ("last year", "on Monday"): that day is another one now. None,
    too, where two do: they are about two people, or places, that the words do not name. Three queries."""
    if any(one.earliest is None and one.latest is None for one in dates_in(words)):
        return None
    near = find_candidates(words, configuration=configuration_for(language), mode="lexical", limit=LOOKED_AT)
    ids = [one.known_claim_id for one in near if one.known_claim_id is not None]
    own = KnownClaim.objects.own().standing().filter(pk__in=ids)
    same = [known for known in own if may_be_the_same(known.text, words)]
    if len(same) != 1:
        return None
    standing = Publication.objects.standing().readable().filter(claim=same[0].claim_id)
    return standing.select_related("claim").first()
