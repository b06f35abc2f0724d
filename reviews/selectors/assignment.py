"""Who a task can be given to."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from typing import Any

from claimtracker.accounts.models import Membership, Role

from .. import states
from ..models import Review, ReviewTask, TaskHolder
from ..models.review import Outcome
from ..models.review_task import SEEING, TaskKind

MOST_PEOPLE = 200  # of a desk, who are offered on one page
CHECKING = (Role.CHECKER, Role.EDITOR, Role.LEAD)


def members_of(task: ReviewTask) -> list[Membership]:
    """The desk's people who check, by name."""
    rows = Membership.objects.filter(desk=task.desk_id, role__in=CHECKING, user__is_active=True)
    return list(rows.select_related("user").order_by("user__name", "pk")[:MOST_PEOPLE])


def as_each_sees_it(task: ReviewTask, people: Collection[Any]) -> dict[int, ReviewTask]:
    """Person id → the task with what policies ask about that person and its claim, as the queue's rows carry
    it. Three queries for any number of people."""
    ids = [one.pk for one in people]
    had = TaskHolder.objects.filter(claim=task.claim_id, user__in=ids, kind__in=SEEING)
    blind = ReviewTask.objects.filter(
        claim=task.claim_id, kind=TaskKind.BLIND_REVIEW, state=states.TAKEN, assignee__in=ids
    )
    parties = Review.objects.filter(
        verdict__claim=task.claim_id, reviewer__in=ids, outcome__in=(Outcome.DISSENT, Outcome.RATED)
    )
    known = {
        "had_by_user": set(had.values_list("user_id", flat=True)),
        "blind_by_user": set(blind.values_list("assignee_id", flat=True)),
        "party_by_user": set(parties.values_list("reviewer_id", flat=True)),
    }
    seen = {}
    for pk in ids:
        seen[pk] = copy(task)
        for name, who in known.items():
            setattr(seen[pk], name, pk in who)
    return seen
