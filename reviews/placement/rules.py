"""Rules in their order: the first whose conditions all hold decides, and says by which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .facts import ClaimFacts, TopicWords
from .words import first_word_in, searchable_name

TRIAGE, RESEARCH = "triage", "research"
ANYONE, LEAD, NAMED = "anyone", "lead", "named"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a rule asks for. What is empty asks for nothing; of several values one has to hold."""

    topics: frozenset[int] = frozenset()
    desks: frozenset[int] = frozenset()
    claimants: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    min_score: float = 0.0
    max_score: float = 1.0
    languages: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as routing reads it. ``rule_id`` is 0 for one that is being written."""

    rule_id: int
    name: str
    conditions: Conditions
    desk: int
    deadline_hours: int
    lift: int = 0
    first_step: str = RESEARCH
    approval: str = ANYONE
    reviewers: tuple[int, ...] = ()
    selection_reason: str = ""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Where claims go that no rule matches: to ``desk``, or without one to the desk of their article."""

    desk: int | None
    deadline_hours: int
    first_step: str = RESEARCH


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The active rules in their order, the topics, and what happens otherwise."""

    rules: tuple[Rule, ...]
    topics: tuple[TopicWords, ...]
    otherwise: Otherwise
    desk_names: Mapping[int, str]
    kind_names: Mapping[str, str]
    revision: int = 0

    def with_rule(self, rule: Rule) -> Rulebook:
        """The same with ``rule`` in the place of its former self; a new one comes last."""
        if any(one.rule_id == rule.rule_id for one in self.rules):
            return replace(self, rules=tuple(rule if r.rule_id == rule.rule_id else r for r in self.rules))
        return replace(self, rules=(*self.rules, rule))

    def with_rule_at(self, rule: Rule, place: int) -> Rulebook:
        """The same with ``rule``, which is not among the active ones, after the first ``place`` of them."""
        return replace(self, rules=(*self.rules[:place], rule, *self.rules[place:]))


@dataclass(frozen=True, slots=True)
class Placed:
    """What the rulebook says of a claim. ``rule`` is None when none matched; ``because`` the conditions that
    held, in words."""

    rule: Rule | None
    desk: int
    deadline_hours: int
    first_step: str
    because: tuple[str, ...] = ()
    topics: tuple[TopicWords, ...] = ()


def place(facts: ClaimFacts, book: Rulebook) -> Placed:
    """The first rule of ``book`` that matches, or what happens otherwise: never nowhere."""
    topics = topics_of(facts, book.topics)
    for rule in book.rules:
        held = reasons(rule.conditions, facts, topics, book)
        if held is not None:
            return Placed(rule, rule.desk, rule.deadline_hours, rule.first_step, tuple(held), topics)
    otherwise = book.otherwise
    desk = facts.home if otherwise.desk is None else otherwise.desk
    return Placed(None, desk, otherwise.deadline_hours, otherwise.first_step, (), topics)


def topics_of(facts: ClaimFacts, topics: Sequence[TopicWords]) -> tuple[TopicWords, ...]:
    """The topics of which a word stands in the claim or in a headline above it."""
    text = f"{facts.words}\n{facts.headlines}"
    return tuple(topic for topic in topics if first_word_in(topic.words, text))


def reasons(
    conditions: Conditions, facts: ClaimFacts, topics: Sequence[TopicWords], book: Rulebook
) -> list[str] | None:
    """The conditions that hold, in words, when all do; otherwise None. A rule without conditions holds with
    an empty list."""
    held: list[str] = []
    if not conditions.min_score <= facts.score <= conditions.max_score:
        return None
    if conditions.kinds and facts.kind not in conditions.kinds:
        return None
    for holds in (_keyword, _topic, _claimant, _origin, _language):
        said = holds(conditions, facts, topics, book)
        if said is None:
            return None
        held += said
    if conditions.kinds:
        held.append(f"kind {book.kind_names.get(facts.kind, facts.kind)}".lower())
    if conditions.min_score > 0:
        held.append(f"score at least {conditions.min_score:.2f}")
    if conditions.max_score < 1:
        held.append(f"score at most {conditions.max_score:.2f}")
    return held


def _keyword(
    conditions: Conditions, facts: ClaimFacts, topics: Sequence[TopicWords], book: Rulebook
) -> list[str] | None:
    if not conditions.keywords:
        return []
    own = first_word_in(conditions.keywords, facts.words)  # people look for it in the claim first
    if own is not None:
        return [f"“{_plain(own)}”"]
    above = first_word_in(conditions.keywords, facts.headlines)
    return None if above is None else [f"“{_plain(above)}” in the headline"]


def _topic(
    conditions: Conditions, facts: ClaimFacts, topics: Sequence[TopicWords], book: Rulebook
) -> list[str] | None:
    if not conditions.topics:
        return []
    hit = next((topic for topic in topics if topic.topic_id in conditions.topics), None)
    return None if hit is None else [f"topic {hit.name}"]


def _claimant(
    conditions: Conditions, facts: ClaimFacts, topics: Sequence[TopicWords], book: Rulebook
) -> list[str] | None:
    if not conditions.claimants:
        return []
    hit = first_word_in(conditions.claimants, searchable_name(facts.claimant))
    return None if hit is None else [f"said by {facts.claimant}"]


def _origin(
    conditions: Conditions, facts: ClaimFacts, topics: Sequence[TopicWords], book: Rulebook
) -> list[str] | None:
    held = []
    if conditions.partners:
        hits = conditions.partners & facts.partners
        if not hits:
            return None
        held.append(f"sent by {min(hits)}")
    if conditions.desks:
        names = sorted(book.desk_names.get(desk, "?") for desk in conditions.desks & facts.desks)
        if not names:
            return None
        held.append(f"came in at {names[0]}")
    return held


def _language(
    conditions: Conditions, facts: ClaimFacts, topics: Sequence[TopicWords], book: Rulebook
) -> list[str] | None:
    if not conditions.languages:
        return []
    hits = {language for language in facts.languages if _is_of(language, conditions.languages)}
    return [f"language {min(hits)}"] if hits else None


def _is_of(language: str, wanted: frozenset[str]) -> bool:
    """ "de-AT" is German too; "de" is not Austrian."""
    return any(language == one or language.startswith(f"{one}-") for one in wanted)


def _plain(word: str) -> str:
    return word.strip("\"“”„'‘’ ") or word
