"""Offers of an extractor, and claims as they stand, in the form in which their words are compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from ..extraction import Block, ExtractedClaim
from ..models import Appearance, Article, ArticleVersion
from .same_statement import Said, groups_of
from .wire_copies import Placed, sentence_around


@dataclass(frozen=True, slots=True)
class Offer:
    """What a reading offers at one place. Offers of the same ``statement`` (a number) state the same;
    ``rank`` is that statement's place in the article from 1, by its strongest offer; ``order`` is the offer's
    own among all."""

    item: ExtractedClaim
    said: Said
    statement: int
    rank: int
    order: int

    @property
    def span(self) -> tuple[int, int]:
        return self.item.start, self.item.end


def offers_of(items: Sequence[ExtractedClaim], blocks: Sequence[Block]) -> tuple[Offer, ...]:
    """In the order given, ranked by the extractor, or by score where it gives no ranks."""
    if all(item.rank >= 1 for item in items):
        strongest = sorted(range(len(items)), key=lambda at: items[at].rank)
    else:
        strongest = sorted(range(len(items)), key=lambda at: (-items[at].score, items[at].start))
    order = {at: place for place, at in enumerate(strongest)}
    said = said_in(items, blocks)
    statement_of = {at: number for number, group in enumerate(groups_of(said)) for at in group}
    rank_of: dict[int, int] = {}
    for at in strongest:
        rank_of.setdefault(statement_of[at], len(rank_of) + 1)
    return tuple(
        Offer(item, said[at], statement_of[at], rank_of[statement_of[at]], order[at])
        for at, item in enumerate(items)
    )


def by_statement(offers: Iterable[Offer]) -> list[list[Offer]]:
    """Those that state the same together, the strongest of each first; in the order of the text."""
    together: dict[int, list[Offer]] = {}
    for offer in offers:
        together.setdefault(offer.statement, []).append(offer)
    return [sorted(group, key=lambda offer: offer.order) for group in together.values()]


def said_in(items: Iterable[ExtractedClaim], blocks: Sequence[Block]) -> list[Said]:
    """What each offer says; ``blocks`` are its article's, which know the headline."""
    heads = [(block.start, block.end) for block in blocks if block.kind == "headline"]
    return [
        Said(
            item.text,
            item.quote,
            item.claimant or "",
            any(start <= item.start < end for start, end in heads),
            frozenset(name.name for name in item.parts.names if name.kind == "person"),
        )
        for item in items
    ]


def said_at(place: Appearance) -> Said:
    """What a claim says at one of its places. A wording that a person gave it says nothing about the
    article's, so the exact words stand for it."""
    names = place.parts.get("names", ())
    return Said(
        place.quote if place.claim.edited_at else place.claim.text,
        place.quote,
        place.claimant_name,
        people=frozenset(name["name"] for name in names if name["kind"] == "person"),
    )


def placed_offer(offer: Offer, version: ArticleVersion) -> Placed:
    sentence = sentence_around(version.body, *offer.span)
    return Placed(offer.said, sentence, day_it_counts_from(version.article))


def placed_claim(place: Appearance, version: ArticleVersion) -> Placed:
    """``version`` is the place's own, with its text and article at hand."""
    sentence = sentence_around(version.body, place.start, place.end)
    is_edited = place.claim.edited_at is not None
    return Placed(said_at(place), sentence, day_it_counts_from(version.article), is_edited)


def day_it_counts_from(article: Article) -> date:
    """The day of publication, else the day on which it came in."""
    return timezone.localdate(article.published_at or article.created_at)
