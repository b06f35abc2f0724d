"""What a person says of a suggested match. Nothing but a person ever confirms one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.locking import locked_rows
from claimtracker.ledger import audit, outbox

from .. import policies, states
from ..models import ClaimMatch, FamilyChange
from .family_moves import Families, joining, lock_families, move, refuse_set_aside, tell


@transaction.atomic
def confirm_match(match: ClaimMatch, *, by: Any, note: str = "") -> ClaimMatch:
    """Say that both are the same. With a claim of ours their families become one, in which the published
    claim is canonical, else the older one; with another publisher's review nothing moves. Checkers, editors
    and leads of the claim's desk who see the other claim. Again by the same person: nothing happens. What
    was rejected has to be reconsidered first.

    Locks both families in the order of ids, then the match. Raises NotPermitted or ActionRefused. Audits
    match.confirmed and family.merged, emits match.confirmed and family.changed.
    """
    families, match = _lock(match)
    policies.can_decide_match(by, match).enforce()
    if _is_done(match, states.ACCEPTED_MATCH, by):
        return match
    if match.state == states.REJECTED_MATCH:  # so that an undo has one state only to go back to
        raise ActionRefused(
            _("Somebody said that these are not the same. Reconsider that first."), code="rejected_before"
        )
    states.CLAIM_MATCH.check(match.state, states.ACCEPTED_MATCH)
    if match.known_claim and match.known_claim.withdrawn_at:
        raise ActionRefused(
            _("A moderator withdrew this known claim, so it is not offered any more."), code="known_withdrawn"
        )
    refuse_set_aside(families, [match.claim_id])
    other = other_claim_of(match)
    moves = {} if other is None else joining(families, match.claim_id, other)
    action = None
    if moves:
        action = move(
            families,
            moves,
            cause=FamilyChange.Cause.CONFIRM,
            by=by,
            because_of=carried_by_their_canonical(families, moves),
            match=match,
        )
        tell(
            families, families.claims[match.claim_id], action, verb="family.merged", by=by, note=note.strip()
        )
    decide(match, states.ACCEPTED_MATCH, by=by, note=note, action=action)
    return match


@transaction.atomic
def reject_match(match: ClaimMatch, *, by: Any, note: str = "") -> ClaimMatch:
    """Say that they are not the same, so that it is not asked again. As one may confirm it. A confirmed match
    with a claim of ours is refused: somebody has to leave the family, and only detaching says who.

    Locks the claim's family, then the match. Raises NotPermitted or ActionRefused. Audits match.rejected;
    emits match.undone when it was confirmed.
    """
    _families, match = _lock(match)
    policies.can_decide_match(by, match).enforce()
    if _is_done(match, states.REJECTED_MATCH, by):
        return match
    states.CLAIM_MATCH.check(match.state, states.REJECTED_MATCH)
    _refuse_in_family(match)
    decide(match, states.REJECTED_MATCH, by=by, note=note)
    return match


@transaction.atomic
def reconsider_match(match: ClaimMatch, *, by: Any, note: str = "") -> ClaimMatch:
    """Take a decision back: the match is suggested again. As one may confirm it. A confirmed match with a
    claim of ours is refused, as reject_match refuses it.

    Locks the claim's family, then the match. Raises NotPermitted or ActionRefused. Audits match.reconsidered;
    emits match.undone when it was confirmed.
    """
    _families, match = _lock(match)
    policies.can_decide_match(by, match).enforce()
    if match.state not in states.DECIDED_MATCH:
        raise ActionRefused(
            _("Nobody has decided this match, so there is nothing to take back."), code="undecided"
        )
    _refuse_in_family(match)
    decide(match, states.PROPOSED, by=by, note=note)
    return match


def other_claim_of(match: ClaimMatch) -> int | None:
    """Our claim that the match's claim is compared with; none when it is another publisher's."""
    return match.known_claim.claim_id if match.known_claim else match.other_claim_id


def carried_by_their_canonical(families: Families, moves: dict[int, int | None]) -> dict[int, int | None]:
    """Whom each claim comes along with, as long as nothing has moved yet."""
    return {one: families.claims[one].canonical_id for one in moves}


def decide(match: ClaimMatch, state: str, *, by: Any, note: str = "", action: UUID | None = None) -> None:
    """Write what was decided of a locked match, audit it, and emit match.confirmed or match.undone."""
    was_confirmed = match.state == states.ACCEPTED_MATCH
    states.CLAIM_MATCH.check(match.state, state)
    is_decided = state in states.DECIDED_MATCH
    match.state, match.note, match.family_action = state, note.strip(), action
    match.decided_by, match.decided_at = (by, timezone.now()) if is_decided else (None, None)
    match.save(update_fields=["state", "note", "family_action", "decided_by", "decided_at", "updated_at"])
    other = other_claim_of(match)
    facts = {"claim": match.claim_id, "other_claim": other, "known_claim": match.known_claim_id}
    details = {**facts, "action": str(action) if action else None}
    if state == states.ACCEPTED_MATCH:
        audit.record("match.confirmed", by=by, subject=match, details=details, note=note.strip())
        outbox.emit("match.confirmed", subject=match, payload=facts)
        return
    if state == states.REJECTED_MATCH:
        audit.record("match.rejected", by=by, subject=match, details=details, note=note.strip())
    else:
        audit.record("match.reconsidered", by=by, subject=match, details=details, note=note.strip())
    if was_confirmed:
        outbox.emit("match.undone", subject=match, payload=facts)


def lock_matches(matches: models.QuerySet[ClaimMatch]) -> list[ClaimMatch]:
    """These matches, locked in one order until the transaction ends, with what policies look at."""
    rows = ClaimMatch.objects.select_related("claim__desk", "known_claim", "decided_by")
    return locked_rows(rows, list(matches.values_list("pk", flat=True)))


def _lock(match: ClaimMatch) -> tuple[Families, ClaimMatch]:
    seen = ClaimMatch.objects.select_related("known_claim").get(pk=match.pk)  # its two ends never change
    ends = (seen.claim_id, other_claim_of(seen))
    families = lock_families(end for end in ends if end is not None)
    return families, lock_matches(ClaimMatch.objects.filter(pk=match.pk))[0]


def _is_done(match: ClaimMatch, state: str, by: Any) -> bool:
    """The same person said it before. Raises ActionRefused when it was somebody else."""
    if match.state != state:
        return False
    if match.decided_by_id == by.pk:
        return True
    raise ActionRefused(
        _("%(decided_by)s %(state)s this match already.")
        % {"decided_by": match.decided_by or "Somebody", "state": state},
        code="already_decided",
    )


def _refuse_in_family(match: ClaimMatch) -> None:
    if match.state == states.ACCEPTED_MATCH and other_claim_of(match) is not None:
        raise ActionRefused(
            _(
                "Claims %(claim_id)s and %(other_claim_of)s are in one family. Detach one of them: "
                "that rejects this match too."
            )
            % {"claim_id": match.claim_id, "other_claim_of": other_claim_of(match)},
            code="in_family",
        )
