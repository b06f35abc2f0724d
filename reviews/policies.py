"""Who may do what in reviews. Each refusal is the sentence that the button, the API and the audit show."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.policies import can_curate_claim
from claims.states import DISMISSED, SET_ASIDE, WITHDRAWN
from claimtracker.accounts.access import APPROVING, CHECKING, has_role
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from . import states
from .models import Publication, ReviewTask, Verdict
from .models.review_task import TaskKind

OWN_VERDICT = "You proposed this verdict. A second person must approve it."


def can_take_task(user: Any, task: ReviewTask) -> Decision:
    if task.kind == TaskKind.SECOND_REVIEW:
        if task.proposed_by_id == user.pk:
            return Denied(OWN_VERDICT, "own_verdict")
        if not has_role(user, APPROVING, desk=task.desk_id):
            return Denied(f"Only editors and leads of the {task.desk.name} desk approve verdicts.")
    elif not has_role(user, CHECKING, desk=task.desk_id):
        return Denied(f"Only checkers, editors and leads of the {task.desk.name} desk take its tasks.")
    if task.state == states.TAKEN:
        name = task.assignee.get_short_name() if task.assignee else "Somebody"
        return Denied(f"{name} has this task already.", "already_taken")
    if task.state != states.QUEUED:
        return Denied(f"This task is {task.state}.", "not_queued")
    return Allowed()


def can_release_task(user: Any, task: ReviewTask) -> Decision:
    if task.state != states.TAKEN:
        return Denied(f"This task is {task.state}, so nobody has it.", "not_taken")
    if task.assignee_id == user.pk or has_role(user, frozenset({Role.LEAD}), desk=task.desk_id):
        return Allowed()
    return Denied("Only the person who has the task, or a lead of the desk, gives it back.")


def can_add_evidence(user: Any, claim: Claim) -> Decision:
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(f"Only checkers, editors and leads of the {claim.desk.name} desk add evidence.")
    if claim.state == DISMISSED:
        return Denied("This claim was dismissed. Restore it before you gather evidence.", "dismissed")
    if claim.state == WITHDRAWN:
        return Denied("A newer reading withdrew this claim. Restore it first.", "withdrawn")
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    if verdict and verdict.state == states.SUBMITTED:
        return Denied(
            "The verdict waits for approval, so its evidence is closed. It opens again if it is returned.",
            "closed",
        )
    if verdict and verdict.state == states.APPROVED and not is_being_rechecked(claim):
        return Denied("The verdict is approved, so its evidence is closed.", "closed")
    return Allowed()


def is_being_rechecked(claim: Claim) -> bool:
    """Somebody works, or is asked to work, on the next version."""
    return ReviewTask.objects.filter(claim=claim, kind=TaskKind.RESEARCH).open().exists()


def can_open_recheck(user: Any, claim: Claim, *, verdict: Verdict | None) -> Decision:
    """``verdict`` is the newest one on the claim."""
    if not has_role(user, APPROVING, desk=claim.desk_id):
        return Denied("Only editors and leads of the claim's desk ask for a correction.")
    if verdict is None or verdict.state != states.APPROVED or not hasattr(verdict, "publication"):
        return Denied("Only a published check is corrected; this one is still open.", "not_published")
    if is_being_rechecked(claim):
        return Denied("This check is being looked at again already.", "already_open")
    return Allowed()


def can_reword_claim(user: Any, claim: Claim, *, verdict: Verdict | None) -> Decision:
    """``verdict`` is the newest one on the claim: an approval is of words that do not change under it."""
    decision = can_curate_claim(user, claim)
    if not decision:
        return decision
    if claim.state == WITHDRAWN:
        return Denied("A newer reading withdrew this claim. Restore it first.", "withdrawn")
    if verdict and verdict.state == states.SUBMITTED:
        return Denied("The verdict waits for approval, so the claim's wording is closed.", "closed")
    if verdict and verdict.state == states.APPROVED and not is_being_rechecked(claim):
        return Denied("The verdict is approved, so the claim's wording is closed.", "closed")
    return Allowed()


def can_research_member(user: Any, claim: Claim, *, is_checked_elsewhere: bool) -> Decision:
    """Look all the same at a claim that is checked elsewhere in its family."""
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(f"Only checkers, editors and leads of the {claim.desk.name} desk take its tasks.")
    if claim.state in SET_ASIDE:
        return Denied(f"This claim was {claim.state}. Restore it first.", f"claim_{claim.state}")
    if not is_checked_elsewhere:
        return Denied("No other claim of its family is checked, so it has its own task.", "not_elsewhere")
    if ReviewTask.objects.filter(claim=claim).open().exists():
        return Denied("This claim has an open task already.", "already_open")
    if Verdict.objects.filter(claim=claim).exists():
        return Denied("This claim has a verdict of its own.", "has_verdict")
    return Allowed()


def can_submit_verdict(user: Any, task: ReviewTask) -> Decision:
    if task.kind != TaskKind.RESEARCH:
        return Denied("Verdicts are proposed from a research task.", "wrong_kind")
    if task.state != states.TAKEN or task.assignee_id != user.pk:
        return Denied("Take the task first: a verdict is proposed by the person who has it.", "not_yours")
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
        return Denied("No other claim of this family has a published verdict.", "nothing_to_carry")
    if task is None:
        return Denied("Take the claim's research task first: a verdict is carried over into it.", "not_yours")
    decision = can_submit_verdict(user, task)
    if not decision:
        return decision
    if not (decision := can_add_evidence(user, claim)):
        return decision
    if verdict is not None and verdict.state == states.APPROVED:
        return Denied("This claim has a verdict of its own.", "has_verdict")
    if verdict is not None and not is_as_carried(verdict):
        return Denied(
            "Somebody wrote a draft on this claim already, and nothing of it is overwritten. Empty it first.",
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


def can_approve_verdict(user: Any, verdict: Verdict, *, desk: Desk | int) -> Decision:
    if verdict.author_id == user.pk:
        return Denied(OWN_VERDICT, "own_verdict")
    if not has_role(user, APPROVING, desk=desk):
        return Denied("Only editors and leads of the claim's desk approve or return verdicts.")
    if verdict.state != states.SUBMITTED:
        return Denied(f"This verdict is {verdict.state}, not waiting for approval.", "not_submitted")
    return Allowed()


def can_publish_verdict(user: Any, verdict: Verdict, *, desk: Desk | int) -> Decision:
    if not has_role(user, APPROVING, desk=desk):
        return Denied("Only editors and leads of the claim's desk publish.")
    if verdict.state != states.APPROVED:
        return Denied("Only an approved verdict can be published.", "not_approved")
    return Allowed()
