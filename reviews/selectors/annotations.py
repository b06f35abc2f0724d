"""An article's claims as W3C Web Annotations, for partners and for people who carry them elsewhere."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch
from django.db.models.fields.json import KT
from django.shortcuts import get_object_or_404

from claims import states
from claims.anchoring import Note, Text, collection
from claims.models import CARRIED, Anchoring, Appearance, Article, ArticleVersion, Following

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
    the newest version is read. As many queries for one claim as for many."""
    article = version.article
    text = Text(
        body=version.body,
        source=article.url or address.removesuffix("/annotations"),
        version=version.number,
        seen_at=version.created_at,
        language=article.language,
    )
    here = f"{address}?version={version.number}"
    became = _Became(version)
    notes = [_note(appearance, here, became) for appearance in _appearances(version)]
    return collection(text, notes, id=here, label=version.title)


class _Became:
    """What became of the claims' words from version to version of one article."""

    def __init__(self, version: ArticleVersion) -> None:
        self._version = version
        self._numbers = dict(version.article.versions.values_list("pk", "number"))
        compared = Following.objects.filter(version__article=version.article_id)
        self._compared = set(compared.values_list("version__number", flat=True))
        self._changed: defaultdict[int, set[int]] = defaultdict(set)
        self._fates: dict[int, str] = {}
        rows = Anchoring.objects.filter(to_version__article=version.article_id)
        for claim, place, to, fate in rows.values_list(
            "appearance__claim", "new_appearance", "to_version__number", "fate"
        ):
            if fate not in CARRIED:
                self._changed[claim].add(to)
            if place is not None:
                self._fates[place] = fate

    def fate(self, appearance: Appearance) -> str:
        return self._fates.get(appearance.pk, "")

    def is_about_these_words(self, publication: Publication) -> bool:
        """Whether the words that its verdict is about are those of this version: the same in every version
        between. A verdict on another article's version is on the claim that both share."""
        verdict = publication.verdict
        read = self._numbers.get(verdict.article_version_id or 0) if verdict else None
        if read is None:
            return True
        low, high = sorted((read, self._version.number))
        between = set(range(low + 1, high + 1))
        return between <= self._compared and not between & self._changed[publication.claim_id]


def _appearances(version: ArticleVersion) -> list[Appearance]:
    current = (
        Publication.objects.current()
        .readable()
        .select_related("verdict")
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


def _note(appearance: Appearance, collection_id: str, became: _Became) -> Note:
    claim: Any = appearance.claim
    public = [
        one
        for one in claim.current_publications
        if not one.is_retraction and became.is_about_these_words(one)
    ]
    return Note(
        id=f"{collection_id}#claim-{claim.public_id}-{appearance.start}",
        start=appearance.start,
        end=appearance.end,
        wording=claim.text,
        created_at=appearance.created_at,
        rating=(public[0].rating_label or "") if public else "",
        check=(public[0].public_url or "") if public else "",
        fate=became.fate(appearance),
    )
