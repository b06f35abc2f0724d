"""An article's claims as W3C Web Annotations, for partners and for people who carry them elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.db.models.fields.json import KT
from django.shortcuts import get_object_or_404

from claims import states
from claims.anchoring import Note, Text, collection
from claims.models import Appearance, Article, ArticleVersion

from ..models import Publication


def version_of(article: Article, number: int | None = None) -> ArticleVersion:
    """That version of the article, the newest unless told. Raises Http404."""
    versions = article.versions.order_by("-number").defer("blocks")
    if number is not None:
        versions = versions.filter(number=number)
    version = versions.first() if number is None else get_object_or_404(versions)
    assert version is not None, "an article is created together with its first version"  # noqa: S101 - invariant
    version.article = article
    return version


def annotations_of(version: ArticleVersion, *, address: str) -> dict[str, Any]:
    """The claims that stand in this version, in the order of the text. ``address`` is where the collection of
    the newest version is read. Two queries, however many claims there are."""
    article = version.article
    text = Text(
        body=version.body,
        source=article.url or address.removesuffix("/annotations"),
        version=version.number,
        seen_at=version.created_at,
        language=article.language,
    )
    here = f"{address}?version={version.number}"
    notes = [_note(appearance, here) for appearance in _appearances(version)]
    return collection(text, notes, id=here, label=version.title)


def _appearances(version: ArticleVersion) -> list[Appearance]:
    current = (
        Publication.objects.current()
        .annotate(rating_label=KT("snapshot__rating__label"), public_url=KT("snapshot__url"))
        .defer("snapshot", "claim_review")
    )
    return list(
        Appearance.objects.filter(version=version)
        .exclude(claim__state__in=states.SET_ASIDE)
        .select_related("claim")
        .prefetch_related(Prefetch("claim__publications", queryset=current, to_attr="current_publications"))
        .order_by("start", "end")
    )


def _note(appearance: Appearance, collection_id: str) -> Note:
    claim: Any = appearance.claim
    public = [one for one in claim.current_publications if not one.is_retraction]
    return Note(
        id=f"{collection_id}#claim-{claim.public_id}-{appearance.start}",
        start=appearance.start,
        end=appearance.end,
        wording=claim.text,
        created_at=appearance.created_at,
        rating=(public[0].rating_label or "") if public else "",
        check=(public[0].public_url or "") if public else "",
    )
