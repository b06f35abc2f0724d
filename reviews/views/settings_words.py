"""A change of a setting in a sentence, with what was there before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimtracker.accounts.models import Role

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
}
PASSED_OVER = {"of", "week", "before", "after", "changes"}
LONGEST = 120


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
        f"{NAMES.get(name, name)}: {_value(name, value)}"
        for name, value in details.items()
        if name not in PASSED_OVER and name in NAMES and value not in (None, "", [])
    ]
    about = ", ".join([*([step.whom] if step.whom else []), *plain])
    return Line(entry.pk, entry.created_at, step.who or _("erased"), str(said), about, _changes(details))


def _changes(details: dict[str, Any]) -> list[str]:
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
    for name, pair in pairs.items():
        if len(pair) != 2:
            continue
        was, now = (_value(name, value) for value in pair)
        label = f"{NAMES.get(name, name)}: " if name else ""
        found.append(f"{label}{was} → {now}")
    return found


def _value(name: str, value: Any) -> str:
    if value is None:
        return _("as for the whole site") if name in {"rate", "topics"} else _("none")
    if name == "rate":
        return f"{value * 100:.4g}%"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))[:LONGEST] or _("none")
    if value in Role.values:
        return str(Role(value).label)
    return str(value)[:LONGEST]
