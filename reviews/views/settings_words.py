"""A change of a setting in a sentence, with what was there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models.claim import ClaimKind
from claimtracker.accounts.models import Role

from ..models.routing import Approval, FirstStep
from ..selectors.settings_trail import Step

SENTENCES = {
    "desk.made": gettext_lazy("made a desk"),
    "desk.renamed": gettext_lazy("renamed a desk"),
    "desk.closed": gettext_lazy("closed a desk"),
    "desk.hours_set": gettext_lazy("set working hours"),
    "desk.day_off_added": gettext_lazy("added a day off"),
    "desk.day_off_removed": gettext_lazy("removed a day off"),
    "desk.sampling_set": gettext_lazy("set what is reviewed blind"),
    "membership.added": gettext_lazy("added somebody to a desk"),
    "membership.role_set": gettext_lazy("changed somebody’s role"),
    "membership.capacity_set": gettext_lazy("set how many tasks somebody has at most"),
    "membership.removed": gettext_lazy("took somebody off a desk"),
    "rating.saved": gettext_lazy("saved a rating"),
    "rating.retired": gettext_lazy("retired a rating"),
    "rating.brought_back": gettext_lazy("offered a rating again"),
    "rating_scale.saved": gettext_lazy("saved a rating scale"),
    "rating_scale.used": gettext_lazy("put a rating scale to use"),
    "reason_template.saved": gettext_lazy("saved a reason"),
    "reason_template.retired": gettext_lazy("retired a reason"),
    "routing_rule.created": gettext_lazy("made a routing rule"),
    "routing_rule.changed": gettext_lazy("changed a routing rule"),
    "routing_rule.moved": gettext_lazy("moved a routing rule"),
    "routing_rule.switched": gettext_lazy("switched a routing rule"),
    "routing_rule.removed": gettext_lazy("removed a routing rule"),
    "rulebook.changed": gettext_lazy("changed where everything else goes"),
    "topic.saved": gettext_lazy("saved a topic"),
    "topic.removed": gettext_lazy("removed a topic"),
}
NAMES = {
    "desk": gettext_lazy("desk"),
    "name": gettext_lazy("name"),
    "role": gettext_lazy("role"),
    "rate": gettext_lazy("share"),
    "topics": gettext_lazy("topics"),
    "capacity": gettext_lazy("at most"),
    "time_zone": gettext_lazy("time zone"),
    "into": gettext_lazy("its work goes to"),
    "label": gettext_lazy("label"),
    "day": gettext_lazy("day"),
    "is_active": gettext_lazy("counts"),
    "from": gettext_lazy("from place"),
    "to": gettext_lazy("to place"),
    "note": gettext_lazy("note"),
    "claimants": gettext_lazy("said by"),
    "kinds": gettext_lazy("kinds"),
    "min_score": gettext_lazy("score from"),
    "max_score": gettext_lazy("score to"),
    "languages": gettext_lazy("languages"),
    "partners": gettext_lazy("sent by"),
    "keywords": gettext_lazy("keywords"),
    "words": gettext_lazy("words"),
    "deadline_hours": gettext_lazy("hours until the deadline"),
    "lift": gettext_lazy("priority"),
    "first_step": gettext_lazy("first step"),
    "approval": gettext_lazy("approved by"),
    "selection_reason": gettext_lazy("why it is selected"),
    "came_in_at": gettext_lazy("came in at"),
    "reviewers": gettext_lazy("approved by the people"),
}
PLACES = {name: place for place, name in enumerate(NAMES)}
# what stands in brackets behind the sentence; the rest of a rule is read on its own page
TOLD = {
    "desk",
    "name",
    "role",
    "rate",
    "topics",
    "capacity",
    "time_zone",
    "into",
    "label",
    "day",
    "is_active",
    "from",
    "to",
}
LABELS: dict[str, dict[str, Any]] = {
    "first_step": dict(FirstStep.choices),
    "approval": dict(Approval.choices),
    "kinds": dict(ClaimKind.choices),
    "role": dict(Role.choices),
}
LONGEST = 120
Known = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Line:
    pk: int
    at: datetime
    who: str
    what: str
    about: str
    changes: list[str]


def line_of(step: Step) -> Line:
    entry, details = step.entry, step.entry.details
    said = SENTENCES.get(entry.verb, entry.verb)
    plain = [
        f"{NAMES[name]}: {_value(name, value, step.known)}"
        for name, value in sorted(details.items(), key=_place)
        if name in TOLD and value not in (None, "", []) and not (name == "name" and step.rule)
    ]
    subject = f"“{step.rule}”" if step.rule else step.whom
    about = ", ".join([subject, *plain] if subject else plain)
    changes = _changes(details, step.known)
    return Line(entry.pk, entry.created_at, step.who or _("erased"), str(said), about, changes)


def _changes(details: dict[str, Any], known: Known) -> list[str]:
    """``before`` and ``after``, as mappings or as single values; or ``changes`` as pairs."""
    pairs: dict[str, Any] = {
        name: pair for name, pair in (details.get("changes") or {}).items() if isinstance(pair, list)
    }
    before, after = details.get("before"), details.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        pairs |= {name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]}
    elif "before" in details and "after" in details:
        pairs[""] = [before, after]
    found = []
    for name, pair in sorted(pairs.items(), key=_place):
        if len(pair) != 2:
            continue
        was, now = (_value(name, value, known) for value in pair)
        label = f"{NAMES.get(name, name)}: " if name else ""
        found.append(f"{label}{was} → {now}")
    return found


def _place(item: tuple[str, Any]) -> int:
    """Where it stands among the others: the database keeps no order."""
    return PLACES.get(item[0], 0)


def _value(name: str, value: Any, known: Known) -> str:
    if value is None:
        return _("as for the whole site") if name in {"rate", "topics"} else _("none")
    if name == "rate":
        return f"{value * 100:.4g}%"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_one(name, one, known) for one in value)[:LONGEST] or _("none")
    return _one(name, value, known)[:LONGEST] or _("none")


def _one(name: str, value: Any, known: Known) -> str:
    """A value as people call it: a topic, desk or person by name, a choice by its label."""
    labels = LABELS.get(name or "role", {})  # what is recorded as single values has no name
    found = known.get((name, value)) if isinstance(value, int) else labels.get(value)
    return str(found or value)
