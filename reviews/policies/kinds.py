"""Who may do which kind of task, whoever has it now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimtracker.accounts.access import APPROVING, CHECKING, has_role, sees_everything
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from ..models import Review, ReviewTask, TaskHolder
from ..models.review import Outcome
from ..models.review_task import SEEING, TaskKind
from .reviewers import LEADS, is_asked_to_approve

OWN_VERDICT = gettext_lazy("You proposed this verdict. A second person must approve it.")


def can_do_kind(user: Any, task: ReviewTask) -> Decision:
    """May this person do a task of this kind on this claim at all? Says nothing of who has it."""
    match task.kind:
        case TaskKind.SECOND_REVIEW:
            return _second_review(user, task)
        case TaskKind.BLIND_REVIEW:
            return _blind_review(user, task)
        case TaskKind.ADJUDICATION:
            return _adjudication(user, task)
    if not has_role(user, CHECKING, desk=task.desk_id):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk take its tasks.")
            % {"name": task.desk.name}
        )
    return Allowed()


def _second_review(user: Any, task: ReviewTask) -> Decision:
    if task.proposed_by_id == user.pk:
        return Denied(OWN_VERDICT, "own_verdict")
    if not has_role(user, APPROVING, desk=task.desk_id):
        return Denied(
            _("Only editors and leads of the %(name)s desk approve verdicts.") % {"name": task.desk.name}
        )
    if not (asked := is_asked_to_approve(user, task.claim, desk=task.desk_id)):
        return asked
    if reviews_blind_now(user, task):
        return Denied(_("You review this claim blind. Send your rating first."), "reviews_blind")
    return Allowed()


def _blind_review(user: Any, task: ReviewTask) -> Decision:
    if task.proposed_by_id == user.pk:
        return Denied(_("You proposed this verdict, so you cannot review it blind."), "own_verdict")
    if not has_role(user, CHECKING, desk=task.desk_id):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk take its tasks.")
            % {"name": task.desk.name}
        )
    if sees_everything(user):
        return Denied(_("Moderators see every verdict, so they do not review blind."), "not_blind")
    if had_the_verdict(user, task):
        return Denied(_("You had a task of this claim, so you may know its verdict already."), "not_blind")
    return Allowed()


def _adjudication(user: Any, task: ReviewTask) -> Decision:
    if task.proposed_by_id == user.pk:
        return Denied(_("You proposed this verdict. Another lead decides."), "own_verdict")
    if not has_role(user, LEADS, desk=task.desk_id):
        return Denied(
            _("Only leads of the %(name)s desk decide where two people differ.") % {"name": task.desk.name}
        )
    if is_party(user, task):
        return Denied(_("You are one of the two who differ. Another lead decides."), "is_party")
    return Allowed()


def had_the_verdict(user: Any, task: ReviewTask) -> bool:
    """Did this person ever have a task of the claim in which its verdict is written or read? A list asks
    once for all of its rows and keeps the answer as ``had_by_user``."""
    if (known := getattr(task, "had_by_user", None)) is not None:
        return bool(known)
    return TaskHolder.objects.filter(claim=task.claim_id, user=user.pk, kind__in=SEEING).exists()


def reviews_blind_now(user: Any, task: ReviewTask) -> bool:
    """Has this person an open blind review of the claim? Kept as ``blind_by_user`` by lists."""
    if (known := getattr(task, "blind_by_user", None)) is not None:
        return bool(known)
    mine = ReviewTask.objects.taken_by(user).filter(claim=task.claim_id, kind=TaskKind.BLIND_REVIEW)
    return mine.exists()


def is_party(user: Any, task: ReviewTask) -> bool:
    """Did this person give the rating that differs? Kept as ``party_by_user`` by lists."""
    if (known := getattr(task, "party_by_user", None)) is not None:
        return bool(known)
    return Review.objects.filter(
        verdict__claim=task.claim_id, reviewer=user.pk, outcome__in=(Outcome.DISSENT, Outcome.RATED)
    ).exists()
