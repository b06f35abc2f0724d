"""Proposing a verdict, and taking it back. Every action locks the claim first, then its task, then its
verdict."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Rating, ReviewTask, Verdict
from ..models.basis import newest_version_of
from ..models.review_task import TaskKind
from .assignment import lock_task, renew_lease
from .blind_review import open_blind_review, sample
from .deciding import (
    back_to_author,
    cancel_open,
    finish,
    keep_revision,
    lock_for_decision,
    open_review,
    tidy,
    undecided,
)
from .gate import check_standards, proposal_of
from .second_review import approve_verdict, edit_and_approve, request_changes


@transaction.atomic
def submit_verdict(
    review_task: ReviewTask,
    *,
    by: User,
    rating: Rating,
    summary: str,
    rationale: str,
    what_would_change: str = "",
    valid_until: date | None = None,
    began_with: str | None = None,
) -> Verdict:
    """Propose a finding from a research or recheck task, which is done then: a second review is opened, and
    a blind one where the verdict is chosen for it. It is about the newest version of the article. Only the
    assignee. ``began_with`` is the digest of the words that the form was opened with, so that those of
    another window are not written over unseen. Locks the claim, the task and the verdict.

    Raises ActionRefused (``standards``, with the first field to mend) or NotPermitted. Audits
    verdict.submitted, and blind_review.opened.
    """
    claim = lock_claim(review_task.claim_id)
    task = lock_task(review_task.pk)
    policies.can_submit_verdict(by, task).enforce()
    if claim.state in SET_ASIDE:
        raise ActionRefused(
            _("This claim was %(state)s.") % {"state": claim.state}, code=f"claim_{claim.state}"
        )
    _refuse_overtaken(claim, began_with, (summary, rationale))
    _check_choices(rating, valid_until)
    check_standards(claim, rating=rating, summary=summary, rationale=rationale)
    verdict = undecided(claim) or Verdict.objects.create(claim=claim, author=by)
    states.VERDICT.check(verdict.state, states.SUBMITTED)
    verdict.state, verdict.author, verdict.rating = states.SUBMITTED, by, rating
    _write(verdict, summary, rationale, what_would_change, valid_until)
    verdict.article_version = newest_version_of(claim.pk)
    verdict.revision += 1
    verdict.return_reason, verdict.submitted_at = "", timezone.now()
    verdict.sampling = verdict.sampling or sample(claim)
    keep_revision(verdict, by=by)
    verdict.save()
    finish(task)
    _ask_reviewers(claim, verdict)
    details = {"claim": claim.pk, "rating": rating.slug, "revision": verdict.revision}
    audit.record("verdict.submitted", by=by, subject=verdict, details=details)
    return verdict


@transaction.atomic
def save_draft(
    review_task: ReviewTask,
    *,
    by: User,
    rating: Rating | None,
    summary: str,
    rationale: str,
    what_would_change: str = "",
    valid_until: date | None = None,
    began_with: str | None = None,
) -> Verdict:
    """Keep an unfinished verdict of the assignee; ``began_with`` as for :func:`submit_verdict`. Locks claim
    and task. Not audited: nobody else saw it."""
    claim = lock_claim(review_task.claim_id)
    task = lock_task(review_task.pk)
    policies.can_submit_verdict(by, task).enforce()
    _refuse_overtaken(claim, began_with, (summary, rationale))
    verdict = undecided(claim) or Verdict.objects.create(claim=claim, author=by)
    if verdict.state in states.WAITING:
        raise ActionRefused(_("The verdict waits for approval already."), code="already_submitted")
    verdict.author = by
    verdict.rating = rating or (verdict.rating if verdict.state == states.RETURNED else None)
    _write(verdict, summary, rationale, what_would_change, valid_until)
    verdict.save()
    renew_lease(task, by=by)
    return verdict


@transaction.atomic
def take_back_verdict(verdict: Verdict, *, by: User) -> Verdict:
    """The author opens a proposal again to edit it, while nobody has it in hand: it is a draft again, and
    whoever waited to review it waits for the next revision. Locks the claim, its open reviews and the
    verdict.

    Raises NotPermitted. Audits verdict.taken_back and review_task.cancelled.
    """
    claim, task, verdict = lock_for_decision(verdict, TaskKind.SECOND_REVIEW, by=by)
    policies.can_take_back_verdict(by, verdict, second_review=task).enforce()
    states.VERDICT.check(verdict.state, states.DRAFT)
    verdict.state = states.DRAFT
    verdict.save()
    cancel_open(claim, (TaskKind.SECOND_REVIEW, TaskKind.BLIND_REVIEW), by=by, because="taken_back")
    back_to_author(claim, verdict, why=_("%(by)s opened the verdict again.") % {"by": by})
    details = {"claim": claim.pk, "revision": verdict.revision}
    audit.record("verdict.taken_back", by=by, subject=verdict, details=details)
    return verdict


def _refuse_overtaken(claim: Claim, began_with: str | None, words: tuple[str, str]) -> None:
    """Raise ActionRefused when other words are kept by now than those that the form began with. Words that
    are kept already came twice: their first answer was lost on the way."""
    kept = undecided(claim)
    if began_with is None or kept is None or kept.words_digest == began_with:
        return
    if (kept.summary, kept.rationale) == (tidy(words[0]), tidy(words[1])):
        return
    raise ActionRefused(
        _(
            "Other words were saved for this verdict since you opened it here, in another window or by "
            "somebody else. Yours are below, and what is saved stands above them. Send yours again to put "
            "them in place."
        ),
        code="overtaken",
    )


def _check_choices(rating: Rating, valid_until: date | None) -> None:
    if rating.retired_at is not None:
        raise ActionRefused(
            _("“%(label)s” was retired. Choose another rating.") % {"label": rating.label},
            code="rating_retired",
            field="rating",
        )
    if valid_until is not None and valid_until < timezone.localdate():
        raise ActionRefused(
            _("Give a day that is still to come, or leave it empty."), code="past", field="valid_until"
        )


def _write(
    verdict: Verdict, summary: str, rationale: str, what_would_change: str, valid_until: date | None
) -> None:
    verdict.summary, verdict.rationale = tidy(summary), tidy(rationale)
    verdict.what_would_change, verdict.valid_until = tidy(what_would_change), valid_until


def _ask_reviewers(claim: Claim, verdict: Verdict) -> None:
    open_review(
        claim,
        verdict,
        kind=TaskKind.SECOND_REVIEW,
        # read by people who may be asked to review it blind: never the rating
        why=_("%(author)s proposes a verdict; a second person decides.") % {"author": verdict.author},
    )
    open_blind_review(claim, verdict)


__all__ = [
    "approve_verdict",
    "check_standards",
    "edit_and_approve",
    "proposal_of",
    "request_changes",
    "save_draft",
    "submit_verdict",
    "take_back_verdict",
]
