"""Blind review: who does it, and who may see the verdict meanwhile."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimtracker.accounts.access import has_role, sees_everything
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import ReviewTask, Verdict
from ..models.review_task import SEEING, ReviewTaskQuerySet, TaskKind
from .kinds import LEADS

HIDDEN = gettext_lazy(
    "A colleague reviews this claim blind. Until then its verdict is shown to nobody who could be asked."
)


def open_blind_reviews(claim_id: int) -> ReviewTaskQuerySet:
    return ReviewTask.objects.open().filter(claim=claim_id, kind=TaskKind.BLIND_REVIEW)


def may_see_verdict(user: Any, claim_id: int) -> Decision:
    """The verdict that waits, and every word that tells of it (reasons, comments, decisions). While a blind
    review is open only its author, those who have a task in which it is read, and moderators see it: anybody
    else could be the one who is asked."""
    if not open_blind_reviews(claim_id).exists():
        return Allowed()
    mine = ReviewTask.objects.taken_by(user).filter(claim=claim_id)
    if mine.filter(kind=TaskKind.BLIND_REVIEW).exists():
        return Denied(HIDDEN, "blind")
    if sees_everything(user) or mine.filter(kind__in=SEEING).exists():
        return Allowed()
    if Verdict.objects.filter(claim=claim_id, author=user.pk, state__in=states.UNDECIDED).exists():
        return Allowed()
    return Denied(HIDDEN, "blind")


def can_submit_blind_review(user: Any, task: ReviewTask) -> Decision:
    if task.kind != TaskKind.BLIND_REVIEW:
        return Denied(_("This is no blind review."), "wrong_kind")
    if task.state != states.TAKEN or task.assignee_id != user.pk:
        return Denied(_("Take the blind review first: its rating is given by who has it."), "not_yours")
    return Allowed()


def can_waive_blind_review(user: Any, task: ReviewTask) -> Decision:
    if not has_role(user, LEADS, desk=task.desk_id):
        return Denied(
            _("Only leads of the %(name)s desk go on without a blind review.") % {"name": task.desk.name}
        )
    if task.proposed_by_id == user.pk:
        return Denied(_("You proposed this verdict. Another lead decides about its review."), "own_verdict")
    if task.kind != TaskKind.BLIND_REVIEW or task.state not in states.OPEN:
        return Denied(_("No blind review is open."), "not_open")
    return Allowed()
