"""Wire copy: an article that another outlet printed almost unchanged shares its claims.

Who reads a version first holds, until the end of the transaction, what its text has in common with every
near-identical one: a lock for each band of its fingerprint. So of two copies that are read at the same moment
the second waits, sees the first one's claims and joins them. All bands are taken in one order and before any
claim's lock, and claims in the order of their ids: no two readings wait for each other in a circle. Articles
that are not alike share no band and do not wait.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Exists, OuterRef

from .. import states
from ..matching.fingerprints import METHOD, Fingerprint, fingerprint_of
from ..matching.near_identical import near_identical_versions
from ..matching.offers import Offer, placed_claim, placed_offer
from ..matching.wire_copies import StandingClaims
from ..models import Appearance, ArticleFingerprint, ArticleVersion, Claim, ExtractionRun

BAND_LOCKS = 0x636D6266  # one half of the advisory keys of bands; those of jobs have the other form


def hold_copies(version: ArticleVersion, *, fingerprint: Fingerprint | None = None) -> list[ArticleVersion]:
    """The near-identical versions that were read before. Keeps this one's fingerprint, and waits for
    near-identical articles that are being read right now. ``fingerprint`` is this version's, when it is at
    hand.

    A sandbox shares nothing with anybody: there it is the article's own version before, and no fingerprint is
    kept.

    Call inside a transaction, with the article's lock and before any claim's: lock_claims_of comes next.
    """
    if version.is_sandbox:
        return list(ArticleVersion.objects.filter(article=version.article_id, number=version.number - 1))
    fingerprint = fingerprint or fingerprint_of(version.body)
    _lock_bands(fingerprint.bands)
    save_fingerprint(version, fingerprint)
    return near_identical_versions(version, fingerprint=fingerprint)


def save_fingerprint(version: ArticleVersion, fingerprint: Fingerprint) -> None:
    """One for each version, replaced when another method made it."""
    row = ArticleFingerprint(version=version, method=fingerprint.method, bands=list(fingerprint.bands))
    ArticleFingerprint.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["version"], update_fields=["method", "bands"]
    )


def fingerprint_some(limit: int = 50) -> int:
    """Fingerprints for up to ``limit`` versions that were read before there were any, or whose own was made
    by another method; the oldest first. Returns how many, 0 when none is left. Safe to repeat and to stop."""
    made = ArticleFingerprint.objects.filter(version=OuterRef("pk"), method=METHOD)
    was_read = Exists(ExtractionRun.objects.filter(version=OuterRef("pk")))
    lacking = ArticleVersion.objects.filter(~Exists(made), was_read, is_sandbox=False)
    rows = []
    for version in lacking.only("body").order_by("pk")[:limit]:
        found = fingerprint_of(version.body)
        rows.append(ArticleFingerprint(version=version, method=found.method, bands=list(found.bands)))
    ArticleFingerprint.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["version"], update_fields=["method", "bands"]
    )
    return len(rows)


def lock_claims_of(*versions: ArticleVersion) -> list[Claim]:
    """Every claim that stands in one of the versions, locked in one order until the transaction ends."""
    there = Appearance.objects.filter(version__in=versions).values("claim")
    return list(Claim.everything.select_for_update(no_key=True).filter(pk__in=there).order_by("pk"))


def claims_of_copies(
    version: ArticleVersion, offers: Sequence[Offer], copies: Sequence[ArticleVersion]
) -> dict[tuple[int, int], Claim]:
    """Span → the claim of a near-identical article that the offer is, for the offers that are one. What a
    reading withdrew does not count; what a person dismissed does, so that it is not offered again."""
    if not copies or not offers:
        return {}
    version_of = {copy.pk: copy for copy in copies}
    places = (
        Appearance.objects.filter(version__in=version_of)
        .exclude(claim__state=states.WITHDRAWN)
        .select_related("claim")
        .order_by("version_id", "start", "end")
    )
    ordered = sorted(places, key=lambda place: place.claim.state == states.DISMISSED)
    standing = StandingClaims(
        (place.claim, placed_claim(place, version_of[place.version_id])) for place in ordered
    )
    found = {}
    for offer in offers:
        claim = standing.same_as(placed_offer(offer, version))
        if claim is not None:
            found[offer.span] = claim
    return found


def _lock_bands(bands: Sequence[int]) -> None:
    keys = sorted({band % 2**32 - 2**31 for band in bands})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", [BAND_LOCKS, keys]
        )
