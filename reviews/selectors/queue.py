"""The desk queue: which tasks, in which order, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from claims.models import Appearance
from claimtracker.accounts.access import APPROVING, CHECKING, roles_by_desk, sees_everything, visible_desk_ids
from claimtracker.accounts.models import Desk, Role

from .. import states
from ..models import Review, ReviewTask, TaskHolder, Verdict
from ..models.conflict import Declared, declared_by, without_conflict
from ..models.review import Outcome
from ..models.review_task import SEEING, TaskKind
from ..queue_query import Term, either, parse, written
from .desk_by_desk import COUNT_UP_TO, compiled, count_up_to, first_ids
from .queue_terms import narrowing
from .reviewers import asked_to_approve, asks_others

PAGE_SIZE = 30
NEWS_UP_TO = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DECIDING = (TaskKind.SECOND_REVIEW, TaskKind.ADJUDICATION)  # one of these ends with an approval
SHOWS = ("takeable", "mine", "second", "publish", "late", "all")
ASKS_FOR_TAKEN = ("state", "mine", "with")  # nothing of it can be taken: such a query is about all open tasks


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person asked to see. Unknown values fall back, so that old links go on working."""

    show: str = "takeable"
    terms: tuple[Term, ...] = ()
    after: tuple[int, int] | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], terms: tuple[Term, ...] | None = None) -> QueueFilter:
        terms = parse(typed_query(query)).terms if terms is None else terms
        show = query.get("show", "")
        show = show if show in SHOWS else SHOWS[0]
        if show == "takeable" and any(term.name in ASKS_FOR_TAKEN for term in terms):
            show = "all"
        return cls(show=show, terms=terms, after=_cursor(query.get("after", "")))


def typed_query(query: Mapping[str, str]) -> str:
    """What was typed, with what links from before the typed query ask for."""
    parts = [query.get("q", "")]
    if desk := query.get("desk", ""):
        parts.append(written(Term("desk", desk)))
    if kind := query.get("kind", ""):
        parts.append(written(Term("kind", kind)))
    return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class QueuePage:
    tasks: list[ReviewTask]
    next_cursor: str


def queue_page(
    user: Any,
    chosen: QueueFilter,
    *,
    size: int = PAGE_SIZE,
    declared: Declared | None = None,
    narrow: Q | None = None,
) -> QueuePage:
    """One page of tasks after the cursor's task: most important first, or of the late ones the latest.
    ``narrow`` is narrowing() of the filter's terms, where the caller has it."""
    narrow = narrowing(user, chosen.terms) if narrow is None else narrow
    desks = _desk_ids(user, chosen)
    sql, parameters = _ids_sql(user, chosen, desks, limit=size + 1, declared=declared, narrow=narrow)
    ids = RawSQL(sql, parameters)  # noqa: S611 - compiled by the ORM
    found = list(_with_claim(_labelled(user).filter(pk__in=ids)))
    is_late = chosen.show == "late"
    rows = sorted(found, key=lambda task: (task.due_at if is_late else -task.priority, task.pk))
    last = rows[size - 1] if len(rows) > size else None
    return QueuePage(rows[:size], _cursor_of(last, chosen.show) if last else "")


def queue_counts(
    user: Any, chosen: QueueFilter, *, declared: Declared | None = None, narrow: Q | None = None
) -> dict[str, int]:
    """How many tasks stand behind each of the queue's tabs, within what was typed; of more than COUNT_UP_TO,
    one more than that. ``newest`` is the id of the last task that came in anywhere."""
    narrow = narrowing(user, chosen.terms) if narrow is None else narrow
    desks, statements, parameters = _desk_ids(user, chosen), [], []
    for show in SHOWS:
        one = replace(chosen, show=show, after=None)
        sql, found = _ids_sql(user, one, desks, limit=COUNT_UP_TO + 1, declared=declared, narrow=narrow)
        statements.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - compiled by the ORM
        parameters += found
    statements.append('(SELECT max("id") FROM "reviews_reviewtask")')
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements)}", parameters)
        return dict(zip((*SHOWS, "newest"), cursor.fetchone(), strict=True))


def newer_than(user: Any, chosen: QueueFilter, task_id: int) -> int:
    """How many tasks of this list came in after ``task_id``, up to NEWS_UP_TO."""
    narrow = narrowing(user, chosen.terms) & Q(pk__gt=task_id)
    one = replace(chosen, after=None)
    desks = _desk_ids(user, chosen)
    return count_up_to(*_ids_sql(user, one, desks, limit=NEWS_UP_TO, declared=None, narrow=narrow))


def queue_desks(user: Any) -> list[Desk]:
    """The desks whose queues this person sees."""
    desks = Desk.objects.all()
    return list(desks if sees_everything(user) else desks.filter(pk__in=roles_by_desk(user)))


def seen_desk_ids(user: Any) -> list[int]:
    """The same as ids, without a query for most people."""
    return [desk.pk for desk in queue_desks(user)] if sees_everything(user) else visible_desk_ids(user)


def _desk_ids(user: Any, chosen: QueueFilter) -> list[int]:
    slugs = either(chosen.terms, "desk")
    if not slugs and not sees_everything(user):
        return visible_desk_ids(user)
    return [desk.pk for desk in queue_desks(user) if not slugs or desk.slug in slugs]


def _ids_sql(
    user: Any,
    chosen: QueueFilter,
    desks: list[int],
    *,
    limit: int,
    declared: Declared | None,
    narrow: Q | None = None,
) -> tuple[str, list[Any]]:
    """The first ``limit`` tasks of each desk by its index, then the first of these: no desk, however long its
    queue, is read further than a page."""
    tasks: QuerySet[ReviewTask] = ReviewTask.objects.all()
    if chosen.show == "takeable":
        tasks = known_of(tasks, user)
    tasks = tasks.filter(_shown(user, chosen.show, declared))
    if narrow is not None:
        tasks = tasks.filter(narrow)
    tasks = _after(tasks, chosen)
    by = "due_at" if chosen.show == "late" else "-priority"
    if chosen.show in ("mine", "publish"):  # few, and found by other indexes
        return compiled(tasks.filter(desk__in=desks).order_by(by, "id").values("id")[:limit])
    return first_ids(tasks, desks, by=by, limit=limit)


def _after(tasks: QuerySet[ReviewTask], chosen: QueueFilter) -> QuerySet[ReviewTask]:
    if chosen.after is None:
        return tasks
    edge, task_id = chosen.after
    if chosen.show == "late":
        due_at = EPOCH + timedelta(microseconds=edge)
        return tasks.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=task_id))
    return tasks.filter(Q(priority__lt=edge) | Q(priority=edge, id__gt=task_id))


def _cursor_of(task: ReviewTask, show: str) -> str:
    edge = (task.due_at - EPOCH) // timedelta(microseconds=1) if show == "late" else task.priority
    return f"{edge}-{task.pk}"


def _labelled(user: Any) -> QuerySet[ReviewTask]:
    """Whatever the queue says of a task beside it."""
    waits = Exists(_approved().filter(claim=OuterRef("claim"))) & ~Exists(_newer_decision())
    return known_of(ReviewTask.objects.visible_to(user), user).annotate(awaits_publication=waits)


def _approved() -> QuerySet[Verdict]:
    """Not published yet."""
    return Verdict.objects.filter(state=states.APPROVED, publication__isnull=True)


def _newer_decision() -> QuerySet[ReviewTask]:
    return ReviewTask.objects.filter(claim=OuterRef("claim"), kind__in=DECIDING, id__gt=OuterRef("id"))


def _shown(user: Any, show: str, declared: Declared | None) -> Q:
    is_open = Q(state__in=states.OPEN)
    match show:
        case "takeable":
            return _takeable(user, declared)
        case "mine":
            return Q(state=states.TAKEN, assignee=user)
        case "second":
            return is_open & Q(kind=TaskKind.SECOND_REVIEW)
        case "publish":
            waiting = Q(claim__in=_approved().order_by().values("claim")) & ~Exists(_newer_decision())
            return Q(waiting, kind__in=DECIDING, state=states.DONE)
        case "late":
            return is_open & Q(due_at__lt=timezone.now())
        case _:
            return is_open


def takeable_by(user: Any, tasks: QuerySet[ReviewTask]) -> QuerySet[ReviewTask]:
    """Those of ``tasks`` that ``user`` may take now, leave and capacity aside."""
    return known_of(tasks, user).filter(_takeable(user, None))


def _takeable(user: Any, declared: Declared | None) -> Q:
    """The same answer as policies.can_take_task, for a whole list at once; a test holds them together. The
    tasks are annotated as :func:`known_of` does."""
    roles = roles_by_desk(user)
    checking = [desk for desk, role in roles.items() if role in CHECKING]
    approving = [desk for desk, role in roles.items() if role in APPROVING]
    leading = [desk for desk, role in roles.items() if role == Role.LEAD]
    not_mine = Q(proposed_by__isnull=True) | ~Q(proposed_by=user)
    working = (TaskKind.TRIAGE, TaskKind.RESEARCH, TaskKind.RECHECK)
    can_do = (
        Q(kind__in=working, desk__in=checking)
        | (
            Q(kind=TaskKind.SECOND_REVIEW, desk__in=approving, blind_by_user=False)
            & not_mine
            & asked_to_approve(user)
        )
        | (Q(kind=TaskKind.ADJUDICATION, desk__in=leading, party_by_user=False) & not_mine)
    )
    if not sees_everything(user):
        can_do |= Q(kind=TaskKind.BLIND_REVIEW, desk__in=checking, had_by_user=False) & not_mine
    declared = declared_by(user) if declared is None else declared
    return Q(state=states.QUEUED) & without_conflict(declared) & can_do


def known_of(tasks: QuerySet[ReviewTask], user: Any) -> QuerySet[ReviewTask]:
    """What policies.can_take_task asks of each task, answered for the whole list in its one query."""
    claim = OuterRef("claim")
    had = TaskHolder.objects.filter(claim=claim, user=user.pk, kind__in=SEEING)
    blind = ReviewTask.objects.filter(
        claim=claim, kind=TaskKind.BLIND_REVIEW, state=states.TAKEN, assignee=user.pk
    )
    party = Review.objects.filter(
        verdict__claim=claim, reviewer=user.pk, outcome__in=(Outcome.DISSENT, Outcome.RATED)
    )
    return tasks.annotate(
        had_by_user=Exists(had),
        blind_by_user=Exists(blind),
        party_by_user=Exists(party),
        asks_others=asks_others(user),
    )


def _with_claim(tasks: QuerySet[ReviewTask]) -> QuerySet[ReviewTask]:
    # the body of every article version would come along without only()
    appearances = Appearance.objects.select_related("version__article").only(
        "claim_id", "start", "version__article__title", "version__article__language"
    )
    returned = Verdict.objects.filter(claim=OuterRef("claim"), state=states.RETURNED)
    tasks = tasks.annotate(was_returned=Exists(returned))
    return tasks.select_related("claim__claimant", "claim__route", "desk", "assignee").prefetch_related(
        Prefetch("claim__appearances", queryset=appearances)
    )


def _cursor(text: str) -> tuple[int, int] | None:
    priority, _, task_id = text.partition("-")
    if priority.isdecimal() and task_id.isdecimal() and len(text) < 30:
        return int(priority), int(task_id)
    return None
