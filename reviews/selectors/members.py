"""What a change of a desk or of somebody's role would move."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from claims.models import Claim
from claimtracker.accounts.models import Desk, Membership, Role

from .. import states
from ..models import ReviewTask, RoutingRule
from ..models.review_task import TaskKind

CHECKING = (Role.CHECKER, Role.EDITOR, Role.LEAD)
# who may have a task of which kind, as reviews.models.roles says it to the database
ROLES_OF = {TaskKind.SECOND_REVIEW.value: (Role.EDITOR, Role.LEAD), TaskKind.ADJUDICATION.value: (Role.LEAD,)}


def roles_for(kind: str) -> tuple[Role, ...]:
    return ROLES_OF.get(kind, CHECKING)


def tasks_beyond(membership: Membership, role: str) -> QuerySet[ReviewTask]:
    """Tasks of the desk in this person's hands that somebody with ``role`` (empty for none) may not have."""
    held = ReviewTask.objects.filter(state=states.TAKEN, assignee=membership.user_id, desk=membership.desk_id)
    return held.exclude(kind__in=[kind for kind in TaskKind.values if role in roles_for(kind)])


@dataclass(frozen=True, slots=True)
class Closing:
    """What goes to another desk when one is closed. ``given_back`` are tasks in the hands of people who are
    not there."""

    claims: int
    tasks: int
    in_hand: int
    given_back: int
    rules: int


def closing(desk: Desk, into: Desk) -> Closing:
    """Three queries."""
    there = Membership.objects.filter(desk=into, role__in=CHECKING).values("user")
    taken = Q(state=states.TAKEN)
    tasks = (
        ReviewTask.objects.open()
        .filter(desk=desk)
        .aggregate(
            n=Count("pk"),
            in_hand=Count("pk", filter=taken),
            stays=Count("pk", filter=taken & Q(assignee__in=there)),
        )
    )
    return Closing(
        claims=Claim.objects.filter(desk=desk).count(),
        tasks=tasks["n"],
        in_hand=tasks["in_hand"],
        given_back=tasks["in_hand"] - tasks["stays"],
        rules=RoutingRule.objects.filter(desk=desk).count(),
    )
