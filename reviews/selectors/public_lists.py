"""Readers' lists: the front page, claimants, topics, the feeds and the sitemap. Publications and nothing
else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet, Subquery

from claims.models import RestrictedClaim

from ..models import PublicCheck, PublicTopic
from ..models.public_check import PublicCheckQuerySet

PAGE_SIZE = 20
MOST_ADDRESSES = 50_000  # of one sitemap, by its standard


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader asks to see of the list; empty for everything."""

    rating: str = ""
    topic: str = ""
    language: str = ""
    claimant: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.rating or self.topic or self.language)


@dataclass(frozen=True, slots=True)
class CheckPage:
    lines: Sequence[PublicCheck]
    older: int | None
    newer: bool


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """How often one rating was given. ``step`` is its place on the drawn scale, None for one without."""

    slug: str
    label: str
    step: int | None
    count: int

    def place(self) -> tuple[bool, int, str]:
        """From true to false, those without a place last."""
        return (self.step is None, -(self.step or 0), self.label)


@dataclass(frozen=True, slots=True)
class Balance:
    """What was found, from true to false; ``retracted`` are the checks that were taken back and count as no
    finding."""

    rows: list[BalanceRow] = field(default_factory=list)
    retracted: int = 0
    first: datetime | None = None
    last: datetime | None = None

    @property
    def total(self) -> int:
        return sum(row.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class MonthOfChecks:
    month: str
    changed_at: datetime


def check_page(wish: Wish, *, before: int | None = None, size: int = PAGE_SIZE) -> CheckPage:
    """Checks as asked for, newest first, older than the publication with the id ``before``. One query."""
    rows = list(_asked_for(wish, before)[: size + 1])
    return CheckPage(
        rows[:size], rows[size - 1].publication_id if len(rows) > size else None, before is not None
    )


def _asked_for(wish: Wish, before: int | None) -> QuerySet[PublicCheck]:
    lines = PublicCheck.objects.newest_first()
    if wish.claimant:
        lines = lines.by(wish.claimant)
    if wish.rating:
        lines = lines.filter(rating_slug=wish.rating)
    if wish.language:
        lines = lines.filter(language=wish.language)
    if wish.topic:
        # ordered by the topic's own rows, which an index holds newest first
        # by its key: joined by name, all checks of a topic would be read and put in order
        topic = PublicTopic.objects.filter(slug=wish.topic).values("pk")[:1]
        lines = lines.filter(topic_lines__topic=Subquery(topic)).order_by("-topic_lines__newest")
        return lines.filter(topic_lines__newest__lt=before) if before is not None else lines
    return lines.filter(publication__lt=before) if before is not None else lines


def topics_of(line: PublicCheck) -> list[PublicTopic]:
    return list(line.topics.order_by("name"))


def line_of(claim_id: int) -> PublicCheck | None:
    return PublicCheck.objects.filter(claim=claim_id).first()


def claimant_of(slug: str) -> str | None:
    """The name that readers see; None for somebody of whom nothing was published, who has no page."""
    names = PublicCheck.objects.by(slug).order_by("-publication_id").values_list("claimant_name", flat=True)
    return names.first()


def balance_of(lines: PublicCheckQuerySet) -> Balance:
    """Two queries."""
    counted: dict[str, BalanceRow] = {}
    retracted = 0
    groups = lines.order_by().values_list("rating_slug", "rating_label", "rating_step")
    for slug, label, step, count in groups.annotate(count=Count("pk")).order_by("rating_slug", "count"):
        if not slug:
            retracted += count
            continue
        add_to_balance(counted, BalanceRow(slug, label, step, count))
    rows = sorted(counted.values(), key=BalanceRow.place)
    span = lines.aggregate(first=Min("first_published_at"), last=Max("first_published_at"))
    return Balance(rows, retracted, span["first"], span["last"])


def add_to_balance(counted: dict[str, BalanceRow], row: BalanceRow) -> None:
    """A rating that was renamed is one line, by the name that most of its checks have: that of the row which
    is added last."""
    before = counted[row.slug].count if row.slug in counted else 0
    counted[row.slug] = replace(row, count=before + row.count)


def public_topics() -> list[PublicTopic]:
    return list(PublicTopic.objects.shown().order_by("name"))


def public_languages() -> list[str]:
    """Each language once, without a walk over every check."""
    return [language for (language,) in _each_once("language") if language]


def months_of_checks() -> list[MonthOfChecks]:
    """Each month in which a check came out first, with the last change to one of them, newest first."""
    months = _each_once(
        "month",
        ", (SELECT max(p.changed_at) FROM reviews_publiccheck p "
        "WHERE p.month = t.value AND NOT p.is_withheld)",
    )
    return [MonthOfChecks(month, changed) for month, changed in reversed(months)]


def checks_of_month(month: str) -> list[tuple[str, datetime]]:
    """Addresses of a month's checks, each with its last change; the newest change first."""
    lines = PublicCheck.objects.filter(month=month).order_by("-changed_at")
    return list(lines.values_list("slug", "changed_at")[:MOST_ADDRESSES])


def checks_since(start: datetime, *, most: int = 1000) -> list[PublicCheck]:
    """What came out since then and stands, newest first."""
    lines = PublicCheck.objects.filter(first_published_at__gte=start, is_retracted=False)
    lines = lines.select_related("publication").order_by("-first_published_at")
    return list(lines.defer("publication__claim_review", "publication__findings")[:most])


def claimant_addresses() -> list[tuple[str, datetime]]:
    lines = PublicCheck.objects.exclude(claimant_slug="").order_by("claimant_slug")
    return list(lines.values_list("claimant_slug").annotate(changed=Max("changed_at"))[: MOST_ADDRESSES // 2])


def topic_addresses() -> list[tuple[str, datetime]]:
    shown = Q(checks__is_withheld=False)
    lines = PublicTopic.objects.annotate(changed=Max("checks__changed_at", filter=shown)).order_by("slug")
    return list(lines.exclude(changed=None).values_list("slug", "changed"))


def last_restriction() -> datetime | None:
    """When a check was last hidden, taken down or shown again. What a list shows may be older then than what
    it showed before, and is no less new."""
    return RestrictedClaim.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()


def _each_once(column: str, beside: str = "") -> list[tuple[Any, ...]]:
    """The different values of an indexed column, by one step of the index for each."""
    step = f"SELECT min({column}) FROM reviews_publiccheck WHERE NOT is_withheld AND {column} > t.value"  # noqa: S608 - of names in the code
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE t AS (SELECT min({column}) AS value FROM reviews_publiccheck "  # noqa: S608 - the same
            "WHERE NOT is_withheld "
            f"UNION ALL SELECT ({step}) FROM t WHERE t.value IS NOT NULL) "
            f"SELECT t.value{beside} FROM t WHERE t.value IS NOT NULL ORDER BY t.value"
        )
        return list(cursor.fetchall())
