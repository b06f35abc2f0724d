"""The claims that stand in a partner's articles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Greatest, JSONObject

from claims import states as claim_states
from claims.models import Anchoring, Appearance, ArticleVersion, Claim, RestrictedClaim
from claims.models.restricted_claim import is_withheld
from claimtracker.kernel import full_text
from claimtracker.partners.models import Partner
from reviews import states as review_states
from reviews.models import ClaimRoute, Publication, PublicCheck, ReviewTask, Topic, Verdict

from ..review_status import Stage
from ..sparse import EVERYTHING, Wanted
from .changes import changed_since
from .languages import in_language

NO_ROW = 0  # None would ask for what has no topic at all
# what changes a claim's answer beside the claim's own row, and when
CHANGES: tuple[tuple[Any, str], ...] = (
    (ReviewTask, "changed_at"),
    (Verdict, "created_at"),
    (Publication, "published_at"),
    (ClaimRoute, "routed_at"),
    (RestrictedClaim, "changed_at"),
)


def claims_of(partner: Partner, *, wanted: Wanted = EVERYTHING) -> QuerySet[Claim]:
    """The claims that stand in the partner's articles, with their appearances in those and no others."""
    own = own_appearances(partner)
    claims: QuerySet[Claim] = Claim.everything.filter(Exists(own.filter(claim=OuterRef("pk"))))
    if "review" in wanted:
        claims = reviewed(claims)
    if "claimant" in wanted:
        claims = claims.select_related("claimant")
    if wanted.any_of("appearances", "language", "text_state"):
        places = places_in_articles(own).order_by("id")
        claims = claims.prefetch_related(Prefetch("appearances", queryset=places))
    if "topics" in wanted:
        topics = Topic.objects.filter(routes__claim=OuterRef("pk")).order_by("name")
        facts = topics.values(facts=JSONObject(slug="slug", name="name"))
        claims = claims.annotate(topics=ArraySubquery(facts))
    if "updated_at" in wanted:
        claims = claims.annotate(updated_at=_last_change(own))
    return claims


def own_appearances(partner: Partner) -> QuerySet[Appearance]:
    """The places in the partner's articles."""
    return Appearance.objects.filter(version__article__origin=partner.origin)


def places_in_articles(places: QuerySet[Appearance]) -> QuerySet[Appearance]:
    """With their articles, without the texts; whether a newer text is here (``is_newest_version``) in which
    nobody looked yet (``is_looked_for``), and what became of the words since the version before (``fate``).
    """
    newer = ArticleVersion.objects.filter(
        article=OuterRef("version__article"), number__gt=OuterRef("version__number")
    )
    # a sandbox's texts are read anew, and not compared
    unseen = newer.filter(following__isnull=True, extraction_runs__isnull=True)
    rows = places.select_related("version__article").defer("version__body", "version__blocks")
    return rows.annotate(is_newest_version=~Exists(newer), is_looked_for=Exists(unseen), fate=fate_of_place())


def fate_of_place() -> Subquery:
    """By which the claim came to stand there; null where it was found there first."""
    steps = Anchoring.objects.filter(new_appearance=OuterRef("pk")).order_by("-id")
    return Subquery(steps.values("fate")[:1])


def reviewed(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Adds what :func:`review_status` reads."""
    current = (
        Publication.objects.current()
        .readable()
        .annotate(rating_label=KT("snapshot__rating__label"), public_url=KT("snapshot__url"))
        .defer("snapshot", "claim_review")
    )
    # one of each, looked up for the rows of the page: for EXISTS PostgreSQL reads those of all claims
    taken = ReviewTask.objects.filter(claim=OuterRef("pk"), state=review_states.TAKEN).order_by()
    verdicts = Verdict.objects.filter(claim=OuterRef("pk")).order_by()
    return claims.annotate(
        is_taken=Subquery(taken.values("pk")[:1]),
        has_verdict=Subquery(verdicts.values("pk")[:1]),
        is_withheld=is_withheld("pk"),
    ).prefetch_related(Prefetch("publications", queryset=current, to_attr="current_publications"))


def narrow_claims(claims: QuerySet[Claim], asked: dict[str, Any], partner: Partner) -> QuerySet[Claim]:
    """Those that all filters hold for."""
    if stage := asked.get("state"):
        claims = claims.filter(_at_stage(stage))
    if name := asked.get("claimant"):
        claims = claims.filter(claimant__name__iexact=" ".join(name.split()))
    if slug := asked.get("topic"):
        # by its key: of that PostgreSQL knows how many claims are about it
        topic = Topic.objects.filter(slug=slug).values_list("pk", flat=True).first() or NO_ROW
        claims = claims.filter(Exists(ClaimRoute.objects.filter(claim=OuterRef("pk"), topics=topic)))
    if kind := asked.get("kind"):
        claims = claims.filter(kind=kind)
    if (least := asked.get("score_min")) is not None:
        claims = claims.filter(score__gte=least)
    if (most := asked.get("score_max")) is not None:
        claims = claims.filter(score__lte=most)
    if tag := asked.get("language"):
        places = own_appearances(partner).filter(in_language(tag, "version__article__language"))
        claims = claims.filter(Exists(places.filter(claim=OuterRef("pk"))))
    if since := asked.get("updated_since"):
        claims = claims.filter(_changed_since(since, own_appearances(partner)))
    if words := asked.get("q"):
        claims = claims.alias(document=full_text.document("text")).filter(document=full_text.query(words))
    return claims


def _at_stage(stage: str) -> Q:
    """The claims whose :func:`review_status` is this."""
    line = PublicCheck.everything.filter(claim=OuterRef("pk"))
    if stage == Stage.WITHHELD:
        return Q(Exists(line.filter(is_withheld=True)))
    if stage == Stage.PUBLISHED:
        return Q(Exists(line.filter(is_retracted=False, is_withheld=False)))
    if stage == Stage.RETRACTED:
        return Q(Exists(line.filter(is_retracted=True, is_withheld=False)))
    unpublished, set_aside = ~Exists(line), Q(state__in=claim_states.SET_ASIDE)
    if stage == Stage.DISMISSED:
        return Q(unpublished) & set_aside
    open_ = Q(unpublished) & ~set_aside
    if stage == Stage.IN_REVIEW:
        return open_ & (Q(_is_taken()) | Q(_has_verdict()))
    return open_ & Q(~_is_taken()) & Q(~_has_verdict())


def _is_taken() -> Exists:
    return Exists(ReviewTask.objects.filter(claim=OuterRef("pk"), state=review_states.TAKEN))


def _has_verdict() -> Exists:
    return Exists(Verdict.objects.filter(claim=OuterRef("pk")))


def _changed_since(since: datetime, own: QuerySet[Appearance]) -> Q:
    places = own.filter(created_at__gte=since).order_by().values("claim")
    gone = own.filter(anchorings__in=_endings().filter(created_at__gte=since)).order_by().values("claim")
    beside = [
        model.objects.filter(**{f"{at}__gte": since}).order_by().values("claim") for model, at in CHANGES
    ]
    return changed_since(Claim.everything.all(), since, [places, gone, *beside])


def _last_change(own: QuerySet[Appearance]) -> Greatest:
    gone = own.filter(anchorings__in=_endings()).annotate(gone_at=F("anchorings__created_at"))
    rows = [(own, "created_at"), (gone, "gone_at"), *((model.objects.all(), at) for model, at in CHANGES)]
    return Greatest(F("changed_at"), *(_newest(queryset, at) for queryset, at in rows))


def _endings() -> QuerySet[Anchoring]:
    """The words stand no more in the next version: nothing else of the claim says when that was."""
    return Anchoring.objects.filter(new_appearance__isnull=True)


def _newest(rows: QuerySet[Any], at: str) -> Subquery:
    of_claim = rows.filter(claim=OuterRef("pk")).order_by().values("claim")
    return Subquery(of_claim.annotate(newest=Max(at)).values("newest"))
