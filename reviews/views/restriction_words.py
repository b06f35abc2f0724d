"""What may be decided about a restriction, in words; the page and the administration offer the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.kernel.decisions import Decision

from .. import states
from ..models import Restriction, RestrictionKind
from ..policies import restrictions as policies
from ..selectors.restrictions import open_restrictions
from ..selectors.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Offered:
    """``what`` names the action, ``button`` what one presses; ``tone`` is that of the button."""

    what: str
    label: str
    button: str
    decision: Decision
    tone: str = "secondary"


def offered_decisions(row: Restriction, claim: Claim, user: Any) -> list[Offered]:
    """What fits the state it is in, each with whether this person may."""
    found: list[Offered] = []
    if row.state == states.ORDERED:
        confirm = policies.can_confirm_order(user, row, claim=claim)
        refuse = policies.can_decide_order(user, row, claim=claim)
        found += [
            Offered("confirm", _("Confirm the takedown"), _("Take it down"), confirm, "danger"),
            Offered("refuse", _("Refuse it, or take the order back"), _("Do not take it down"), refuse),
        ]
    elif row.state == states.LIFTING:
        agree = policies.can_confirm_lifting(user, row, claim=claim)
        keep = policies.can_decide_lifting(user, row, claim=claim)
        found += [
            Offered("agree", _("Agree that it is lifted"), _("Lift it"), agree, "primary"),
            Offered("keep", _("Keep it in force"), _("Keep it"), keep),
        ]
    elif row.state == states.IN_FORCE:
        lift = policies.can_lift(user, row, claim=claim)
        if row.kind == RestrictionKind.HIDDEN:
            found.append(Offered("lift", _("Show the check again"), _("Show it again"), lift, "primary"))
        else:
            found.append(Offered("lift", _("Have it lifted"), _("Ask for it to be lifted"), lift))
    escalate = policies.can_escalate(user, row, claim=claim)
    found.append(Offered("escalate", _("Ask somebody else to decide"), _("Ask them"), escalate))
    return found


def restriction_context(user: Any, space: Workspace) -> dict[str, Any]:
    """For the claim's page."""
    rows = open_restrictions(space.claim.pk)
    return {
        "restrictions": banner_of(rows),
        "can_see_record": policies.can_see_restrictions(user, space.claim),
        "can_restrict": policies.can_restrict(user),
    }


def banner_of(rows: list[Restriction]) -> list[dict[str, Any]]:
    """What everybody who opens the claim is told of each that is open."""
    return [
        {
            "row": row,
            "title": title_of(row),
            "waits": _waits(row),
            "is_red": row.kind != RestrictionKind.LEGAL_HOLD,
        }
        for row in rows
    ]


def title_of(row: Restriction) -> str:
    if row.kind == RestrictionKind.LEGAL_HOLD:
        return _("Under legal hold: nothing of this claim is changed or deleted")
    if row.kind == RestrictionKind.HIDDEN:
        return _("The published check is hidden from readers")
    if row.state == states.ORDERED:
        return _("A takedown was ordered; the published check is hidden meanwhile")
    return _("The published check was taken down")


def _waits(row: Restriction) -> str:
    if row.state == states.ORDERED:
        return _("A second moderator or a lead has to confirm it.")
    if row.state == states.LIFTING:
        return _("%(person)s asks for it to be lifted; a second person decides.") % {
            "person": row.lift_asked_by
        }
    return ""
