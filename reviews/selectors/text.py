"""Where a claim stands, in which of an article's texts, and what a newer text makes of what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claims.models import Anchoring, Appearance, Claim
from claims.selectors import other_words

from ..models import Publication, Verdict
from ..models.basis import TextSince, changed_passages, text_since, texts_since


@dataclass(frozen=True, slots=True)
class ChangedText:
    """``passages`` are what became of the claim's places where the words are not as they were."""

    since: TextSince
    passages: list[Anchoring]


def places_in_force(claim: Claim, places: Iterable[Appearance], version_id: int | None) -> list[Appearance]:
    """Of each article the places in one of its texts: the one that a verdict is about, else the newest that
    the claim stands in. The first article first. Other words that an article put for the claim's are no place
    of it before somebody rewords the claim."""
    rows = list(places)
    if any(place.version.number > 1 for place in rows):
        other = other_words([claim.pk])
        rows = [place for place in rows if place.pk not in other]
    chosen: dict[int, int] = {}
    for place in rows:
        article, number = place.version.article_id, place.version.number
        if place.version_id == version_id:
            chosen[article] = number
    for article, number in _newest(rows).items():
        chosen.setdefault(article, number)
    return [place for place in rows if chosen[place.version.article_id] == place.version.number]


def changed_text_of(claim: Claim, version_id: int) -> ChangedText | None:
    """What a newer text makes of a claim as it stands in ``version_id``; None while there is no newer one."""
    since = text_since(claim.pk, version_id)
    if since.version is None:
        return None
    passages = changed_passages(claim.pk, since.version) if since.is_changed else []
    return ChangedText(since, passages)


def with_text(publications: Iterable[Publication]) -> list[Publication]:
    """The publications, each with how the newest text stands to its verdict's (``text_since``); in three
    queries however many there are."""
    rows = list(publications)
    about = dict(
        Verdict.objects.filter(pk__in=[row.verdict_id for row in rows if row.verdict_id]).values_list(
            "pk", "article_version_id"
        )
    )
    found = texts_since((row.claim_id, about[row.verdict_id]) for row in rows if row.verdict_id)
    for row in rows:
        if row.verdict_id:
            row.text_since = found[row.claim_id, about[row.verdict_id]]
    return rows


def _newest(places: Sequence[Appearance]) -> dict[int, int]:
    newest: dict[int, int] = {}
    for place in places:
        article = place.version.article_id
        newest[article] = max(newest.get(article, 0), place.version.number)
    return newest
