"""How rules, topics and priorities are said on the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.models.claim import ClaimKind

from ..models import RoutingRule
from ..models.routing import Approval, FirstStep
from ..placement import priority


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a priority as it is shown."""

    name: str
    points: str
    value: float
    why: str


def conditions_in_words(rule: RoutingRule) -> list[tuple[str, str]]:
    """What the rule asks for, as (what, which); ask for its topics and came_in_at with it."""
    kinds = dict(ClaimKind.choices)
    said = [
        (_("Keywords"), ", ".join(rule.keywords)),
        (_("Topics"), ", ".join(topic.name for topic in rule.topics.all())),
        (_("Said by"), ", ".join(rule.claimants)),
        (_("Kinds"), ", ".join(str(kinds.get(kind, kind)) for kind in rule.kinds)),
        (_("Score"), _score(rule)),
        (_("Came in at"), ", ".join(desk.name for desk in rule.came_in_at.all())),
        (_("Sent by"), ", ".join(rule.partners)),
        (_("Language"), ", ".join(rule.languages)),
    ]
    return [(what, which) for what, which in said if which]


def effects_in_words(rule: RoutingRule) -> list[str]:
    """What follows besides the desk; ask for its reviewers with it."""
    said = [_("%(n)d hours") % {"n": rule.deadline_hours}]
    if rule.first_step == FirstStep.TRIAGE:
        said.append(_("triage first"))
    if rule.lift:
        said.append(_("priority %(points)+d") % {"points": rule.lift})
    if rule.approval == Approval.LEAD:
        said.append(_("a lead approves"))
    if rule.approval == Approval.NAMED:
        names = ", ".join(str(person) for person in rule.reviewers.all())
        said.append(_("approved by %(names)s, or a lead") % {"names": names or "?"})
    return said


def _score(rule: RoutingRule) -> str:
    if rule.min_score <= 0 and rule.max_score >= 1:
        return ""
    if rule.max_score >= 1:
        return _("from %(low).2f") % {"low": rule.min_score}
    if rule.min_score <= 0:
        return _("to %(high).2f") % {"high": rule.max_score}
    return _("%(low).2f to %(high).2f") % {"low": rule.min_score, "high": rule.max_score}


def part_lines(parts: Iterable[Mapping[str, Any]]) -> list[PartLine]:
    """What a priority is made of, for a table."""
    names = {
        priority.WORTH: _("Check-worthiness"),
        priority.REACH: _("Reach"),
        priority.HARM: _("Harm"),
        priority.FRESH: _("Freshness"),
        priority.ASKED: _("Partners"),
        priority.RULE: _("Rule"),
        priority.RAISED: _("Raised"),
        priority.HAND: _("By hand"),
    }
    return [
        PartLine(
            names.get(part["part"], part["part"]), _points(part["points"]), part["value"], str(part["why"])
        )
        for part in parts
    ]


def parts_in_a_line(points: int, parts: Iterable[Mapping[str, Any]]) -> str:
    """The same for a row: what adds nothing is left out."""
    names = {
        priority.WORTH: _("worth"),
        priority.REACH: _("reach"),
        priority.HARM: _("harm"),
        priority.FRESH: _("fresh"),
        priority.ASKED: _("partners"),
        priority.RULE: _("rule"),
        priority.RAISED: _("raised"),
        priority.HAND: _("by hand"),
    }
    counted = [(part["part"], _points(part["points"])) for part in parts]
    said = ", ".join(f"{names.get(name, name)} {given}" for name, given in counted if given != "0")
    return f"{points}: {said}" if said else str(points)


def _points(points: float) -> str:
    rounded = round(points)
    return f"{rounded}" if rounded >= 0 else f"−{-rounded}"
