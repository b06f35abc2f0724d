"""The articles that a partner sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Length

from claims.models import Appearance, Article, ArticleVersion, Claim, ExtractionRun, HeldUpdate
from claimtracker.partners.models import Partner

from ..sparse import EVERYTHING, Wanted
from .changes import changed_since
from .claims import fate_of_place, reviewed
from .languages import in_language

OF_VERSIONS = ("version", "extraction", "updated_at")  # fields for which versions are read
OF_UPDATES = ("held_update", "updated_at")  # and those for which held updates are


def articles_of(partner: Partner, *, wanted: Wanted = EVERYTHING) -> QuerySet[Article]:
    """The articles that the partner sent, with what the list shows of their versions (without the text)."""
    rows = _own(partner, wanted)
    if not wanted.any_of(*OF_VERSIONS):
        return rows
    versions = ArticleVersion.objects.newest().defer("body", "blocks").prefetch_related(_runs())
    return rows.prefetch_related(_shown(versions))


def articles_in_full(partner: Partner, *, wanted: Wanted = EVERYTHING) -> QuerySet[Article]:
    """The same with text, claims and the state of their review."""
    if not wanted.any_of("body", "claims"):
        return articles_of(partner, wanted=wanted)
    versions = ArticleVersion.objects.newest().prefetch_related(_runs())
    if "claims" in wanted:
        places = Appearance.objects.order_by("start", "end").annotate(fate=fate_of_place())
        appearances = places.prefetch_related(Prefetch("claim", queryset=reviewed(Claim.everything.all())))
        versions = versions.prefetch_related(Prefetch("appearances", queryset=appearances))
    return _own(partner, wanted).prefetch_related(_shown(versions))


def _own(partner: Partner, wanted: Wanted) -> QuerySet[Article]:
    rows = Article.everything.filter(origin=partner.origin)
    if not wanted.any_of(*OF_UPDATES):
        return rows
    updates = HeldUpdate.objects.newest().defer("title", "body", "told")
    return rows.prefetch_related(Prefetch("held_updates", queryset=updates, to_attr="last_updates"))


def just_stored(article: Article, version: ArticleVersion) -> Article:
    """As articles_of gives it: what was written a moment ago is not read again."""
    version.runs = []  # type: ignore[attr-defined]  # as _runs names them
    article.newest = [version]  # type: ignore[attr-defined]  # as _shown names it
    article.last_updates = []  # type: ignore[attr-defined]  # as _own names them
    return article


def narrow_articles(articles: QuerySet[Article], asked: dict[str, Any]) -> QuerySet[Article]:
    """Those that all filters hold for."""
    for name in ("state", "external_id", "url"):
        if name in asked:
            articles = articles.filter(**{name: asked[name]})
    if tag := asked.get("language"):
        articles = articles.filter(in_language(tag))
    if since := asked.get("updated_since"):
        articles = articles.filter(_changed_since(since))
    return articles


def _changed_since(since: datetime) -> Q:
    """What an answer shows of an article changes with its row, with a new text, with a reading of it, and
    with what became of an update."""
    texts = ArticleVersion.objects.filter(created_at__gte=since).order_by().values("article")
    runs = ExtractionRun.objects.filter(created_at__gte=since).order_by().values("version__article")
    updates = HeldUpdate.objects.filter(changed_at__gte=since).order_by().values("article")
    return changed_since(Article.everything.all(), since, [texts, runs, updates])


def _shown(versions: QuerySet[ArticleVersion]) -> Prefetch:
    return Prefetch("versions", queryset=versions, to_attr="newest")


def _runs() -> Prefetch:
    return Prefetch("extraction_runs", queryset=ExtractionRun.objects.without_sentences(), to_attr="runs")


def versions_of(article: Article, *, wanted: Wanted = EVERYTHING) -> QuerySet[ArticleVersion]:
    """The texts of an article, with their length and whether a newer one is here."""
    newer = ArticleVersion.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    rows = article.versions.select_related("article").annotate(is_newest=~Exists(newer))
    return rows.annotate(length=Length("body")) if "length" in wanted else rows
