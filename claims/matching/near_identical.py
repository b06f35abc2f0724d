"""Versions of other articles that say almost the same in the same words."""

from __future__ import annotations

from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from ..models import ArticleFingerprint, ArticleVersion
from .fingerprints import METHOD, Fingerprint, fingerprint_of, is_near_identical, shingles_of

LOOKED_AT = 12  # candidates whose texts are compared: those that share most bands


def near_identical_versions(
    version: ArticleVersion, *, fingerprint: Fingerprint | None = None
) -> list[ArticleVersion]:
    """Versions of other articles, at any desk, that were read before this one and of which either has most of
    the other's words in its own order; the earliest first, each with its article. ``fingerprint`` is this
    version's, when the caller has it. At most two queries."""
    bands = list((fingerprint or fingerprint_of(version.body)).bands)
    if not bands:
        return []
    alike = (
        ArticleFingerprint.objects.filter(method=METHOD, bands__overlap=bands)
        .exclude(version__article=version.article_id)
        .annotate(shared=_shared(bands))
        .order_by("-shared", "version_id")
        .values_list("version_id", flat=True)[:LOOKED_AT]
    )
    candidates = list(alike)
    if not candidates:
        return []
    own = shingles_of(version.body)
    versions = ArticleVersion.objects.filter(pk__in=candidates).select_related("article").order_by("pk")
    return [other for other in versions if is_near_identical(own, shingles_of(other.body))]


def _shared(bands: list[int]) -> RawSQL:
    """How many of ``bands`` a fingerprint has."""
    own = "SELECT unnest(claims_articlefingerprint.bands)"
    both = f"cardinality(ARRAY({own} INTERSECT SELECT unnest(%s::bigint[])))"
    return RawSQL(both, (bands,), output_field=IntegerField())  # noqa: S611 - the numbers are parameters
