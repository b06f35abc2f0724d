"""Blind review: a second reader rates the claim from its sources, without the verdict that was proposed."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Rating, Review, ReviewTask, Verdict
from ..models.review import Outcome
from ..models.review_task import TaskKind
from ..sampling import is_drawn, topic_in
from ..selectors.sampling import sampling_of
from .assignment import lock_task
from .deciding import finish, lock_verdict, need_reason, open_review, record_review
from .second_review import dispute

BLIND = TaskKind.BLIND_REVIEW


def sample(claim: Claim) -> str:
    """Is a verdict on this claim reviewed blind, as its desk chose, and why? Asked once for each verdict, at
    its first submission, so that nobody can try again."""
    texts = [claim.text, *claim.appearances.values_list("version__title", flat=True)]
    chosen = sampling_of(claim.desk_id)
    if topic_in(texts, chosen.topics):
        return Verdict.Sampling.TOPIC
    key = settings.REVIEW_BLIND_KEY or settings.SECRET_KEY
    if is_drawn(key, str(claim.public_id), rate=chosen.rate):
        return Verdict.Sampling.CHANCE
    return Verdict.Sampling.NOT_CHOSEN


def open_blind_review(claim: Claim, verdict: Verdict) -> ReviewTask | None:
    """Ask for a blind review of a verdict that was chosen for one and has none yet that counts. Called with
    the claim locked. Audits blind_review.opened."""
    if verdict.sampling not in (Verdict.Sampling.CHANCE, Verdict.Sampling.TOPIC):
        return None
    if _was_read_blind(verdict):
        return None
    task = open_review(
        claim,
        verdict,
        kind=BLIND,
        why=_("A blind review: rate the claim from its sources, before you see what was proposed."),
    )
    details = {"claim": claim.pk, "sampling": str(verdict.sampling)}
    audit.record("blind_review.opened", by=audit.SYSTEM, subject=task, details=details)
    return task


@transaction.atomic
def submit_blind_review(review_task: ReviewTask, *, by: User, rating: Rating, reason: str) -> Review:
    """Say one's own rating without having seen the proposal. When both differ a lead decides. Only the
    assignee. Locks the claim, the task and the verdict.

    Raises NotPermitted or ActionRefused (fields ``rating``, ``reason``). Audits blind_review.submitted, and
    verdict.disputed.
    """
    claim = lock_claim(review_task.claim_id)
    task = lock_task(review_task.pk)
    policies.can_submit_blind_review(by, task).enforce()
    reason = need_reason(reason, _("Say in a sentence or two how the sources lead you to this rating."))
    if rating.retired_at is not None:
        raise ActionRefused(
            _("“%(label)s” was retired. Choose another rating.") % {"label": rating.label},
            code="rating_retired",
            field="rating",
        )
    verdict = lock_verdict(_proposal(claim).pk)
    review = record_review(
        verdict, claim, task, by=by, kind=BLIND, outcome=Outcome.RATED, rating=rating, reason=reason
    )
    finish(task)
    details = {"claim": claim.pk, "revision": verdict.revision, "agrees": rating.pk == verdict.rating_id}
    audit.record("blind_review.submitted", by=by, subject=verdict, details=details, note=reason)
    if rating.pk != verdict.rating_id:
        dispute(claim, verdict, review)
    return review


@transaction.atomic
def waive_blind_review(review_task: ReviewTask, *, by: User, reason: str) -> ReviewTask:
    """Go on without the blind review, because nobody at the desk can do it. A lead other than the author,
    with a reason. Locks the claim and the task.

    Raises NotPermitted or ActionRefused (field ``reason``). Audits blind_review.waived.
    """
    claim = lock_claim(review_task.claim_id)
    task = lock_task(review_task.pk)
    policies.can_waive_blind_review(by, task).enforce()
    reason = need_reason(reason, _("Say why it has to go without; the reason is kept."))
    states.REVIEW_TASK.check(task.state, states.CANCELLED)
    task.state, task.finished_at, task.lease_until = states.CANCELLED, timezone.now(), None
    task.save()
    audit.record("blind_review.waived", by=by, subject=task, details={"claim": claim.pk}, note=reason)
    return task


def _was_read_blind(verdict: Verdict) -> bool:
    """Whoever read it blind gave this very rating, or another one, with which a lead then dealt. Who agreed
    with a rating that is proposed no more has said nothing about this one."""
    last = Review.objects.filter(verdict=verdict, kind=BLIND).order_by("-id").first()
    return last is not None and (
        last.rating_id == verdict.rating_id or last.rating_id != last.first_rating_id
    )


def _proposal(claim: Claim) -> Verdict:
    verdict = Verdict.objects.filter(claim=claim, state=states.SUBMITTED).first()
    if verdict is None:
        raise ActionRefused(_("No verdict waits for a blind review any more."), code="not_submitted")
    return verdict
