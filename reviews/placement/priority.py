"""How urgent a claim is: five parts, each from 0 to 1, weighed to 100 points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .facts import ClaimFacts, TopicWords

WORTH, REACH, HARM, FRESH, ASKED = "check_worthiness", "reach", "harm", "freshness", "partners"
PARTS = (WORTH, REACH, HARM, FRESH, ASKED)
RULE, RAISED = "rule", "raised"  # what a rule or an event adds or takes away
HAND = "hand"  # what a person set: makes up for whatever the others come to
LEVELS = {"urgent": 90, "high": 65, "normal": 45, "low": 15}
STEPS = 10  # in which freshness falls, so that a waiting task is weighed anew ten times at most
WIDE = 16  # outlets with which the reach is full


@dataclass(frozen=True, slots=True)
class Part:
    """``value`` is from 0 to 1, ``points`` what it adds."""

    part: str
    value: float
    points: float
    why: str

    def as_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "value": round(self.value, 3),
            "points": round(self.points, 1),
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Priority:
    """``points`` from 0 to 100. ``until`` is when the freshness falls next; none when it is spent."""

    points: int
    parts: tuple[Part, ...]
    until: datetime | None

    def as_json(self) -> list[dict[str, Any]]:
        return [part.as_json() for part in self.parts]


def weigh(
    facts: ClaimFacts,
    topics: Sequence[TopicWords],
    *,
    weights: Mapping[str, float],
    fresh_hours: float,
    now: datetime,
    extra: Sequence[tuple[str, int, str]] = (),
) -> Priority:
    """Weigh a claim. ``weights`` names each of PARTS and need not add up to 100; ``extra`` are further
    points as (part, points, why), but for HAND, whose points are what it comes to in the end."""
    total = sum(weights.values())
    fresh, until = freshness(facts.newest, fresh_hours=fresh_hours, now=now)
    harm = max(topics, key=lambda topic: topic.harm, default=None)
    values = {
        WORTH: (facts.score, _worth(facts)),
        REACH: (reach(len(facts.outlets)), _outlets(len(facts.outlets))),
        HARM: (harm.harm, f"{harm.name}: {harm.harm_label}") if harm else (0.0, "no topic known"),
        FRESH: (fresh, _age(facts.newest)),
        ASKED: (
            asked(len(facts.asked_by | facts.requested_by)),
            _askers(facts.asked_by, facts.requested_by),
        ),
    }
    parts = [
        Part(name, value, 100 * weights[name] / total * value, why) for name, (value, why) in values.items()
    ]
    parts += [Part(name, 1.0, points, why) for name, points, why in extra if points and name != HAND]
    weighed = max(0.0, min(100.0, sum(part.points for part in parts)))
    parts += [Part(HAND, to / 100, to - weighed, why) for name, to, why in extra if name == HAND]
    by_hand = next((to for name, to, _why in extra if name == HAND), None)
    points = round(weighed) if by_hand is None else by_hand
    return Priority(points, tuple(parts), until if weights[FRESH] else None)


def reach(outlets: int) -> float:
    """One outlet is none, each doubling a quarter more, WIDE and more are full."""
    return 0.0 if outlets < 2 else min(1.0, math.log2(outlets) / math.log2(WIDE))


def asked(partners: int) -> float:
    """One partner that sent it, or asked for its check, counts most; three are full."""
    return (0.0, 0.6, 0.8, 1.0)[min(partners, 3)]


def freshness(newest: datetime | None, *, fresh_hours: float, now: datetime) -> tuple[float, datetime | None]:
    """From 1, in STEPS, to 0 after ``fresh_hours`` since it last appeared; and when the next step comes."""
    if newest is None:
        return 0.0, None
    step = timedelta(hours=fresh_hours) / STEPS
    newest = min(newest, now)  # an article dated tomorrow is as new as one of today
    gone = (now - newest) // step
    if gone >= STEPS:
        return 0.0, None
    return 1 - gone / STEPS, newest + step * (gone + 1)


def _worth(facts: ClaimFacts) -> str:
    signs = ", ".join(facts.signs[:2])
    return f"{facts.score:.2f}" + (f": {signs}" if signs else "")


def _outlets(number: int) -> str:
    return "1 outlet" if number == 1 else f"{number} outlets"


def _askers(sent: frozenset[str], requested: frozenset[str]) -> str:
    told = [
        f"{how} by {', '.join(sorted(partners)[:3])}"
        for how, partners in (("sent", sent), ("its check asked for", requested))
        if partners
    ]
    return "; ".join(told) or "no partner sent it"


def _age(newest: datetime | None) -> str:
    if newest is None:
        return "stands in no article"
    return f"last appeared {newest.day} {newest:%B %H:%M} UTC"
