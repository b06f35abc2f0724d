"""The claim, and where it stands word for word."""

from __future__ import annotations

from typing import Any

from claims.models import Appearance, Article, Claim

from .facts import when


def claim_facts(claim: Claim) -> dict[str, Any]:
    claimant = claim.claimant
    return {
        "id": claim.pk,
        "public_id": str(claim.public_id),
        "wording": claim.text,
        "kind": claim.kind,
        "state": claim.state,
        "dismissed_because": claim.dismissed_because,
        "claimant": {"name": claimant.name} if claimant else None,
        "desk": {"slug": claim.desk.slug, "name": claim.desk.name},
        "family_of": claim.canonical_id,
        "found_at": when(claim.created_at),
        "found_by": claim.extractor_version or None,
        "reworded_at": when(claim.edited_at),
    }


def appearances_of(claim: Claim, user: Any) -> tuple[list[dict[str, Any]], int]:
    """Every place of the claim in an article that ``user`` sees, the first article first, and how many there
    are in others."""
    seen = Article.objects.visible_to(user).values("pk")
    rows = claim.appearances.filter(version__article__in=seen).select_related("version__article")
    # half a megabyte in the longest articles, and the words of the claim stand in its place
    rows = rows.defer("version__body", "version__blocks").order_by(
        "version__article_id", "version__number", "id"
    )
    found = [_place(row) for row in rows]
    return found, claim.appearances.count() - len(found)


def _place(place: Appearance) -> dict[str, Any]:
    version, article = place.version, place.version.article
    return {
        "article": article.pk,
        "article_public_id": str(article.public_id),
        "title": version.title,
        "outlet": article.site_name,
        "byline": article.byline,
        "url": article.url,
        "published_at": when(article.published_at),
        "version": {"number": version.number, "sha256": version.sha256, "taken_at": when(version.created_at)},
        "words": place.quote,
        "start": place.start,
        "end": place.end,
        "speaker": place.claimant_name,
        "attribution": place.attribution,
        "found_by": place.extractor_version or None,
    }
