"""What a partner may see: its own articles and their claims, and everything that is public.

``everything`` and not ``objects``: a partner that is a sandbox sees its own, which the newsroom does not."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Value
from django.db.models.fields.json import KT

from claims.models import Appearance, Article, ArticleVersion, Claim, ExtractionRun
from claimtracker.partners.models import Partner
from reviews import states as review_states
from reviews.models import Publication, ReviewTask, Verdict


def articles_of(partner: Partner) -> QuerySet[Article]:
    """The articles that the partner sent, with what the list shows of their versions (without the text)."""
    versions = ArticleVersion.objects.defer("body", "blocks").order_by("-number").prefetch_related(_runs())
    return Article.everything.filter(origin=partner.origin).prefetch_related(
        Prefetch("versions", queryset=versions)
    )


def articles_in_full(partner: Partner) -> QuerySet[Article]:
    """The same with text, claims and the state of their review."""
    appearances = Appearance.objects.order_by("start", "end").prefetch_related(
        Prefetch("claim", queryset=_reviewed(Claim.everything.all()))
    )
    versions = ArticleVersion.objects.order_by("-number").prefetch_related(
        _runs(), Prefetch("appearances", queryset=appearances)
    )
    return Article.everything.filter(origin=partner.origin).prefetch_related(
        Prefetch("versions", queryset=versions)
    )


def claims_of(partner: Partner) -> QuerySet[Claim]:
    """The claims that stand in the partner's articles, with their appearances in those and no others."""
    own = Appearance.objects.filter(version__article__origin=partner.origin)
    appearances = (
        own.select_related("version__article").defer("version__body", "version__blocks").order_by("id")
    )
    return (
        _reviewed(Claim.everything.filter(Exists(own.filter(claim=OuterRef("pk")))))
        .select_related("claimant")
        .prefetch_related(Prefetch("appearances", queryset=appearances))
    )


def publications() -> QuerySet[Publication]:
    """Every version of every publication: public, and the same for every partner."""
    newer = Publication.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    return Publication.objects.annotate(is_superseded=Exists(newer))


def current_publications() -> QuerySet[Publication]:
    """The newest version for each claim."""
    return Publication.objects.current().annotate(is_superseded=Value(False))


def _runs() -> Prefetch:
    return Prefetch("extraction_runs", queryset=ExtractionRun.objects.without_sentences())


def _reviewed(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Adds what :func:`review_status` reads."""
    of_claim = OuterRef("pk")
    current = (
        Publication.objects.current()
        .annotate(rating_label=KT("snapshot__rating__label"), public_url=KT("snapshot__url"))
        .defer("snapshot", "claim_review")
    )
    return claims.annotate(
        is_taken=Exists(ReviewTask.objects.filter(claim=of_claim, state=review_states.TAKEN)),
        has_verdict=Exists(Verdict.objects.filter(claim=of_claim)),
    ).prefetch_related(Prefetch("publications", queryset=current, to_attr="current_publications"))
