"""A verdict from proposal to publication."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim
from claimtracker.accounts.access import APPROVING, has_role
from claimtracker.accounts.models import Desk
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import Change, Publication, ReviewTask, Verdict
from ..models.basis import TextSince, TextState, text_since
from ..models.review import Outcome
from ..models.review_task import PROPOSING
from .blind import open_blind_reviews
from .conflicts import conflict_of
from .evidence import can_add_evidence
from .kinds import LEADS, OWN_VERDICT
from .reviewers import is_asked_to_approve

BEING_COMPARED = gettext_lazy(
    "A newer version of the article came in, and the words are being looked for in it. Try again in a moment."
)


def can_submit_verdict(user: Any, task: ReviewTask) -> Decision:
    if task.kind not in PROPOSING:
        return Denied(_("Verdicts are proposed from a research task or a recheck."), "wrong_kind")
    if task.state != states.TAKEN or task.assignee_id != user.pk:
        return Denied(_("Take the task first: a verdict is proposed by the person who has it."), "not_yours")
    return Allowed()


def can_carry_over_verdict(
    user: Any,
    claim: Claim,
    *,
    task: ReviewTask | None,
    verdict: Verdict | None,
    publication: Publication | None,
) -> Decision:
    """Begin a verdict with the words of ``publication``, what another claim of the family says in public.
    ``task`` is the claim's newest research task, ``verdict`` its newest verdict."""
    if publication is None:
        return Denied(_("No other claim of this family has a published verdict."), "nothing_to_carry")
    if task is None:
        return Denied(
            _("Take the claim's research task first: a verdict is carried over into it."), "not_yours"
        )
    decision = can_submit_verdict(user, task)
    if not decision:
        return decision
    if not (decision := can_add_evidence(user, claim)):
        return decision
    if verdict is not None and verdict.state == states.APPROVED:
        return Denied(_("This claim has a verdict of its own."), "has_verdict")
    if verdict is not None and not is_as_carried(verdict):
        return Denied(
            _(
                "Somebody wrote a draft on this claim already, and nothing of it is "
                "overwritten. Empty it first."
            ),
            "draft_has_text",
        )
    return Allowed()


def is_as_carried(verdict: Verdict) -> bool:
    """An undecided verdict in which nobody wrote anything: empty, or exactly what was carried over."""
    if verdict.state != states.DRAFT:
        return False
    if verdict.rating_id is None and not verdict.summary and not verdict.rationale:
        return True
    origin = verdict.carried_from.verdict if verdict.carried_from else None
    return origin is not None and (verdict.rating_id, verdict.summary, verdict.rationale) == (
        origin.rating_id,
        origin.summary,
        origin.rationale,
    )


def can_decide_verdict(user: Any, verdict: Verdict, *, desk: Desk | int) -> Decision:
    """Return a proposal, or differ from it. ``desk`` is the claim's."""
    if verdict.author_id == user.pk:
        return Denied(OWN_VERDICT, "own_verdict")
    if not has_role(user, APPROVING, desk=desk):
        return Denied(_("Only editors and leads of the claim's desk approve or return verdicts."))
    if not (asked := is_asked_to_approve(user, verdict.claim, desk=desk)):
        return asked
    if (conflict := conflict_of(user, verdict.claim)) is not None:
        return conflict
    if verdict.state == states.DISPUTED:
        return Denied(_("Two people rate this claim differently. A lead decides."), "disputed")
    if verdict.state != states.SUBMITTED:
        return Denied(
            _("This verdict is %(state)s, not waiting for approval.") % {"state": verdict.state},
            "not_submitted",
        )
    if open_blind_reviews(verdict.claim_id).exists():
        return Denied(_("The blind review of this claim is still open. Decide after it."), "blind_open")
    return Allowed()


def can_approve_verdict(user: Any, verdict: Verdict, *, desk: Desk | int) -> Decision:
    """As it is, or in other words. An approval is of this revision and of the article as it now is."""
    decision = can_decide_verdict(user, verdict, desk=desk)
    if not decision:
        return decision
    match text_of(verdict).state:
        case TextState.UNKNOWN:
            return Denied(BEING_COMPARED, "article_unread")
        case TextState.REWORDED | TextState.REMOVED:
            return Denied(
                _("The article changed where the verdict is about it. Return it to its author."),
                "article_changed",
            )
    return decision


def can_take_back_verdict(user: Any, verdict: Verdict, *, second_review: ReviewTask | None) -> Decision:
    if verdict.author_id != user.pk:
        return Denied(_("Only the person who proposed the verdict opens it again."))
    if verdict.state != states.SUBMITTED:
        return Denied(
            _("This verdict is %(state)s, not waiting for approval.") % {"state": verdict.state},
            "not_submitted",
        )
    if second_review and second_review.state == states.TAKEN:
        return Denied(
            _("%(assignee)s is reviewing this verdict now.") % {"assignee": second_review.assignee},
            "already_taken",
        )
    return Allowed()


def can_adjudicate_verdict(user: Any, verdict: Verdict, *, desk: Desk | int) -> Decision:
    """Decide where two people differ: a lead who is neither of them."""
    if verdict.author_id == user.pk:
        return Denied(_("You proposed this verdict. Another lead decides."), "own_verdict")
    if not has_role(user, LEADS, desk=desk):
        return Denied(_("Only leads of the claim's desk decide where two people differ."))
    if (conflict := conflict_of(user, verdict.claim)) is not None:
        return conflict
    if verdict.state != states.DISPUTED:
        return Denied(
            _("This verdict is %(state)s; nobody differs.") % {"state": verdict.state}, "not_disputed"
        )
    differing = verdict.reviews.filter(outcome__in=(Outcome.DISSENT, Outcome.RATED), reviewer=user.pk)
    if differing.exists():
        return Denied(_("You are one of the two who differ. Another lead decides."), "is_party")
    return Allowed()


def still_stands(verdict: Verdict) -> Decision:
    """Nobody began another verdict, nobody looks at it again or took the check back since, and the words that
    it is about stand in the article."""
    if Verdict.objects.filter(claim=verdict.claim_id, pk__gt=verdict.pk).exists():
        return Denied(_("A newer verdict on this claim was begun. Publish that one."), "superseded")
    if ReviewTask.objects.filter(claim=verdict.claim_id, kind__in=PROPOSING).open().exists():
        return Denied(_("This check is being looked at again, so its approval waits."), "being_rechecked")
    taken_back = Publication.objects.filter(claim=verdict.claim_id, change=Change.RETRACTION)
    if verdict.approved_at and taken_back.filter(published_at__gte=verdict.approved_at).exists():
        return Denied(
            _("The check was retracted after this verdict was approved. It has to be looked at again."),
            "retracted_since",
        )
    match text_of(verdict).state:
        case TextState.UNKNOWN:
            return Denied(BEING_COMPARED, "article_unread")
        case TextState.REWORDED | TextState.REMOVED:
            return Denied(
                _("The article changed since this verdict was approved. It has to be looked at again."),
                "article_changed",
            )
    return Allowed()


def text_of(verdict: Verdict) -> TextSince:
    """How the newest text of the article stands to the one that the verdict is about."""
    return text_since(verdict.claim_id, verdict.article_version_id)
