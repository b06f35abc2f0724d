"""The desk queue: which tasks, in which order, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.validators import slug_re
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from claims.models import Appearance
from claimtracker.accounts.access import APPROVING, CHECKING, roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk, Role

from .. import states
from ..models import Review, ReviewTask, TaskHolder, Verdict
from ..models.conflict import Declared, declared_by, without_conflict
from ..models.review import Outcome
from ..models.review_task import SEEING, TaskKind
from .reviewers import asked_to_approve, asks_others

PAGE_SIZE = 30
DECIDING = (TaskKind.SECOND_REVIEW, TaskKind.ADJUDICATION)  # one of these ends with an approval
SHOWS = ("takeable", "mine", "second", "publish", "late", "all")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person asked to see. Unknown values fall back, so that old links go on working."""

    show: str = "takeable"
    desk: str = ""
    kind: str = ""
    after: tuple[int, int] | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> QueueFilter:
        show, kind, desk = query.get("show", ""), query.get("kind", ""), query.get("desk", "")
        return cls(
            show=show if show in SHOWS else SHOWS[0],
            desk=desk if slug_re.match(desk) else "",
            kind=kind if kind in TaskKind.values else "",
            after=_cursor(query.get("after", "")),
        )


@dataclass(frozen=True, slots=True)
class QueuePage:
    tasks: list[ReviewTask]
    next_cursor: str


def queue_page(
    user: Any, chosen: QueueFilter, *, size: int = PAGE_SIZE, declared: Declared | None = None
) -> QueuePage:
    """One page of tasks, most important first, after the cursor's task."""
    tasks = _within(_visible(user), chosen).filter(_shown(user, chosen.show, declared))
    if chosen.after:
        priority, task_id = chosen.after
        tasks = tasks.filter(Q(priority__lt=priority) | Q(priority=priority, id__gt=task_id))
    rows = list(_with_claim(tasks.order_by("-priority", "id"))[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return QueuePage(rows[:size], f"{last.priority}-{last.pk}" if last else "")


def queue_counts(user: Any, chosen: QueueFilter, *, declared: Declared | None = None) -> dict[str, int]:
    """How many tasks stand behind each of the queue's tabs, within the chosen desk and kind."""
    return _within(_visible(user), chosen).aggregate(
        **{show: Count("pk", filter=_shown(user, show, declared)) for show in SHOWS}
    )


def queue_desks(user: Any) -> list[Desk]:
    """The desks whose queues this person sees."""
    desks = Desk.objects.all()
    return list(desks if sees_everything(user) else desks.filter(pk__in=roles_by_desk(user)))


def _visible(user: Any) -> QuerySet[ReviewTask]:
    approved = Verdict.objects.filter(
        claim=OuterRef("claim"), state=states.APPROVED, publication__isnull=True
    )
    newer = ReviewTask.objects.filter(claim=OuterRef("claim"), kind__in=DECIDING, id__gt=OuterRef("id"))
    return known_of(ReviewTask.objects.visible_to(user), user).annotate(
        awaits_publication=Exists(approved) & ~Exists(newer),
    )


def _within(tasks: QuerySet[ReviewTask], chosen: QueueFilter) -> QuerySet[ReviewTask]:
    if chosen.desk:
        tasks = tasks.filter(desk__slug=chosen.desk)
    if chosen.kind:
        tasks = tasks.filter(kind=chosen.kind)
    return tasks


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
            return Q(kind__in=DECIDING, state=states.DONE, awaits_publication=True)
        case "late":
            return is_open & Q(due_at__lt=timezone.now())
        case _:
            return is_open


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
