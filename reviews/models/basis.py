"""The text that a verdict is about."""

from __future__ import annotations

from claims.models import Appearance, ArticleVersion


def newest_version_of(claim_id: int) -> ArticleVersion | None:
    """The newest version of the article in which the claim was found first; without its body."""
    first = Appearance.objects.filter(claim=claim_id).order_by("id").values("version__article")[:1]
    versions = ArticleVersion.objects.filter(article__in=first).defer("body", "blocks")
    return versions.order_by("-number").first()
