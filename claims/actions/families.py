"""Families of claims that say the same: brought together, parted, and put back as they were.

One claim is canonical, and each other one points at it (ADR 7). Only that pointer moves: appearances,
evidence, verdicts, tasks and watches stay with their claim, so that parting a family restores everything.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused

from .. import policies, states
from ..models import Claim, ClaimMatch, FamilyChange
from .family_moves import (
    Families,
    Moves,
    companions_of,
    handing_over,
    histories,
    joining,
    lock_families,
    move,
    refuse_set_aside,
    refuse_two_published,
    tell,
)
from .match_decisions import (
    carried_by_their_canonical,
    confirm_match,
    decide,
    lock_matches,
    other_claim_of,
    reconsider_match,
    reject_match,
)

__all__ = [
    "confirm_match",
    "detach_claim",
    "merge_families",
    "reconsider_match",
    "reject_match",
    "split_family",
    "undo_family_action",
]

Cause = FamilyChange.Cause


@transaction.atomic
def merge_families(claim: Claim, *, into: Claim, by: Any, note: str) -> UUID:
    """Bring two families together that no method matched, and say why. Which claim becomes canonical is as in
    confirm_match. A match of exactly these two that waits is confirmed with it; none is made up.

    Checkers, editors and leads of the claim's desk who see the other. Locks both families in the order of
    ids, then the match. Raises NotPermitted or ActionRefused. Returns the action's id. Audits family.merged,
    emits family.changed.
    """
    families = lock_families([claim.pk, into.pk])
    claim, into = families.claims[claim.pk], families.claims[into.pk]
    policies.can_merge_families(by, claim, into=into).enforce()
    note = _said(note, _("Say why these are the same."))
    moves = joining(families, claim.pk, into.pk)
    if not moves:
        raise ActionRefused(_("These claims are in one family already."), code="in_one_family")
    action = move(
        families, moves, cause=Cause.MERGE, by=by, because_of=carried_by_their_canonical(families, moves)
    )
    for match in lock_matches(_matches_within({claim.pk, into.pk}).open()):
        decide(match, states.ACCEPTED_MATCH, by=by, note=note, action=action)
    tell(families, claim, action, verb="family.merged", by=by, note=note)
    return action


@transaction.atomic
def detach_claim(claim: Claim, *, by: Any, note: str) -> UUID:
    """Take a claim out of its family, and say why. Those that came along with it, and that nobody moved
    since, leave with it and have it as their canonical claim again. When the canonical claim itself leaves it
    stands alone, and the rest gets another: the published one, else the oldest. Confirmed matches between
    those that part are rejected.

    Checkers, editors and leads of the claim's or its canonical's desk. Locks the family in the order of ids,
    then its matches. Raises NotPermitted or ActionRefused. Returns the action's id. Audits family.detached
    and match.rejected, emits family.changed and match.undone.
    """
    families = lock_families([claim.pk])
    claim, root = families.claims[claim.pk], families.root_of(claim.pk)
    policies.can_part_families(by, [claim, families.claims[root]]).enforce()
    note = _said(note, _("Say why it is not the same."))
    everybody = families.of(root)
    if len(everybody) == 1:
        raise ActionRefused(_("This claim is in no family."), code="not_in_family")
    if claim.pk == root:
        moves = handing_over(families, [one for one in everybody if one != root])
    else:
        moves = {claim.pk: None, **dict.fromkeys(companions_of(families, claim.pk), claim.pk)}
    because = {one: claim.pk for one in moves if one != claim.pk}
    action = move(families, moves, cause=Cause.DETACH, by=by, because_of=because)
    _reject_between(families, action, by=by, note=f"Detached: {note}")
    tell(families, claim, action, verb="family.detached", by=by, note=note)
    return action


@transaction.atomic
def split_family(claims: Sequence[Claim], *, by: Any, note: str, canonical: Claim | None = None) -> UUID:
    """Let these claims of one family leave it together, as a family of their own under ``canonical``: the
    published one, else the oldest, unless it is named. If the canonical claim is among them, those that stay
    get another in the same way. Confirmed matches between those that part are rejected.

    Checkers, editors and leads of the desk of one of them or of the canonical claim. Locks the family in the
    order of ids, then its matches. Raises NotPermitted or ActionRefused. Returns the action's id. Audits
    family.split and match.rejected, emits family.changed and match.undone.
    """
    leaving = sorted({claim.pk for claim in claims})
    if not leaving:
        raise ActionRefused(_("Choose the claims that leave."), code="nobody_leaves", field="claims")
    families = lock_families(leaving)
    root = families.root_of(leaving[0])
    policies.can_part_families(by, [families.claims[one] for one in [*leaving, root]]).enforce()
    note = _said(note, _("Say why these are not the same as the others."))
    leader = families.leader(leaving) if canonical is None else canonical.pk
    _check_split(families, leaving, leader)
    moves: Moves = {one: None if one == leader else leader for one in leaving}
    because: dict[int, int | None] = {one: leader for one in leaving if one != leader}
    if root in leaving:
        staying = handing_over(families, [one for one in families.of(root) if one not in leaving])
        moves |= staying
        because |= dict.fromkeys(staying, root)
    action = move(families, moves, cause=Cause.SPLIT, by=by, because_of=because)
    _reject_between(families, action, by=by, note=_("Split off: %(note)s") % {"note": note})
    tell(families, families.claims[leader], action, verb="family.split", by=by, note=note)
    return action


@transaction.atomic
def undo_family_action(action: UUID, *, by: Any, note: str = "") -> UUID:
    """Put everybody back to where they were before ``action``, with the matches that it decided. Only while
    nobody of them moved since; an undo itself is not undone, but done again.

    As one may detach. Locks the families in the order of ids, then their matches. Raises NotPermitted or
    ActionRefused. Returns the id of the undoing. Audits family.undone and what happens to matches, emits
    family.changed, match.confirmed and match.undone.
    """
    rows = list(FamilyChange.objects.filter(action=action).select_related("match").order_by("claim_id"))
    if not rows:
        raise ActionRefused(_("There is no such change of a family."), code="no_such_action")
    ends = {(row.claim_id, row.before_id, row.after_id, row.because_of_id) for row in rows}
    families = lock_families({end for each in ends for end in each if end is not None})
    acted_on = _acted_on(rows)
    involved = {acted_on} | {end for row in rows for end in (row.before_id, row.after_id) if end is not None}
    policies.can_part_families(by, [families.claims[one] for one in sorted(involved)]).enforce()
    moves = _undoing(families, rows)
    undoing = move(
        families,
        moves,
        cause=Cause.UNDO,
        by=by,
        because_of={row.claim_id: row.because_of_id for row in rows},
        match=rows[0].match,
        undoes=action,
    )
    _suggest_again(families, undoing, by=by, note=note)
    _confirm_again(families, action, undoing, by=by, note=note)
    tell(families, families.claims[acted_on], undoing, verb="family.undone", by=by, note=note.strip())
    return undoing


def _said(note: str, wanted: str) -> str:
    if not note.strip():
        raise ActionRefused(
            _("%(wanted)s Others read it later.") % {"wanted": wanted}, code="reason_missing", field="note"
        )
    return note.strip()


def _check_split(families: Families, leaving: Sequence[int], leader: int) -> None:
    everybody = families.of(leaving[0])
    if not set(leaving) <= set(everybody):
        raise ActionRefused(_("Only claims of one family are split off together."), code="two_families")
    if len(everybody) == 1:
        raise ActionRefused(_("This claim is in no family."), code="not_in_family")
    if len(leaving) == len(everybody):
        raise ActionRefused(_("These are the whole family: leave somebody behind."), code="whole_family")
    if leader not in leaving:
        raise ActionRefused(
            _("The canonical claim has to be one of those that leave."),
            code="bad_canonical",
            field="canonical",
        )


def _acted_on(rows: Sequence[FamilyChange]) -> int:
    """The claim that the person acted on, which carried the others."""
    if rows[0].match:
        return rows[0].match.claim_id
    own = next((row for row in rows if row.because_of_id is None), None)
    return own.claim_id if own else rows[0].because_of_id or rows[0].claim_id


def _undoing(families: Families, rows: Sequence[FamilyChange]) -> Moves:
    """The moves back. Raises ActionRefused when somebody moved, joined, was published or set aside since."""
    if rows[0].undoes is not None:
        raise ActionRefused(_("This was an undo. Do again what it took back."), code="is_an_undo")
    if FamilyChange.objects.filter(undoes=rows[0].action).exists():
        raise ActionRefused(_("This was undone already."), code="already_undone")
    past = histories([row.claim_id for row in rows])
    for row in rows:
        if past[row.claim_id][-1:] != [row]:
            raise _moved_since(row.claim_id)
    moves: Moves = {row.claim_id: row.before_id for row in rows}
    canonical = {one: moves.get(one, claim.canonical_id) for one, claim in families.claims.items()}
    groups: dict[int, dict[int, list[int]]] = {}
    for one, above in canonical.items():
        if above is not None and canonical[above] is not None:
            raise _moved_since(above if above not in moves else one)
        groups.setdefault(above or one, {}).setdefault(families.root_of(one), []).append(one)
    for parts in groups.values():
        if len(parts) > 1:  # they come together again
            refuse_set_aside(families, [one for part in parts.values() for one in part])
            refuse_two_published(families, parts.values(), since=rows[0].created_at)
    return moves


def _moved_since(claim_id: int) -> ActionRefused:
    return ActionRefused(
        _("Claim %(claim_id)s was moved or joined since, so this cannot be undone. Detach the claim instead.")
        % {"claim_id": claim_id},
        code="moved_since",
    )


def _reject_between(families: Families, action: UUID, *, by: Any, note: str) -> None:
    """No confirmed match joins two families: those between claims that parted are rejected."""
    for match in lock_matches(_matches_within(families.claims).confirmed()):
        if not _is_within_one(families, match):
            decide(match, states.REJECTED_MATCH, by=by, note=note, action=action)


def _suggest_again(families: Families, undoing: UUID, *, by: Any, note: str) -> None:
    """Confirmed matches between claims that an undo parts: nobody said that they are not the same."""
    for match in lock_matches(_matches_within(families.claims).confirmed()):
        if not _is_within_one(families, match):
            decide(match, states.PROPOSED, by=by, note=note, action=undoing)


def _confirm_again(families: Families, undone: UUID, undoing: UUID, *, by: Any, note: str) -> None:
    """Matches that the undone action rejected, because it parted what is together again now."""
    rejected = _matches_within(families.claims).filter(family_action=undone, state=states.REJECTED_MATCH)
    for match in lock_matches(rejected):
        if _is_within_one(families, match):
            decide(match, states.ACCEPTED_MATCH, by=by, note=note, action=undoing)


def _is_within_one(families: Families, match: ClaimMatch) -> bool:
    other = other_claim_of(match)
    return other is not None and families.root_of(match.claim_id) == families.root_of(other)


def _matches_within(claim_ids: Collection[int]) -> Any:
    """Matches of which both ends are among these claims of ours."""
    other = Q(other_claim__in=claim_ids) | Q(known_claim__claim__in=claim_ids)
    return ClaimMatch.objects.filter(other, claim__in=claim_ids)
