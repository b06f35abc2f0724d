"""The rules and topics as routing reads them, and what it knows of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from claims import states as claim_states
from claims.models import Appearance, Claim, RequestVote
from claims.models.claim import ClaimKind
from claimtracker.accounts.models import Desk

from ..models import RoutingRule, Rulebook, Topic
from ..models.routing import Harm
from ..placement import rules
from ..placement.facts import ClaimFacts, TopicWords
from ..placement.words import searchable
from .places import outlet_of

PARTNER = "partner:"
HEEDED = (claim_states.ACCEPTED_REQUEST, claim_states.ANSWERED_REQUEST)


def rulebook() -> rules.Rulebook:
    """The active rules in order, with topics and the rest. Seven queries, however many rules there are."""
    kept = Rulebook.objects.filter(pk=Rulebook.ONLY).first() or Rulebook(pk=Rulebook.ONLY)
    active = RoutingRule.objects.filter(is_active=True).order_by("position", "id")
    return rules.Rulebook(
        rules=tuple(as_rule(rule) for rule in active.prefetch_related("topics", "came_in_at", "reviewers")),
        topics=topic_words(),
        otherwise=rules.Otherwise(
            kept.desk_id, kept.deadline_hours or settings.REVIEW_DEADLINE_HOURS, kept.first_step
        ),
        desk_names=dict(Desk.objects.values_list("pk", "name")),
        kind_names={str(value): str(label) for value, label in ClaimKind.choices},
        revision=kept.revision,
    )


def topic_words() -> tuple[TopicWords, ...]:
    return tuple(
        TopicWords(
            topic.pk, topic.name, tuple(topic.words), Harm(topic.harm).share, str(Harm(topic.harm).label)
        )
        for topic in Topic.objects.all()
    )


def as_rule(rule: RoutingRule) -> rules.Rule:
    """A stored rule as a plain one; ask for topics, came_in_at and reviewers with it."""
    conditions = rules.Conditions(
        topics=frozenset(topic.pk for topic in rule.topics.all()),
        desks=frozenset(desk.pk for desk in rule.came_in_at.all()),
        claimants=tuple(rule.claimants),
        kinds=frozenset(rule.kinds),
        min_score=rule.min_score,
        max_score=rule.max_score,
        languages=frozenset(rule.languages),
        partners=frozenset(rule.partners),
        keywords=tuple(rule.keywords),
    )
    return rules.Rule(
        rule_id=rule.pk,
        name=rule.name,
        conditions=conditions,
        desk=rule.desk_id,
        deadline_hours=rule.deadline_hours,
        lift=rule.lift,
        first_step=rule.first_step,
        approval=rule.approval,
        reviewers=tuple(sorted(person.pk for person in rule.reviewers.all())),
        selection_reason=rule.selection_reason,
    )


@dataclass(slots=True)
class _Gathered:
    """What the appearances of one claim, or of one family, bring together."""

    words: list[str] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    signs: tuple[float, tuple[str, ...]] = (-1.0, ())
    home: int | None = None
    languages: set[str] = field(default_factory=set)
    partners: set[str] = field(default_factory=set)
    desks: set[int] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)
    requested_by: set[str] = field(default_factory=set)
    newest: datetime | None = None

    def add_own(self, row: dict[str, Any]) -> None:
        self.words.append(row["quote"])
        self.headlines.append(row["version__title"])
        if row["score"] > self.signs[0]:
            self.signs = (row["score"], tuple(row["reasons"]))
        self.home = self.home or row["version__article__desk_id"]
        self.desks.add(row["version__article__desk_id"])
        if language := row["version__article__language"]:
            self.languages.add(language.casefold())

    def add(self, row: dict[str, Any]) -> None:
        origin = row["version__article__origin"]
        if origin.startswith(PARTNER):
            self.partners.add(origin.removeprefix(PARTNER))
        self.outlets.add(outlet_of(row["version__article__site_name"], row["version__article__url"], origin))
        at = row["version__article__published_at"] or row["version__article__created_at"]
        self.newest = at if self.newest is None else max(self.newest, at)


_PLACE = (
    "claim_id",
    "quote",
    "score",
    "reasons",
    "version__title",
    "version__article__desk_id",
    "version__article__language",
    "version__article__origin",
    "version__article__site_name",
    "version__article__url",
    "version__article__published_at",
    "version__article__created_at",
)


def facts_of(claims: Iterable[Claim]) -> dict[int, ClaimFacts]:
    """Claim id → what routing knows of it, in the order given. Three queries for any number, none of the
    articles' texts; ask for ``claimant`` with the claims."""
    claims = list(claims)
    root_of = {claim.pk: claim.canonical_id or claim.pk for claim in claims}
    root_of |= dict(
        Claim.objects.filter(canonical__in=set(root_of.values())).values_list("pk", "canonical_id")
    )
    root_of |= {root: root for root in set(root_of.values())}
    own: dict[int, _Gathered] = defaultdict(_Gathered)
    family: dict[int, _Gathered] = defaultdict(_Gathered)
    for row in _places(root_of.keys()):
        own[row["claim_id"]].add_own(row)
        own[row["claim_id"]].add(row)
        family[root_of[row["claim_id"]]].add(row)
    for claim_id, origin in _requests(root_of.keys()):
        family[root_of[claim_id]].requested_by.add(origin.removeprefix(PARTNER))
    return {claim.pk: _facts(claim, own[claim.pk], family[root_of[claim.pk]]) for claim in claims}


def _places(claim_ids: Collection[int]) -> Iterable[dict[str, Any]]:
    return Appearance.objects.filter(claim__in=claim_ids).order_by("id").values(*_PLACE)


def _requests(claim_ids: Collection[int]) -> Iterable[tuple[int, str]]:
    """(claim, origin) of the partners that asked for a check of it."""
    asked = RequestVote.objects.filter(request__claim__in=claim_ids, request__state__in=HEEDED)
    return asked.order_by("id").values_list("request__claim", "origin")


def _facts(claim: Claim, own: _Gathered, family: _Gathered) -> ClaimFacts:
    return ClaimFacts(
        claim_id=claim.pk,
        home=own.home or claim.desk_id,
        words=searchable("\n".join([claim.text, *own.words])),
        headlines=searchable("\n".join(own.headlines)),
        claimant=claim.claimant.name if claim.claimant else "",
        kind=claim.kind,
        score=claim.score,
        signs=own.signs[1],
        languages=frozenset(own.languages),
        partners=frozenset(own.partners),
        desks=frozenset(own.desks),
        outlets=frozenset(family.outlets),
        asked_by=frozenset(family.partners),
        requested_by=frozenset(family.requested_by),
        newest=family.newest,
    )
