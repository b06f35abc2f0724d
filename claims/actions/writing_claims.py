"""Where what a reading offers goes: to a claim of its article, to one of a near-identical article, or to a
new one. And the rows that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from claimtracker.ledger import outbox

from ..extraction import ExtractedClaim
from ..matching.offers import Offer, by_statement
from ..matching.same_statement import Said, groups_of
from ..models import Appearance, ArticleVersion, Claim, Claimant
from .copies import claims_of_copies
from .match_marks import mark_claims

CONTEXT = 32  # code points kept before and after a quote, to find it again in a changed text

PLACE_FIELDS = [
    *("start", "end", "quote", "prefix", "suffix", "claimant_name", "claimant_start", "claimant_end"),
    *("attribution", "cue", "score", "rank", "parts", "reasons", "extractor_version"),
]


@dataclass(slots=True)
class Destinations:
    """``own``: offers that say again what a claim of the article says. ``shared``: offers that are a claim of
    a near-identical article. ``new``: the other statements, the strongest offer of each first."""

    own: list[tuple[Offer, Claim]] = field(default_factory=list)
    shared: list[tuple[Offer, Claim]] = field(default_factory=list)
    new: list[list[Offer]] = field(default_factory=list)


def destinations_of(
    version: ArticleVersion,
    offers: Sequence[Offer],
    *,
    there: Sequence[tuple[Said, Claim]],
    copies: Sequence[ArticleVersion],
) -> Destinations:
    """Reads only. ``there`` is what stands in the article and stays; ``copies`` are the near-identical
    versions, whose claims the caller holds. What is said twice goes to one claim."""
    found = Destinations()
    groups = by_statement(offers)
    own = _said_there(groups, there)
    shared = claims_of_copies(version, offers, copies)
    for number, group in enumerate(groups):
        theirs = [shared[offer.span] for offer in group if offer.span in shared]
        if number in own:
            found.own += [(offer, own[number]) for offer in group]
        elif theirs:
            found.shared += [(offer, shared.get(offer.span, theirs[0])) for offer in group]
        else:
            found.new.append(group)
    return found


def _said_there(groups: Sequence[Sequence[Offer]], there: Sequence[tuple[Said, Claim]]) -> dict[int, Claim]:
    """Number of a group → the article's own claim that says the same."""
    if not there:
        return {}
    said = [said for said, _claim in there] + [group[0].said for group in groups]
    own: dict[int, Claim] = {}
    for same in groups_of(said):
        if same[0] < len(there):
            own |= {at - len(there): there[same[0]][1] for at in same if at >= len(there)}
    return own


def write_claims(
    version: ArticleVersion, destinations: Destinations, *, extractor_version: str
) -> list[Claim]:
    """The new claims and all the appearances. A claim has the wording and score of its strongest place.
    Emits claim.extracted and claim.appeared, unless nobody but a sandbox's partner may see them. The caller
    holds the article and every claim that is joined."""
    found = destinations
    claimants = claimants_named(
        {offer.item.claimant for group in found.new for offer in group if offer.item.claimant},
        is_sandbox=version.is_sandbox,
    )
    claims = Claim.objects.bulk_create(
        Claim(
            desk=version.article.desk,
            is_sandbox=version.is_sandbox,
            **claim_facts(group, claimants),
            extractor_version=extractor_version,
        )
        for group in found.new
    )
    fresh = [(offer, claim) for group, claim in zip(found.new, claims, strict=True) for offer in group]
    _write_places(version, [*fresh, *found.own], extractor_version)
    joined = _write_places(version, found.shared, extractor_version)
    if version.is_sandbox:
        return claims
    mark_claims(claim.pk for claim in claims)
    outbox.emit_all("claim.extracted", [(claim, {}) for claim in claims])
    outbox.emit_all(
        "claim.appeared",
        [
            (place, {"claim": place.claim_id, "article": version.article_id, "version": version.pk})
            for place in joined
        ],
    )
    return claims


def _write_places(
    version: ArticleVersion, places: Sequence[tuple[Offer, Claim]], extractor_version: str
) -> list[Appearance]:
    return Appearance.objects.bulk_create(
        Appearance(
            claim_id=claim.pk,
            version=version,
            extractor_version=extractor_version,
            **appearance_facts(version.body, offer),
        )
        for offer, claim in places
    )


def claimants_named(names: set[str], *, is_sandbox: bool = False) -> dict[str, Claimant]:
    """Name as found → its row, made when it is new. A sandbox has claimants of its own."""
    Claimant.everything.bulk_create(
        [Claimant(name=name[:300], is_sandbox=is_sandbox) for name in sorted(names)], ignore_conflicts=True
    )
    rows = Claimant.everything.filter(name__in=[name[:300] for name in names], is_sandbox=is_sandbox)
    known = {claimant.name: claimant for claimant in rows}
    return {name: known[name[:300]] for name in names}


def claim_facts(offers: Sequence[Offer], claimants: dict[str, Claimant]) -> dict[str, Any]:
    """What a reading says of a claim, as the fields of its row: by its strongest offer, which is the first.
    Whose word it is may be known at another place only."""
    item = offers[0].item
    named = next((offer.item.claimant for offer in offers if offer.item.claimant), "")
    return {
        "text": item.text,
        "changes": [asdict(change) for change in item.changes],
        "claimant": claimants.get(named),
        "kind": item.kind,
        "score": item.score,
    }


def place_in(body: str, start: int, end: int) -> dict[str, Any]:
    """The fields of an appearance that say where in ``body`` it is, with what stands around it."""
    return {
        "start": start,
        "end": end,
        "quote": body[start:end],
        "prefix": body[max(0, start - CONTEXT) : start],
        "suffix": body[end : end + CONTEXT],
    }


def appearance_facts(body: str, offer: Offer) -> dict[str, Any]:
    """What a reading says of the claim's place in ``body``, as the fields of the appearance."""
    item: ExtractedClaim = offer.item
    span = item.claimant_span
    return {
        **place_in(body, item.start, item.end),
        "quote": item.quote,
        "claimant_name": (item.claimant or "")[:300],
        "claimant_start": span[0] if span else None,
        "claimant_end": span[1] if span else None,
        "attribution": item.attribution,
        "cue": item.cue[:100],
        "score": item.score,
        "rank": offer.rank,
        "reasons": [reason[:200] for reason in item.reasons],
        "parts": {name: list(found) for name, found in asdict(item.parts).items()},
    }
