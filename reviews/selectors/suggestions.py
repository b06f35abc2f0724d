"""What a reader who suggests a claim learns: checks that say the same, and what became of theirs."""

from __future__ import annotations

from dataclasses import dataclass

from claims import states
from claims.matching.asked_before import may_be_the_same
from claims.matching.finding import Found, find_known
from claims.matching.ranking import POSSIBLE, STRONG
from claims.matching.wording import statement_of
from claims.models import CheckRequest, KnownClaim, Suggestion

from ..models import Publication, PublicCheck

SHOWN = 3
LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class KnownCheck:
    """A published check, ours (``slug``) or another publisher's (``url``)."""

    text: str
    claimant: str
    rating: str
    publisher: str
    slug: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a suggestion: ``received``, ``checking``, ``published`` or ``declined``. ``is_folded``:
    the check stood before it was suggested. Nothing here tells of what is not published."""

    state: str
    reason: str = ""
    slug: str = ""
    is_folded: bool = False


def known_checks(text: str, *, claimant: str = "") -> list[KnownCheck]:
    """Published checks that say the same or something alike, the likeliest first. What was not published is
    not among what is searched. Runs the encoder, so not inside a transaction."""
    finding = find_known(statement_of(text, claimant=claimant), limit=LOOKED_AT, published_only=True)
    ids = [one.candidate.known_claim_id for one in finding.found]
    rows = KnownClaim.objects.standing().in_bulk([pk for pk in ids if pk is not None])
    near = [
        rows[pk]
        for one in finding.found
        if (pk := one.candidate.known_claim_id) in rows and _is_near(one, rows[pk].text, text)
    ][:SHOWN]
    claims = [row.claim_id for row in near if row.claim_id is not None]
    slugs = dict(PublicCheck.objects.filter(claim__in=claims).values_list("claim_id", "slug"))
    shown = []
    for row in near:
        slug = slugs.get(row.claim_id or 0, "")
        if slug or row.url.startswith(("https://", "http://")):
            publisher = row.publisher or row.publisher_site
            shown.append(KnownCheck(row.text, row.claimant, row.rating, publisher, slug, row.url))
    return shown


def suggestion_at(digest: str) -> Suggestion | None:
    """The suggestion whose page has the token of this digest."""
    return Suggestion.objects.filter(token_sha256=digest).select_related("request").first()


def fate_of(suggestion: Suggestion) -> Fate:
    """What its writer may know. One that is held has been received, and no more is said of it."""
    if suggestion.state == states.REFUSED_SUGGESTION:
        return Fate("declined", suggestion.reason)
    request = suggestion.request
    if request is None or request.state == states.RECEIVED_REQUEST:
        return Fate("received")
    if request.state == states.DECLINED_REQUEST:
        return Fate("declined", request.reason)
    if request.state == states.ANSWERED_REQUEST and (slug := _slug_of(request)):
        first = (
            Publication.objects.filter(slug=slug).order_by("number").values_list("published_at", flat=True)
        )
        at = first.first()
        return Fate("published", slug=slug, is_folded=at is not None and at < suggestion.received_at)
    return Fate("checking")


def _slug_of(request: CheckRequest) -> str:
    if request.publication is None:
        return ""
    found = Publication.objects.filter(public_id=request.publication).values_list("slug", flat=True)
    return found.first() or ""


def _is_near(one: Found, theirs: str, ours: str) -> bool:
    """Graded by meaning where vectors are searched; by words alone, only what says just that."""
    if one.grade is None:
        return one.probability is None and may_be_the_same(theirs, ours)
    return one.grade in {STRONG, POSSIBLE}
