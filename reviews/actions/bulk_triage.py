"""One decision about several claims: each on its own, so that one that is refused keeps no other back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from claims.actions.curation import confirm_claim
from claims.actions.families import merge_families
from claims.models import Claim
from claims.states import SUGGESTED
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused

from ..models import ReviewTask
from ..models.review_task import TaskKind
from .triage import check_triaged, dismiss_from_review, dismiss_triaged, merge_triaged


@dataclass(slots=True)
class Decided:
    """``refused`` are the others, each with the sentence that says why."""

    done: list[Claim] = field(default_factory=list)
    refused: list[tuple[Claim, str]] = field(default_factory=list)


def check_claims(claims: Sequence[Claim], *, by: User, reason: str) -> Decided:
    """Say that these are to be checked, and to readers why. Where nobody has to triage a claim, it is
    confirmed."""

    def check(claim: Claim) -> None:
        if task := _triage_of(claim):
            check_triaged(task, by=by, reason=reason)
        elif claim.state == SUGGESTED:
            confirm_claim(claim, by=by)
        else:
            raise ActionRefused(_("It was decided already that this claim is checked."), code="decided")

    return _each(claims, check)


def dismiss_claims(claims: Sequence[Claim], *, by: User, reason: str) -> Decided:
    """Say that these are not worth or not fit for a check, and why."""

    def dismiss(claim: Claim) -> None:
        if task := _triage_of(claim):
            dismiss_triaged(task, by=by, reason=reason)
        else:
            dismiss_from_review(claim, by=by, reason=reason)

    return _each(claims, dismiss)


def join_claims(claims: Sequence[Claim], *, by: User, note: str) -> Decided:
    """Say that these say the same, and why: they become one family, the first as well."""
    first, *others = claims
    if not others:
        return Decided(refused=[(first, _("Choose at least two claims that say the same."))])

    def join(claim: Claim) -> None:
        if task := _triage_of(claim):
            merge_triaged(task, by=by, into=first, note=note)
        else:
            merge_families(claim, into=first, by=by, note=note)

    return _each(others, join)


def _each(claims: Sequence[Claim], decide: Callable[[Claim], object]) -> Decided:
    decided = Decided()
    for claim in claims:
        try:
            decide(claim)
        except ActionRefused as refusal:
            decided.refused.append((claim, refusal.reason))
        else:
            decided.done.append(claim)
    return decided


def _triage_of(claim: Claim) -> ReviewTask | None:
    return ReviewTask.objects.filter(claim=claim, kind=TaskKind.TRIAGE).open().first()
