"""Why a claim is where it is and how urgent, and its triage, for the claim's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim, ClaimMatch
from claimtracker.accounts.models import User

from .. import states
from ..forms import MergeForm, ReasonForm, RefusableForm
from ..forms.routing import TriageForm
from ..models import ClaimRoute, ReviewTask
from ..models.review_task import TaskKind
from ..models.routing import Approval
from ..policies.triage import can_explain_selection, can_triage
from ..selectors.workspace import Workspace
from .rule_words import part_lines

SUGGESTIONS = 8


@dataclass(slots=True)
class RoutingForms:
    """Those that were sent and refused, shown again as they are."""

    check: TriageForm | None = None
    dismissal: ReasonForm | None = None
    merge: MergeForm | None = None
    selection: TriageForm | None = None


def routing_context(user: User, space: Workspace, forms: RoutingForms | None = None) -> dict[str, Any]:
    forms = forms or RoutingForms()
    claim = space.claim
    route: ClaimRoute | None = getattr(claim, "route", None)
    weighed = next((task for task in space.tasks if task.state in states.OPEN), None)
    return {
        "route": route,
        "route_topics": list(route.topics.all()) if route else [],
        "approval_said": _approval(route),
        "weighed": weighed,
        "priority_parts": part_lines(_parts_of(weighed, space.tasks)) if weighed else [],
        "can_explain": can_explain_selection(user, claim),
        "selection_form": forms.selection or _selection_form(route),
        **_triage(user, space, forms),
    }


def _parts_of(task: ReviewTask, others: list[ReviewTask]) -> list[dict[str, Any]]:
    """The parts of its priority; a task that followed another has the same points of the same parts."""
    found = [one for one in [task, *others] if one.priority == task.priority and one.priority_parts]
    return found[0].priority_parts if found else []


def _triage(user: User, space: Workspace, forms: RoutingForms) -> dict[str, Any]:
    task = next(
        (task for task in space.tasks if task.kind == TaskKind.TRIAGE and task.state in states.OPEN), None
    )
    if task is None:
        return {"triage": None}
    task.claim = space.claim  # with what was asked of it already
    return {
        "triage": task,
        "can_triage": can_triage(user, task),
        "check_form": forms.check or TriageForm(prefix="check"),
        "triage_dismissal": forms.dismissal or ReasonForm(prefix="triage-dismissal"),
        "triage_merge": forms.merge or MergeForm(prefix="triage-merge"),
        "merge_suggestions": _suggestions(user, space.claim),
    }


def _suggestions(user: User, claim: Claim) -> list[Claim]:
    """Claims of ours that this one may be the same as, the most likely first."""
    matches = ClaimMatch.objects.visible_to(user).filter(claim=claim, state="proposed")
    found = matches.select_related("other_claim", "known_claim__claim").order_by("-score", "id")
    return [match.ours for match in found[:SUGGESTIONS] if match.ours is not None]


def _selection_form(route: ClaimRoute | None) -> RefusableForm:
    return TriageForm(prefix="selection", initial={"reason": route.selection_reason if route else ""})


def _approval(route: ClaimRoute | None) -> str:
    if route is None or route.approval == Approval.ANYONE:
        return ""
    if route.approval == Approval.LEAD:
        return _("A lead of the desk has to approve.")
    people = User.objects.filter(pk__in=route.reviewer_ids).order_by("name")
    names = ", ".join(str(one) for one in people)
    return _("%(names)s or a lead of the desk has to approve.") % {"names": names or "?"}
