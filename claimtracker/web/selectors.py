"""What the pages that join rooms ask the database, each in the same number of queries for any count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from claims import states as claim_states
from claims.models import Appearance, Article, ArticleVersion, Claim, ExtractionRun
from claims.models.article import ArticleQuerySet
from claimtracker.accounts.access import APPROVING, roles_by_desk
from claimtracker.accounts.models import Role
from reviews import states as review_states
from reviews.models import Complaint, Notification, Publication, ReviewTask, Verdict
from reviews.models.review_task import PROPOSING, ReviewTaskQuerySet, TaskKind
from reviews.selectors.desk_by_desk import COUNT_UP_TO, compiled, count_up_to, first_ids
from reviews.selectors.queue import seen_desk_ids, takeable_by

HOME_ROWS = 6

READING_STATES = ("waiting", "extracted", "refused", "held", "rejected", "withdrawn")


def article_rows(user: Any) -> ArticleQuerySet:
    """Visible articles, each with ``reading`` (a READING_STATES value), ``claim_count``, ``top_score`` and
    ``open_tasks`` of its newest version, counting what ``user`` may see."""
    newest = ArticleVersion.objects.filter(article=OuterRef("pk")).order_by("-number").values("pk")[:1]
    run = ExtractionRun.objects.filter(version=OuterRef("version_id")).order_by("-id").values("outcome")[:1]
    claims = Claim.objects.visible_to(user).standing()
    standing = Appearance.objects.filter(version=OuterRef("version_id"), claim__in=claims).order_by()
    # a claim that is said twice counts once
    counted = claims.filter(
        Exists(Appearance.objects.filter(claim=OuterRef("pk"), version=OuterRef(OuterRef("version_id"))))
    )
    open_tasks = (
        ReviewTask.objects.visible_to(user)
        .open()
        .filter(
            Exists(
                Appearance.objects.filter(claim=OuterRef("claim"), version=OuterRef(OuterRef("version_id")))
            )
        )
    )
    rows: ArticleQuerySet = (
        Article.objects.visible_to(user)
        .select_related("desk", "submitted_by")
        .annotate(version_id=Subquery(newest))
        .annotate(
            outcome=Subquery(run),
            claim_count=_counted(counted),
            top_score=Subquery(standing.values("version").annotate(top=Max("score")).values("top")),
            open_tasks=_counted(open_tasks),
        )
    )
    return rows


def _counted(rows: QuerySet[Any]) -> Subquery:
    # a plain function, not an aggregate: Django would add a GROUP BY, and a group of nothing has no row
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(n=count).values("n"))


def filter_articles(rows: QuerySet[Any], *, desk: str = "", reading: str = "") -> QuerySet[Any]:
    """Only a desk's (by slug), only those in one of READING_STATES. Unknown values filter nothing."""
    if desk:
        rows = rows.filter(desk__slug=desk)
    if reading in ("held", "rejected", "withdrawn"):
        return rows.filter(state=reading)
    if reading == "waiting":
        return rows.filter(state=claim_states.ACCEPTED, outcome__isnull=True)
    if reading in ("extracted", "refused"):
        return rows.filter(state=claim_states.ACCEPTED, outcome=reading)
    return rows


def reading_state(article: Any) -> str:
    """Where an article_rows row stands, as one of READING_STATES."""
    if article.state != claim_states.ACCEPTED:
        return str(article.state)
    return str(article.outcome or "waiting")


# --- home


def _tasks(user: Any) -> ReviewTaskQuerySet:
    first_article = (
        Appearance.objects.filter(claim=OuterRef("claim"))
        .order_by("id")
        .values("version__article__title")[:1]
    )
    returned = Verdict.objects.filter(claim=OuterRef("claim"), state=review_states.RETURNED)
    rows: ReviewTaskQuerySet = (
        ReviewTask.objects.visible_to(user)
        .select_related("claim__claimant", "desk", "assignee")
        .annotate(article_title=Subquery(first_article), was_returned=Exists(returned))
    )
    return rows


@dataclass(frozen=True, slots=True)
class Section:
    """The first rows of a list on the home page, and how many there are in all."""

    rows: list[Any]
    total: int

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> Section:
        return cls(list(rows[:HOME_ROWS]), rows.count())

    @classmethod
    def first_of(cls, user: Any, tasks: QuerySet[ReviewTask], *, by: str) -> Section:
        """The first of ``tasks``, in the order ``by``, at the desks that ``user`` sees, counted up to
        COUNT_UP_TO in no order: a long queue is not read to its end."""
        desks = seen_desk_ids(user)
        ids, parameters = first_ids(tasks, desks, by=by, limit=HOME_ROWS)
        found = _tasks(user).filter(pk__in=RawSQL(ids, parameters))  # noqa: S611 - compiled by the ORM
        there = tasks.filter(desk__in=desks).order_by()
        counted = count_up_to(*compiled(there.values("id")[: COUNT_UP_TO + 1]))
        return cls(list(found.order_by(by, "id")), counted)

    @property
    def told(self) -> str:
        """How many, for people."""
        return told(self.total)


def told(count: int) -> str:
    """A number that was counted up to COUNT_UP_TO, for people."""
    return str(count) if count <= COUNT_UP_TO else f"{COUNT_UP_TO}+"


def my_tasks(user: Any) -> Section:
    return Section.of(_tasks(user).taken_by(user).order_by("due_at", "id"))


BEGINNING = (TaskKind.TRIAGE, *PROPOSING, TaskKind.BLIND_REVIEW)


def takeable_tasks(user: Any) -> Section:
    """Triage, research, rechecks and blind reviews that nobody has and ``user`` may take; what is late
    stands in its own section."""
    in_time = ReviewTask.objects.filter(kind__in=BEGINNING, due_at__gte=timezone.now())
    return Section.first_of(user, takeable_by(user, in_time), by="-priority")


def tasks_to_approve(user: Any) -> Section:
    """Second reviews that nobody has and ``user`` may take: never of their own verdicts."""
    if not APPROVING & set(roles_by_desk(user).values()):
        return Section([], 0)
    waiting = takeable_by(user, ReviewTask.objects.filter(kind=TaskKind.SECOND_REVIEW))
    return Section.first_of(user, waiting, by="due_at")


def tasks_to_decide(user: Any) -> Section:
    """Where two people differ, at desks that ``user`` leads, and is neither of the two."""
    if Role.LEAD not in roles_by_desk(user).values():
        return Section([], 0)
    waiting = takeable_by(user, ReviewTask.objects.filter(kind=TaskKind.ADJUDICATION))
    return Section.first_of(user, waiting, by="due_at")


def late_tasks(user: Any) -> Section:
    """What is late at the person's desks, but for what they have taken themselves."""
    return Section.first_of(user, ReviewTask.objects.overdue().exclude(assignee=user), by="due_at")


def unread_notices(user: Any) -> Section:
    notices = Notification.objects.unread_by(user)
    return Section.of(notices.order_by("-id"))


@dataclass(frozen=True, slots=True)
class SinceYesterday:
    """Counted up to COUNT_UP_TO, and one more where there are more."""

    articles: int
    publications: int

    @property
    def articles_told(self) -> str:
        return told(self.articles)

    @property
    def publications_told(self) -> str:
        return told(self.publications)


def complaints_to_answer(user: Any) -> list[Complaint]:
    """Readers' complaints that ``user`` may answer, the one that is owed an answer first: the desk's editors
    and leads, but nobody about their own finding."""
    desks = [desk for desk, role in roles_by_desk(user).items() if role in APPROVING]
    open_ones = Complaint.objects.open().filter(claim__desk__in=desks)
    others = open_ones.exclude(publication__proposed_by=user)
    return list(others.select_related("claim").order_by("due_at", "id")[:HOME_ROWS])


def articles_of(user: Any) -> list[Article]:
    """What ``user`` brought in, newest first."""
    return list(article_rows(user).filter(submitted_by=user).order_by("-pk")[:HOME_ROWS])


def since_yesterday(user: Any) -> SinceYesterday:
    since = timezone.now() - timedelta(days=1)
    return SinceYesterday(
        Article.objects.visible_to(user).filter(created_at__gte=since).order_by()[: COUNT_UP_TO + 1].count(),
        Publication.objects.filter(published_at__gte=since, claim__in=Claim.objects.visible_to(user))
        .order_by()
        .values("claim")  # two versions of a check are one check
        .distinct()[: COUNT_UP_TO + 1]
        .count(),
    )
