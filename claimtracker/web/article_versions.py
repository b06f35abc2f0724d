"""What the pages about an article's versions show: all of them, one, and what differs between two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Lag
from django.http import Http404

from claims.models import Anchoring, Appearance, Article, ArticleVersion, Claim, Fate, Following
from claims.selectors import FateSince, fates_between
from claims.text_diff import Group, folded, text_diff
from claims.word_diff import Run, word_diff

from .marked_text import Span, TextBlock, marked_blocks

TONES = {Fate.UNCHANGED: "green", Fate.MOVED: "blue", Fate.REWORDED: "amber", Fate.REMOVED: "red"}
Tally = tuple[str, str, int]  # tone, words and number of a fate that there is
ORDER = (Fate.REWORDED, Fate.REMOVED, Fate.MOVED, Fate.UNCHANGED)  # what needs people first


def version_rows(article: Article) -> QuerySet[Any]:
    """Its versions with what became of the claims before, and the title of the one before; no texts."""
    earlier = Window(Lag("title"), order_by=F("number").asc())
    rows = article.versions.defer("body", "blocks").select_related("following")
    return rows.annotate(title_before=earlier)


def tally_of(version: ArticleVersion) -> list[Tally] | None:
    """What became of the claims of the version before; None while they are not compared."""
    following: Following | None = getattr(version, "following", None)
    return _tally({fate: getattr(following, fate) for fate in ORDER}) if following else None


def _tally(counts: Mapping[str, int]) -> list[Tally]:
    return [(TONES[fate], str(fate.label), counts[fate]) for fate in ORDER if counts[fate]]


def get_version(article: Article, number: int) -> ArticleVersion:
    """Raises Http404 where there is none of this number."""
    version = article.versions.filter(number=number).first()
    if version is None:
        raise Http404
    version.article = article
    return version


@dataclass(frozen=True, slots=True)
class PlaceInVersion:
    """A place of a claim, and what became of it in the next version; None where there is none, or not yet."""

    appearance: Appearance
    next_fate: Anchoring | None

    @property
    def key(self) -> int:
        return self.appearance.pk

    @property
    def claim(self) -> Claim:
        return self.appearance.claim

    @property
    def tone(self) -> str:
        return TONES[Fate(self.next_fate.fate)] if self.next_fate else ""


@dataclass(frozen=True, slots=True)
class VersionPage:
    version: ArticleVersion
    blocks: list[TextBlock]
    places: list[PlaceInVersion]


def version_page(version: ArticleVersion, user: Any) -> VersionPage:
    """The text with the claims that ``user`` sees. As many queries for any count."""
    places = Appearance.objects.filter(version=version, claim__in=Claim.objects.visible_to(user))
    rows = places.select_related("claim__claimant").prefetch_related("anchorings").order_by("start", "end")
    found = [PlaceInVersion(row, next(iter(row.anchorings.all()), None)) for row in rows]
    spans = [
        Span(place.appearance.start, place.appearance.end, place.key, "confirmed", str(number))
        for number, place in enumerate(found, 1)
    ]
    return VersionPage(version, marked_blocks(version.body, version.blocks, spans), found)


@dataclass(frozen=True, slots=True)
class ShownFate:
    """What became of one place of a claim; ``runs`` are its words then and now, where they differ."""

    since: FateSince
    tone: str
    runs: list[Run]

    @property
    def before(self) -> Appearance:
        return self.since.before

    @property
    def claim(self) -> Claim:
        return self.since.claim

    @property
    def fate(self) -> str:
        return self.since.fate

    @property
    def label(self) -> str:
        return self.since.label

    @property
    def why(self) -> str:
        return self.since.why


def _shown(since: FateSince) -> ShownFate:
    after = since.after.quote if since.after else ""
    differs = since.fate == Fate.REMOVED or since.before.quote != after
    return ShownFate(since, TONES[Fate(since.fate)], word_diff(since.before.quote, after) if differs else [])


@dataclass(frozen=True, slots=True)
class Comparison:
    """``groups`` are paragraphs, those that stayed as they were together; ``fates`` those of the older text's
    claims, what needs people first; ``new`` are places of claims that the older text has not."""

    older: ArticleVersion
    newer: ArticleVersion
    groups: list[Group]
    fates: list[ShownFate]
    new: list[Appearance]
    is_known: bool

    @property
    def is_same(self) -> bool:
        return all(each.change == "same" for group in self.groups for each in group.paragraphs)

    @property
    def tally(self) -> list[Tally]:
        return _tally(Counter(each.fate for each in self.fates))


def comparison(older: ArticleVersion, newer: ArticleVersion, user: Any) -> Comparison:
    """As many queries for any count of claims."""
    fates, is_known = fates_between(user, older, newer)
    fates.sort(key=lambda each: (ORDER.index(Fate(each.fate)), each.before.start))
    there = {each.claim.pk for each in fates}
    places = Appearance.objects.filter(version=newer, claim__in=Claim.objects.visible_to(user))
    new = list(places.exclude(claim__in=there).select_related("claim__claimant").order_by("start"))
    groups = folded(text_diff(older.body, newer.body))
    return Comparison(older, newer, groups, [_shown(each) for each in fates], new, is_known)
