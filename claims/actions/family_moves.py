"""What every action on families rests on: lock whole families, move claims between them, keep the history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.locking import locked_rows
from claimtracker.ledger import audit, outbox

from .. import states
from ..models import Claim, ClaimMatch, FamilyChange, KnownClaim
from ..policies import nothing_forbids

TRIES = 5

Moves = dict[int, int | None]  # claim → its canonical from now on, none for itself


@dataclass(frozen=True, slots=True)
class Families:
    """Whole families, locked. ``published`` says since when those that we published stand as known."""

    claims: dict[int, Claim]
    published: dict[int, datetime]

    def root_of(self, claim_id: int) -> int:
        return self.claims[claim_id].canonical_id or claim_id

    def of(self, claim_id: int) -> list[int]:
        """Everybody in this claim's family, the oldest first."""
        root = self.root_of(claim_id)
        return [one for one in sorted(self.claims) if self.root_of(one) == root]

    def leader(self, claim_ids: Iterable[int]) -> int:
        """Who is canonical among these: the one that is published, else the oldest."""
        return min(claim_ids, key=lambda one: (one not in self.published, one))


def lock_families(claim_ids: Iterable[int]) -> Families:
    """Lock the whole families of these claims in the order of their ids, until the transaction ends.

    Nobody can join or leave a family while its canonical claim is locked. Raises ActionRefused ``busy`` when
    others change the families faster than this can follow.
    """
    asked = set(claim_ids)
    for _try in range(TRIES):
        wanted, mark = _in_families_of(asked), transaction.savepoint()
        claims = {claim.pk: claim for claim in locked_rows(Claim.objects.select_related("desk"), wanted)}
        if _in_families_of(asked) == wanted:
            transaction.savepoint_commit(mark)
            return Families(claims, _published(claims))
        transaction.savepoint_rollback(mark)  # gives the locks back, so that the order is kept
    raise ActionRefused(_("Others are changing these families at this moment. Try again."), code="busy")


def _in_families_of(claim_ids: Collection[int]) -> set[int]:
    # read first, not as a subquery: beside the OR it would go through all claims there are
    roots = list(
        Claim.objects.filter(pk__in=claim_ids).values_list(Coalesce("canonical_id", "pk"), flat=True)
    )
    family = models.Q(pk__in=roots) | models.Q(canonical__in=roots)
    return set(Claim.objects.filter(family).values_list("pk", flat=True))


def _published(claims: Collection[int]) -> dict[int, datetime]:
    """Locked, because a moderator can withdraw what is known at any moment."""
    known = KnownClaim.objects.select_for_update(of=("self",)).standing().filter(claim__in=claims)
    return dict(known.order_by("pk").values_list("claim_id", "first_seen_at"))


def joining(families: Families, first: int, second: int) -> Moves:
    """The moves that bring two families together: empty when they are one already.

    Raises ActionRefused ``set_aside`` or ``two_published``.
    """
    roots = {families.root_of(first), families.root_of(second)}
    if len(roots) == 1:
        return {}
    groups = {root: families.of(root) for root in roots}
    refuse_set_aside(families, [one for group in groups.values() for one in group])
    refuse_two_published(families, groups.values())
    holds_it = [root for root, group in groups.items() if any(one in families.published for one in group)]
    winner = holds_it[0] if holds_it else min(roots)
    (loser,) = roots - {winner}
    return dict.fromkeys(groups[loser], winner)


def handing_over(families: Families, rest: Collection[int]) -> Moves:
    """The moves by which those that stay, when their canonical leaves, get another one."""
    leader = families.leader(rest)
    return {one: None if one == leader else leader for one in rest}


def move(
    families: Families,
    moves: Mapping[int, int | None],
    *,
    cause: str,
    by: Any,
    because_of: Mapping[int, int | None],
    match: ClaimMatch | None = None,
    undoes: UUID | None = None,
) -> UUID:
    """Give claims another canonical, all at once, and write the history of it. Returns the action's id.

    The caller holds the families. Nothing else of a claim is touched.
    """
    action, claims, rows = uuid4(), [], []
    for claim_id, after in sorted(moves.items()):
        claim = families.claims[claim_id]
        if claim.canonical_id == after:
            continue
        nothing_forbids(claim_id).enforce()
        rows.append(
            FamilyChange(
                action=action,
                cause=cause,
                claim=claim,
                before_id=claim.canonical_id,
                after_id=after,
                because_of_id=because_of.get(claim_id),
                match=match,
                by=by,
                undoes=undoes,
            )
        )
        claim.canonical_id = after
        claims.append(claim)
    Claim.objects.bulk_update(claims, ["canonical"])  # one statement: between two of them a chain could stand
    FamilyChange.objects.bulk_create(rows)
    return action


def tell(families: Families, claim: Claim, action: UUID, *, verb: str, by: Any, note: str = "") -> None:
    """Audit the action under the claim that the person acted on, and emit family.changed with everybody
    whose family it concerns."""
    concerned, changes = sorted(families.claims), FamilyChange.objects.filter(action=action)
    moved = list(changes.order_by("claim_id").values_list("claim_id", flat=True))
    details = {"action": str(action), "moved": moved, "canonical": families.root_of(claim.pk)}
    audit.record(verb, by=by, subject=claim, details=details, note=note)
    payload = {"action": str(action), "cause": verb, "moved": moved, "claims": concerned}
    outbox.emit("family.changed", subject=claim, payload=payload)


def histories(claim_ids: Collection[int]) -> dict[int, list[FamilyChange]]:
    """How each claim came to where it is, oldest move first, without what was undone and its undoing."""
    kept: dict[int, list[FamilyChange]] = {claim_id: [] for claim_id in claim_ids}
    for row in FamilyChange.objects.filter(claim__in=claim_ids).order_by("id"):
        if row.undoes is None:
            kept[row.claim_id].append(row)
        else:
            kept[row.claim_id].pop()  # only the last move of a claim can be undone
    return kept


def companions_of(families: Families, claim_id: int) -> list[int]:
    """Who came along when this claim joined, and went wherever it went since."""
    past = histories(families.of(claim_id))
    joined = next((row for row in reversed(past[claim_id]) if row.before_id is None), None)
    if joined is None:
        return []
    since = [row.action for row in past[claim_id] if row.pk > joined.pk]
    return [
        one
        for one, rows in past.items()
        for row in rows
        if (row.action, row.because_of_id, row.after_id) == (joined.action, claim_id, joined.after_id)
        and [later.action for later in rows if later.pk > row.pk] == since
    ]


def refuse_set_aside(families: Families, claim_ids: Iterable[int]) -> None:
    for claim_id in claim_ids:
        claim = families.claims[claim_id]
        if claim.state in states.SET_ASIDE:
            raise ActionRefused(
                _("Claim %(claim_id)s was %(state)s. Restore it before it joins others.")
                % {"claim_id": claim_id, "state": claim.state},
                code="set_aside",
            )


def refuse_two_published(
    families: Families, groups: Iterable[Collection[int]], *, since: datetime | None = None
) -> None:
    """Refuse to bring groups together of which two hold a published verdict. With ``since`` only when one
    of them was published after that: before they were together already."""
    found = [families.leader(group) for group in groups if any(one in families.published for one in group)]
    if len(found) < 2:
        return
    if since is not None and not any(families.published[one] > since for one in found):
        return
    first, second = sorted(found)[:2]
    raise ActionRefused(
        _(
            "Claims %(first)s and %(second)s both have a published verdict. A lead has to "
            "correct or retract one of "
            "them first."
        )
        % {"first": first, "second": second},
        code="two_published",
    )
