"""What is public, and the same for every partner."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from claimtracker.kernel import full_text
from reviews.models import Change, Publication, PublicCheck, PublicTopic
from reviews.models.public_check import PublicCheckQuerySet
from reviews.reader_facts import claimant_slug, primary_language

from ..sparse import EVERYTHING, Wanted

CLAIMANT_ID = re.compile(r"[a-z0-9-]+-[0-9a-f]{6}")
# what a list may be narrowed by and still hold what may not be read: by its words it would answer yes or no
TELLS_NOTHING = frozenset({"claim", "updated_since", "is_withheld"})
NO_ROW = 0  # None would ask for what has no topic at all
# the fields of an answer that are not read from the snapshot
BESIDE_SNAPSHOT = frozenset(
    (
        *("id", "version", "published_at", "change", "change_note", "is_superseded", "superseded_by"),
        *("is_retracted", "article_text"),
    )
)


def publications(*, wanted: Wanted = EVERYTHING) -> QuerySet[Publication]:
    """Every version of every publication, each with what became of its check since: the newest version that
    it is ``superseded_by``, and whether the check :func:`is_taken_back`."""
    newer = Publication.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    newest = newer.order_by("-number")
    rows = Publication.objects.annotate(
        is_superseded=Exists(newer),
        superseded_by=Subquery(newest.values("public_id")[:1]),
        newest_change=Coalesce(Subquery(newest.values("change")[:1]), F("change")),
    )
    return rows if reads_snapshot(wanted) else rows.defer("snapshot")


def is_taken_back(publication: Any) -> bool:
    """Whether the newest version of its check is a retraction. A row that is not of :func:`publications` is
    the newest itself."""
    newest_change: str = getattr(publication, "newest_change", publication.change)
    return newest_change == Change.RETRACTION


def reads_snapshot(wanted: Wanted) -> bool:
    return wanted.names is None or not wanted.names <= BESIDE_SNAPSHOT


def public_lines(asked: dict[str, Any], *, wanted: Wanted = EVERYTHING) -> QuerySet[PublicCheck]:
    """The lines of readers' lists that all filters hold for, each with the newest version that it is of."""
    lines = _lines(asked).select_related("publication").defer("publication__claim_review")
    if not reads_snapshot(wanted):
        lines = lines.defer("publication__snapshot")
    if slug := asked.get("rating"):
        lines = lines.filter(rating_slug=slug)
    if name := asked.get("claimant"):
        lines = lines.by(name if CLAIMANT_ID.fullmatch(name) else claimant_slug(name))
    if slug := asked.get("topic"):
        # by its key: of that PostgreSQL knows how many checks are about it
        topic = PublicTopic.objects.filter(slug=slug).values_list("pk", flat=True).first() or NO_ROW
        lines = lines.filter(topic_lines__topic=topic)
    if tag := asked.get("language"):
        lines = lines.filter(language=primary_language(tag))
    if claim := asked.get("claim"):
        lines = lines.filter(claim__public_id=claim)  # one line at most, by two unique keys
    if "is_retracted" in asked:
        lines = lines.filter(is_retracted=asked["is_retracted"])
    if since := asked.get("updated_since"):
        # in two parts, each of which its own index serves
        published = PublicCheck.everything.filter(publication__published_at__gte=since).order_by()
        restricted = PublicCheck.everything.filter(restricted_at__gte=since).order_by()
        lines = lines.filter(pk__in=published.values("pk").union(restricted.values("pk")))
    if words := asked.get("q"):
        document = full_text.document(KT("snapshot__claim__text"), KT("snapshot__summary"))
        found = Publication.objects.alias(document=document).filter(document=full_text.query(words))
        lines = lines.filter(publication__in=found.order_by().values("pk"))
    return lines


def _lines(asked: dict[str, Any]) -> PublicCheckQuerySet:
    """With the checks that may not be read at present, which are answered without their words, unless what is
    asked would tell something of these."""
    if asked.get("is_withheld") is False or not asked.keys() <= TELLS_NOTHING:
        return PublicCheck.objects.all()
    every = PublicCheck.everything.annotate(
        restriction=F("claim__restricted__kind"),
        restriction_reason=F("claim__restricted__public_reason"),
        restricted_since=F("claim__restricted__withheld_at"),
    )
    return every.filter(is_withheld=True) if asked.get("is_withheld") else every


def changes_of_publications(asked: dict[str, Any]) -> QuerySet[Publication]:
    """Every version that is not the first, without what only the whole publication tells."""
    before = Publication.objects.filter(claim=OuterRef("claim"), number=OuterRef("number") - 1)
    newer = Publication.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    stood = before.exclude(change=Change.RETRACTION).annotate(label=KT("snapshot__rating__label"))
    rows = (
        Publication.objects.readable()
        .exclude(change=Change.FIRST)
        .annotate(
            replaces=Subquery(before.values("public_id")),
            rating_before=Subquery(stood.values("label")),
            is_superseded=Exists(newer),
            claim_public_id=KT("snapshot__claim__id"),
            claim_text=KT("snapshot__claim__text"),
            rating_label=KT("snapshot__rating__label"),
            public_url=KT("snapshot__url"),
        )
    )
    if kind := asked.get("kind"):
        rows = rows.filter(change=kind)
    if since := asked.get("updated_since"):
        rows = rows.filter(published_at__gte=since)
    return rows.defer("snapshot", "claim_review", "findings")
