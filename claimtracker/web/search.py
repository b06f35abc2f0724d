"""Search across articles, claims, sources and publications: only what the person may see, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KT
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import states
from claims.models import Article, ArticleVersion, Claim
from claimtracker.kernel import full_text
from reviews.actions.source_reads import note_reads
from reviews.models import Publication, Source
from reviews.selectors.protected_words import found_among_protected

from .pagination import Page, page_of

FIRST_FEW = 5  # of each kind, where all kinds are shown
COUNTED = 100  # beyond this a count says "100+"
LONGEST_QUERY = 200
# what the indexes hold, so that they are of use
CHECK_WORDS = KT("snapshot__claim__text"), KT("snapshot__summary")
SOURCE_WORDS = ("title", "publisher", "citation")
SINCE = {"day": 1, "week": 7, "month": 31, "year": 366}


@dataclass(frozen=True, slots=True)
class Hit:
    """``title`` and ``excerpt`` are (text, is a hit) pieces; ``about`` says more of it, to people."""

    title: list[tuple[str, bool]]
    url: str
    at: datetime | None
    about: tuple[str, ...] = ()
    excerpt: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def facts(self) -> str:
        return " · ".join(fact for fact in self.about if fact)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the words, one kind or all, and what it is narrowed to (facets)."""

    words: str = ""
    kind: str = ""
    desk: str = ""
    since: str = ""
    state: str = ""

    @classmethod
    def of(cls, params: QueryDict) -> Asked:
        """Unknown values narrow nothing."""
        kind = params.get("kind", "")
        since = params.get("since", "")
        state = params.get("state", "")
        return cls(
            words=" ".join(params.get("q", "").replace("\x00", " ").split())[:LONGEST_QUERY],
            kind=kind if kind in KINDS else "",
            desk=params.get("desk", ""),
            since=since if since in SINCE else "",
            state=state if kind == "claims" and state in states.CLAIM.states else "",
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind: the first few, or a page of them. ``count`` is None where it is over COUNTED."""

    kind: str
    label: str
    hits: list[Hit]
    count: int | None
    newer_url: str = ""
    older_url: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the things that can be found: its rows for a query, and a row as a hit."""

    label: Any
    rows: Callable[[Any, SearchQuery, Asked], QuerySet[Any]]
    hit: Callable[[Any], Hit]
    dated: str = "created_at"


def search(user: Any, asked: Asked, params: QueryDict) -> list[Group]:
    """A group for each kind that was asked for, in their order. As many queries for any number of hits: two
    for each kind."""
    query = full_text.query(asked.words)
    groups = []
    for name, kind in KINDS.items():
        if asked.kind in ("", name):
            rows = _narrowed(kind, kind.rows(user, query, asked), asked)
            page = (
                page_of(rows, params) if asked.kind else Page(list(rows.order_by("-pk")[:FIRST_FEW]), "", "")
            )
            count = rows.order_by().values("pk")[: COUNTED + 1].count()
            hits = _hits(kind, page.rows, user)
            groups.append(
                Group(
                    name,
                    str(kind.label),
                    hits,
                    count if count <= COUNTED else None,
                    page.newer_url,
                    page.older_url,
                )
            )
    return groups


def quickly(user: Any, words: str, *, few: int = 4) -> list[tuple[str, list[Hit]]]:
    """While somebody types: the newest few of each kind that begin like this. One query for each kind."""
    query = full_text.beginnings(words[:LONGEST_QUERY])
    if query is None:
        return []
    found = []
    for kind in KINDS.values():
        rows = kind.rows(user, query, Asked()).order_by("-pk")[:few]
        if hits := _hits(kind, list(rows), user):
            found.append((str(kind.label), hits))
    return found


def _hits(kind: Kind, rows: Sequence[Any], user: Any) -> list[Hit]:
    note_reads((row for row in rows if isinstance(row, Source)), by=user)
    return [kind.hit(row) for row in rows]


def _narrowed(kind: Kind, rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    if asked.since:
        rows = rows.filter(**{f"{kind.dated}__gt": timezone.now() - timedelta(days=SINCE[asked.since])})
    return rows


# --- articles


def _articles(user: Any, query: SearchQuery, asked: Asked) -> QuerySet[ArticleVersion]:
    seen = Article.objects.visible_to(user)
    if asked.desk:
        seen = seen.filter(desk__slug=asked.desk)
    rows = ArticleVersion.objects.newest().filter(article__in=seen)
    return (
        full_text.holding(rows, full_text.long_document("title", "body"), query)
        .annotate(
            headline=full_text.headline("body", query), heading=full_text.headline("title", query, whole=True)
        )
        .defer("body", "blocks")
        .select_related("article__desk")
    )


def _article_hit(version: Any) -> Hit:
    article = version.article
    return Hit(
        full_text.pieces(version.heading),
        reverse("web:article_detail", args=[article.pk]),
        version.created_at,
        (article.desk.name, article.site_name),
        full_text.pieces(version.headline),
    )


# --- claims


def _claims(user: Any, query: SearchQuery, asked: Asked) -> QuerySet[Claim]:
    rows = Claim.objects.visible_to(user)
    if asked.desk:
        rows = rows.filter(desk__slug=asked.desk)
    if asked.state:
        rows = rows.filter(state=asked.state)
    return (
        full_text.holding(rows, full_text.document("text"), query)
        .annotate(heading=full_text.headline("text", query, whole=True))
        .select_related("desk", "claimant")
    )


def _claim_hit(claim: Any) -> Hit:
    return Hit(
        full_text.pieces(claim.heading),
        reverse("reviews:claim_detail", args=[claim.pk]),
        claim.created_at,
        (claim.claimant.name if claim.claimant else "", claim.desk.name, claim.state),
    )


# --- publications


def _publications(user: Any, query: SearchQuery, asked: Asked) -> QuerySet[Publication]:
    """They are public: everybody finds all of them, the newest version of each."""
    rows = Publication.objects.current()
    if asked.desk:
        rows = rows.filter(claim__desk__slug=asked.desk)
    text, summary = CHECK_WORDS
    return (
        full_text.holding(rows, full_text.document(*CHECK_WORDS), query)
        .annotate(said=text, found=summary)
        .annotate(
            heading=full_text.headline("said", query, whole=True),
            headline=full_text.headline("found", query, whole=True),
        )
        .defer("claim_review", "findings")
    )


def _publication_hit(publication: Any) -> Hit:
    rating = _("retracted") if publication.is_retraction else publication.snapshot["rating"]["label"]
    return Hit(
        full_text.pieces(publication.heading),
        reverse("reviews:public_claim", args=[publication.slug]),
        publication.published_at,
        (rating,),
        full_text.pieces(publication.headline),
    )


# --- sources


def _sources(user: Any, query: SearchQuery, asked: Asked) -> QuerySet[Source]:
    rows = Source.objects.visible_to(user)
    if asked.desk:
        rows = rows.filter(evidence__claim__desk__slug=asked.desk).distinct()
    named = full_text.holding(rows.named(), full_text.document(*SOURCE_WORDS), query)
    heading: Any = full_text.headline("title", query, whole=True)
    protected = found_among_protected(user, query)
    if not protected:
        return named.annotate(heading=heading)
    told = [When(pk=pk, then=Value(text)) for pk, text in protected.items()]
    both = rows.filter(Q(pk__in=named.order_by().values("pk")) | Q(pk__in=protected))
    return both.annotate(heading=Case(*told, default=heading, output_field=TextField()))


def _source_hit(source: Any) -> Hit:
    return Hit(
        full_text.pieces(source.heading),
        reverse("reviews:source_detail", args=[source.pk]),
        source.accessed_at,
        (source.publisher, source.get_kind_display()),
    )


KINDS: dict[str, Kind] = {
    "claims": Kind(gettext_lazy("Claims"), _claims, _claim_hit),
    "publications": Kind(gettext_lazy("Published checks"), _publications, _publication_hit, "published_at"),
    "articles": Kind(gettext_lazy("Articles"), _articles, _article_hit),
    "sources": Kind(gettext_lazy("Sources"), _sources, _source_hit, "accessed_at"),
}


def names_of_kinds() -> Iterable[tuple[str, str]]:
    return [(name, str(kind.label)) for name, kind in KINDS.items()]
