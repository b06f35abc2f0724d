"""Deciding whether a claim will be checked: check, dismiss with the reason, or merge it into the family of
one that says the same. Also dismissing and rewording later on."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.adjusting import adjust_place, split_place
from claims.actions.curation import confirm_claim, dismiss_claim, edit_claim, lock_claim
from claims.actions.extraction import lock_article
from claims.actions.families import merge_families
from claims.models import Appearance, Claim
from claims.states import SUGGESTED
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import ClaimRoute, ReviewTask, TriageDecision, Verdict
from ..models.routing import TriageOutcome
from ..policies.triage import can_explain_selection, can_triage
from .assignment import lock_task, put_in_hands, take_task
from .routing import note_route, place, route_claim

LONGEST_REASON = ClaimRoute._meta.get_field("selection_reason").max_length or 0


@transaction.atomic
def check_triaged(review_task: ReviewTask, *, by: User, reason: str, take: bool = False) -> ReviewTask | None:
    """Say that a claim is to be checked, and to readers why (IFCN 5.2). The claim is confirmed, and its
    research task opens, in the hands of ``by`` when ``take``. None when its family is checked elsewhere.

    Checkers, editors and leads of the desk, unless somebody else has the task. Locks the claim, then the
    task. Raises NotPermitted, or ActionRefused (field ``reason``). Audits triage.decided, claim.confirmed,
    claim.selection_explained, review_task.routed and review_task.taken.
    """
    claim = lock_claim(review_task.claim_id)
    task = _decide(review_task, TriageOutcome.CHECK, by=by)
    if claim.state == SUGGESTED:
        confirm_claim(claim, by=by)
    _explain(claim, by=by, reason=reason)
    research = route_claim(task.claim_id)
    if research is not None and take:
        research = take_task(research, by=by)
    return research


@transaction.atomic
def dismiss_triaged(review_task: ReviewTask, *, by: User, reason: str) -> Claim:
    """Say that a claim is not worth or not fit for a check, and why. As check_triaged. Locks the claim, then
    the task. Audits triage.decided and what dismissing does."""
    claim = lock_claim(review_task.claim_id)
    _decide(review_task, TriageOutcome.DISMISS, by=by, note=reason.strip())
    return dismiss_from_review(claim, by=by, reason=reason)


@transaction.atomic
def merge_triaged(review_task: ReviewTask, *, by: User, into: Claim, note: str) -> Claim:
    """Say that a claim is the same as ``into``, a known claim or any other of ours, and why: they become one
    family, which is checked once. As check_triaged, and only with a claim that ``by`` sees. Where they are
    one family already the task just ends.

    Locks both families in the order of ids, then the task. Raises NotPermitted or ActionRefused. Audits
    triage.decided and what merging does; the tasks of the family follow by family.changed.
    """
    if into.pk == review_task.claim_id:
        raise ActionRefused(
            _("This is the claim itself. Name another one."), code="same_claim", field="other"
        )
    claim = Claim.objects.get(pk=review_task.claim_id)
    is_one = Claim.objects.family_of(claim).filter(pk=into.pk).exists()
    if is_one:
        claim = lock_claim(claim.pk)
    else:
        try:
            merge_families(claim, into=into, by=by, note=note)
        except ActionRefused as refusal:
            if refusal.code != "in_one_family":  # somebody was faster with the very same
                raise
    _decide(review_task, TriageOutcome.MERGE, by=by, into=into, note=note.strip())
    claim.refresh_from_db()
    if is_one:
        route_claim(claim.pk)  # the family changed before, so that no event brings its tasks in line now
    return claim


@transaction.atomic
def explain_selection(claim: Claim, *, by: User, reason: str) -> ClaimRoute:
    """Say to readers why this claim is checked (IFCN 5.2), in place of what a rule said. Checkers, editors
    and leads of its desk. Locks the claim. Raises NotPermitted, or ActionRefused (field ``reason``). Audits
    claim.selection_explained."""
    claim = lock_claim(claim.pk)
    can_explain_selection(by, claim).enforce()
    return _explain(claim, by=by, reason=reason)


@transaction.atomic
def dismiss_from_review(claim: Claim, *, by: User, reason: str) -> Claim:
    """Dismiss a claim and cancel its open tasks at once. Locks the claim. Refused while a verdict waits or
    stands."""
    claim = lock_claim(claim.pk)
    if Verdict.objects.filter(claim=claim, state__in=(*states.WAITING, states.APPROVED)).exists():
        raise ActionRefused(
            _("A verdict on this claim waits for approval or stands already. Return it first."),
            code="has_verdict",
        )
    claim = dismiss_claim(claim, by=by, reason=reason)
    route_claim(claim.pk)
    return claim


@transaction.atomic
def reword_claim(claim: Claim, *, by: User, text: str, claimant: str) -> Claim:
    """Edit a claim's wording and speaker, unless a verdict waits on it or stands. Locks the claim."""
    claim = lock_claim(claim.pk)
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    policies.can_reword_claim(by, claim, verdict=verdict).enforce()
    return edit_claim(claim, by=by, text=text, claimant=claimant)


@transaction.atomic
def adjust_words(
    appearance: Appearance,
    *,
    by: User,
    first: tuple[int, int],
    second: tuple[int, int] | None = None,
    text: str = "",
) -> Claim:
    """Give a claim other words of its article, or make two claims of it, unless a verdict waits on it or
    stands. Locks the article, then the claim. Returns the claim, or the second one."""
    lock_article(appearance.version)
    claim = lock_claim(appearance.claim_id)
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    policies.can_reword_claim(by, claim, verdict=verdict).enforce()
    if second is not None:
        return split_place(appearance, by=by, first=first, second=second, text=text)
    return adjust_place(appearance, by=by, start=first[0], end=first[1], text=text)


def _decide(
    review_task: ReviewTask, outcome: TriageOutcome, *, by: User, into: Claim | None = None, note: str = ""
) -> ReviewTask:
    """End the triage task with its outcome; one that nobody took is taken in passing. The caller holds the
    claim's lock."""
    task = lock_task(review_task.pk)
    can_triage(by, task).enforce()
    now = timezone.now()
    if task.state == states.QUEUED:
        put_in_hands(task, by)
    states.REVIEW_TASK.check(task.state, states.DONE)
    task.state, task.finished_at, task.lease_until = states.DONE, now, None
    task.save()
    TriageDecision.objects.create(task=task, claim=task.claim, outcome=outcome, into=into, by=by)
    details = {"claim": task.claim_id, "outcome": outcome.value, "into": into.pk if into else None}
    audit.record("triage.decided", by=by, subject=task, details=details, note=note)
    return task


def _explain(claim: Claim, *, by: User, reason: str) -> ClaimRoute:
    said = " ".join(reason.split())
    if not said:
        raise ActionRefused(
            _("Say in a sentence why this claim is checked. Readers see it."),
            code="reason_missing",
            field="reason",
        )
    if len(said) > LONGEST_REASON:
        raise ActionRefused(
            _("The reason has %(number)s characters; %(longest_reason)s are the limit. Say it shorter.")
            % {"number": len(said), "longest_reason": LONGEST_REASON},
            code="too_long",
            field="reason",
        )
    route = ClaimRoute.objects.filter(claim=claim).first() or note_route(claim, place(claim))
    route.selection_reason, route.selected_by = said, by
    route.save(update_fields=["selection_reason", "selected_by"])
    audit.record("claim.selection_explained", by=by, subject=claim, note=said)
    return route
