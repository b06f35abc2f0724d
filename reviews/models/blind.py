"""Who may know the finding on a claim while somebody reviews it without knowing it, as a condition of
queries. ``policies.blind.may_see_verdict`` says the same of one claim, and a test holds the two together."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from claimtracker.accounts.access import sees_everything

from .. import states
from .review_task import SEEING, ReviewTask, TaskKind
from .verdict import Verdict


def may_know_finding(user: Any, claim: str = "claim") -> Q:
    """Rows (by their field ``claim``) whose claim has no open blind review, or has one in spite of which this
    person sees the verdict."""
    tasks = ReviewTask.objects.filter(claim=OuterRef(claim))
    is_open = Exists(tasks.filter(kind=TaskKind.BLIND_REVIEW, state__in=states.OPEN))
    if not getattr(user, "is_authenticated", False):
        return ~Q(is_open)
    mine = tasks.filter(state=states.TAKEN, assignee=user)
    told = ~Q(Exists(mine.filter(kind=TaskKind.BLIND_REVIEW)))
    if not sees_everything(user):
        proposed = Verdict.objects.filter(claim=OuterRef(claim), author=user, state__in=states.UNDECIDED)
        told &= Q(Exists(mine.filter(kind__in=SEEING))) | Q(Exists(proposed))
    return ~Q(is_open) | told
