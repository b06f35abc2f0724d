"""The second person's decision on a proposal: approved, edited and approved, returned, or a different
rating."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.models import Membership, Role, User
from claimtracker.kernel.asking_again import asking_again
from claimtracker.kernel.decisions import Decision
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import NoticeKind, Rating, Review, ReviewTask, Verdict
from ..models.review import Outcome
from ..models.review_task import TaskKind
from .deciding import (
    back_to_author,
    cancel_open,
    check_free,
    check_revision,
    finish,
    keep_revision,
    lock_for_decision,
    need_reason,
    open_review,
    put_approved,
    put_returned,
    record_review,
    tidy,
)
from .gate import check_standards
from .notifying import notify, task_key

SECOND = TaskKind.SECOND_REVIEW


@transaction.atomic
def approve_verdict(verdict: Verdict, *, by: User, revision: int) -> Verdict:
    """The second person agrees with exactly ``revision``, whose words stand in the article as it now is.
    Never the author. Locks the claim, its second review, which it finishes, and the verdict.

    Raises NotPermitted (``article_changed`` where the words do not stand), or ActionRefused ``changed`` when
    the verdict is not the one that was read. Audits verdict.approved.
    """
    claim, task, verdict = _open(verdict, by, revision)
    record_review(verdict, claim, task, by=by, kind=SECOND, outcome=Outcome.APPROVED)
    _approved(claim, task, verdict, by)
    return verdict


@transaction.atomic
def edit_and_approve(
    verdict: Verdict,
    *,
    by: User,
    revision: int,
    summary: str,
    rationale: str,
    what_would_change: str = "",
    valid_until: date | None = None,
) -> Verdict:
    """Approve ``revision`` in better words, which become the next revision. Its first author stays its
    author. The rating stays: who would give another one dissents. Locks as approve_verdict does.

    Raises NotPermitted or ActionRefused, naming the field when the standards ask for more. Audits
    verdict.edited and verdict.approved.
    """
    claim, task, verdict = _open(verdict, by, revision)
    summary, rationale = tidy(summary), tidy(rationale)
    later = {"what_would_change": tidy(what_would_change), "valid_until": valid_until}
    words: dict[str, Any] = {"summary": summary, "rationale": rationale, **later}
    changed = [field for field, value in words.items() if getattr(verdict, field) != value]
    if not changed:
        raise ActionRefused(_("Nothing was changed. Approve it as it is."), code="unchanged", field="summary")
    check_standards(claim, rating=verdict.rating, summary=summary, rationale=rationale)
    for field, value in words.items():
        setattr(verdict, field, value)
    verdict.revision += 1
    verdict.edited_by = by
    keep_revision(verdict, by=by)
    details = {"claim": claim.pk, "revision": verdict.revision, "changed": changed}
    audit.record("verdict.edited", by=by, subject=verdict, details=details)
    record_review(verdict, claim, task, by=by, kind=SECOND, outcome=Outcome.EDITED)
    _approved(claim, task, verdict, by)
    return verdict


@transaction.atomic
def request_changes(verdict: Verdict, *, by: User, reason: str, revision: int | None = None) -> Verdict:
    """Return a proposal (``revision``, where it is given) to its author with a reason; the task opens again
    in the author's hands. Locks the claim, its second review and the verdict.

    Raises NotPermitted or ActionRefused (field ``reason``). Audits verdict.returned.
    """
    claim, task, verdict = lock_for_decision(verdict, SECOND, by=by)
    policies.can_decide_verdict(by, verdict, desk=claim.desk_id).enforce()
    check_free(task, by)
    check_revision(verdict, verdict.revision if revision is None else revision)
    reason = need_reason(reason, _("Say what has to change; the author reads it."))
    record_review(verdict, claim, task, by=by, kind=SECOND, outcome=Outcome.RETURNED, reason=reason)
    put_returned(verdict, reason=reason)
    if task:
        finish(task, by=by)
    give_back(claim, verdict, by=by, reason=reason)
    audit.record("verdict.returned", by=by, subject=verdict, details={"claim": claim.pk}, note=reason)
    return verdict


@transaction.atomic
def dissent_from_verdict(
    verdict: Verdict, *, by: User, revision: int, rating: Rating, reason: str
) -> ReviewTask:
    """The second person would give another rating: a lead decides. Locks the claim, its second review and
    the verdict. Returns the adjudication.

    Raises NotPermitted or ActionRefused (fields ``rating``, ``reason``). Audits verdict.disputed.
    """
    claim, task, verdict = lock_for_decision(verdict, SECOND, by=by)
    policies.can_decide_verdict(by, verdict, desk=claim.desk_id).enforce()
    check_free(task, by)
    check_revision(verdict, revision)
    if rating.pk == verdict.rating_id:
        raise ActionRefused(
            _("This is the rating that was proposed. Approve it, or return it with a reason."),
            code="same_rating",
            field="rating",
        )
    reason = need_reason(reason, _("Say why you would rate it otherwise; the lead reads it."))
    review = record_review(
        verdict, claim, task, by=by, kind=SECOND, outcome=Outcome.DISSENT, rating=rating, reason=reason
    )
    if task:
        finish(task, by=by)
    return dispute(claim, verdict, review)


def dispute(claim: Claim, verdict: Verdict, review: Review) -> ReviewTask:
    """Two people differ on the rating: whoever could have decided alone no longer can, and a lead is asked.
    The caller holds the locks. Audits verdict.disputed."""
    states.VERDICT.check(verdict.state, states.DISPUTED)
    verdict.state = states.DISPUTED
    verdict.save()
    by = review.reviewer
    cancel_open(claim, (SECOND, TaskKind.BLIND_REVIEW), by=by, because="disputed")
    adjudication = open_review(
        claim,
        verdict,
        kind=TaskKind.ADJUDICATION,
        why=_("%(author)s and %(by)s rate this claim differently; a lead decides.")
        % {"author": verdict.author, "by": by},
        raised=100,
        because="two people differ",
    )
    leads = Membership.objects.filter(desk=claim.desk_id, role=Role.LEAD).values_list("user_id", flat=True)
    notify(
        [*leads, verdict.author_id],
        NoticeKind.DISSENT,
        text=_("%(author)s and %(by)s rate “%(claim)s” differently. A lead decides.")
        % {"author": verdict.author, "by": by, "claim": claim},
        claim=claim,
        key=task_key(adjudication),
        by=by,
        task=adjudication,
    )
    details = {"claim": claim.pk, "revision": verdict.revision, "review": review.pk}
    audit.record("verdict.disputed", by=by, subject=verdict, details=details, note=review.reason)
    return adjudication


def give_back(claim: Claim, verdict: Verdict, *, by: User, reason: str) -> ReviewTask:
    """The author's task opens again and says who returned the verdict; the reason stands in the verdict."""
    task = back_to_author(claim, verdict, why=_("%(by)s returned the verdict with a reason.") % {"by": by})
    notify(
        [verdict.author],
        NoticeKind.RETURNED,
        text=_("%(by)s returned your verdict on “%(claim)s”: %(reason)s")
        % {"by": by, "claim": claim, "reason": reason},
        claim=claim,
        key=task_key(task),
        by=by,
        task=task,
    )
    return task


def _open(verdict: Verdict, by: User, revision: int) -> tuple[Claim, ReviewTask | None, Verdict]:
    claim, task, verdict = lock_for_decision(verdict, SECOND, by=by)
    policies.can_approve_verdict(by, verdict, desk=claim.desk_id).enforce()
    check_revision(verdict, revision)
    check_free(task, by)
    return claim, task, verdict


def _approved(claim: Claim, task: ReviewTask | None, verdict: Verdict, by: User) -> None:

    def may() -> Decision:
        return policies.can_approve_verdict(by, Verdict.objects.get(pk=verdict.pk), desk=claim.desk_id)

    # a newer text of the article may come in between the policy's look and the database's
    with asking_again(may):
        put_approved(verdict, by=by)
    if task:
        finish(task, by=by)
    notify(
        [verdict.author],
        NoticeKind.APPROVED,
        text=_("%(by)s approved your verdict on “%(claim)s”.") % {"by": by, "claim": claim},
        claim=claim,
        key=f"verdict:{verdict.pk}:approved",
        by=by,
        task=task,
    )
    details = {"claim": claim.pk, "revision": verdict.revision, "article_version": verdict.article_version_id}
    audit.record("verdict.approved", by=by, subject=verdict, details=details)
