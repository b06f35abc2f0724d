"""A declared conflict of interest keeps a person away from a claim."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.kernel.decisions import Decision, Denied

from ..models import ConflictOfInterest
from ..models.conflict import Declared, declared_by, touching

CODE = "conflict_of_interest"


def conflict_of(user: Any, claim: Claim) -> Decision | None:
    """The refusal that keeps ``user`` from deciding anything about ``claim``, or None. Compare with None:
    like every refusal, this one is falsy.

    One query for somebody who declared nothing, two otherwise; remembered on the claim, so that a page may
    ask for every button.
    """
    if getattr(user, "pk", None) is None:
        return None
    known = _known(claim)
    if user.pk not in known:
        prime_conflicts(user, [claim])
    return known[user.pk]


def prime_conflicts(user: Any, claims: Iterable[Claim], *, declared: Declared | None = None) -> None:
    """Answer conflict_of for all claims of a list at once, in two queries at most; one less where what the
    person ``declared`` is known."""
    claims = list(claims)
    found = touching(declared_by(user) if declared is None else declared, [claim.pk for claim in claims])
    for claim in claims:
        conflict = found.get((user.pk, claim.pk))
        _known(claim)[user.pk] = Denied(own_sentence(conflict), CODE) if conflict else None


def prime_people(claim: Claim, people: Collection[Any]) -> dict[int, ConflictOfInterest]:
    """Answer conflict_of for many people and one claim at once; returns person id → declaration."""
    found = {user: one for (user, _claim), one in touching(declared_by(*people), [claim.pk]).items()}
    for user in people:
        conflict = found.get(user.pk)
        _known(claim)[user.pk] = Denied(own_sentence(conflict), CODE) if conflict else None
    return found


def own_sentence(conflict: ConflictOfInterest) -> str:
    """Why not, to the person who declared it."""
    return _("You declared a conflict of interest %(about)s: %(reason)s") % {
        "about": _about(conflict),
        "reason": _reason(conflict),
    }


def others_sentence(conflict: ConflictOfInterest) -> str:
    """The same to a lead who wants to give the task to that person."""
    return _("%(user)s declared a conflict of interest %(about)s: %(reason)s") % {
        "user": conflict.user,
        "about": _about(conflict),
        "reason": _reason(conflict),
    }


def _about(conflict: ConflictOfInterest) -> str:
    if conflict.kind == ConflictOfInterest.Kind.CLAIM:
        return "with this claim"
    return f"with “{conflict.subject}”"


def _reason(conflict: ConflictOfInterest) -> str:
    reason = conflict.reason.strip()
    return reason if reason.endswith((".", "!", "?", "…")) else f"{reason}."


def _known(claim: Claim) -> dict[int, Decision | None]:
    known: dict[int, Decision | None] = claim.__dict__.setdefault("_conflict_by_user", {})
    return known
