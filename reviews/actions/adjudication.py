"""A lead decides where two people differ on a rating."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies
from ..models import NoticeKind, Rating, Review, ReviewTask, Verdict
from ..models.review import Outcome
from ..models.review_task import TaskKind
from .deciding import (
    check_article,
    check_free,
    check_revision,
    finish,
    keep_revision,
    lock_for_decision,
    need_reason,
    put_approved,
    put_returned,
    record_review,
    tidy,
)
from .gate import check_standards
from .notifying import notify
from .second_review import give_back

ADJUDICATION = TaskKind.ADJUDICATION
WHY = gettext_lazy("Say why you decide so; both read it.")


@transaction.atomic
def uphold_verdict(verdict: Verdict, *, by: User, revision: int, reason: str) -> Verdict:
    """The proposal stands as it is, and is approved by the lead. Locks the claim, its adjudication and the
    verdict. Raises NotPermitted or ActionRefused (field ``reason``). Audits verdict.adjudicated and
    verdict.approved."""
    claim, task, verdict = _open(verdict, by, revision)
    reason = need_reason(reason, WHY)
    check_article(verdict)
    record_review(verdict, claim, task, by=by, kind=ADJUDICATION, outcome=Outcome.UPHELD, reason=reason)
    put_approved(verdict, by=by)
    _close(claim, task, verdict, by, Outcome.UPHELD, reason)
    return verdict


@transaction.atomic
def decide_otherwise(
    verdict: Verdict,
    *,
    by: User,
    revision: int,
    rating: Rating,
    reason: str,
    summary: str,
    rationale: str,
    what_would_change: str = "",
    valid_until: date | None = None,
) -> Verdict:
    """The other rating is right: the verdict is approved with it, in the lead's words, as the next
    revision. Two people stand behind the rating, who gave it and the lead. Locks the claim, its adjudication
    and the verdict.

    Raises NotPermitted or ActionRefused (fields ``rating``, ``reason`` and what the standards name). Audits
    verdict.adjudicated and verdict.approved.
    """
    claim, task, verdict = _open(verdict, by, revision)
    reason = need_reason(reason, WHY)
    if rating.pk == verdict.rating_id or rating.pk not in _other_ratings(verdict):
        raise ActionRefused(
            _("Choose the rating that the other reviewer gave. For a third one, return the verdict."),
            code="third_rating",
            field="rating",
        )
    check_article(verdict)
    check_standards(claim, rating=rating, summary=summary, rationale=rationale)
    first_rating = verdict.rating
    verdict.rating, verdict.summary, verdict.rationale = rating, tidy(summary), tidy(rationale)
    verdict.what_would_change, verdict.valid_until = tidy(what_would_change), valid_until
    verdict.revision += 1
    verdict.edited_by = by
    keep_revision(verdict, by=by)
    record_review(
        verdict,
        claim,
        task,
        by=by,
        kind=ADJUDICATION,
        outcome=Outcome.CHANGED,
        rating=rating,
        first_rating=first_rating,
        reason=reason,
    )
    put_approved(verdict, by=by)
    _close(claim, task, verdict, by, Outcome.CHANGED, reason)
    return verdict


@transaction.atomic
def return_disputed(verdict: Verdict, *, by: User, revision: int, reason: str) -> Verdict:
    """Neither is ready: the verdict goes back to its author. Locks the claim, its adjudication and the
    verdict. Raises NotPermitted or ActionRefused (field ``reason``). Audits verdict.adjudicated and
    verdict.returned."""
    claim, task, verdict = _open(verdict, by, revision)
    reason = need_reason(reason, _("Say what has to change; the author reads it."))
    record_review(verdict, claim, task, by=by, kind=ADJUDICATION, outcome=Outcome.RETURNED, reason=reason)
    put_returned(verdict, reason=reason)
    _close(claim, task, verdict, by, Outcome.RETURNED, reason)
    give_back(claim, verdict, by=by, reason=reason)
    return verdict


def _open(verdict: Verdict, by: User, revision: int) -> tuple[Claim, ReviewTask | None, Verdict]:
    claim, task, verdict = lock_for_decision(verdict, ADJUDICATION, by=by)
    policies.can_adjudicate_verdict(by, verdict, desk=claim.desk_id).enforce()
    check_free(task, by)
    check_revision(verdict, revision)
    return claim, task, verdict


def _other_ratings(verdict: Verdict) -> set[int | None]:
    given = Review.objects.filter(verdict=verdict, outcome__in=(Outcome.DISSENT, Outcome.RATED))
    return set(given.values_list("rating_id", flat=True))


def _close(
    claim: Claim, task: ReviewTask | None, verdict: Verdict, by: User, outcome: str, reason: str
) -> None:
    if task:
        finish(task, by=by)
    details = {"claim": claim.pk, "revision": verdict.revision, "outcome": str(outcome)}
    audit.record("verdict.adjudicated", by=by, subject=verdict, details=details, note=reason)
    if outcome == Outcome.RETURNED:
        audit.record("verdict.returned", by=by, subject=verdict, details={"claim": claim.pk}, note=reason)
    else:
        audit.record("verdict.approved", by=by, subject=verdict, details=details)
    parties = Review.objects.filter(verdict=verdict).exclude(kind=ADJUDICATION)
    notify(
        [verdict.author_id, *parties.values_list("reviewer_id", flat=True)],
        NoticeKind.ADJUDICATED,
        text=_("%(by)s decided on “%(claim)s”: %(reason)s") % {"by": by, "claim": claim, "reason": reason},
        claim=claim,
        key=f"verdict:{verdict.pk}:adjudicated:{verdict.revision}",
        by=by,
        task=task,
    )
