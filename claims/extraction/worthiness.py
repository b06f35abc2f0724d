"""How much a fact is worth checking, from 0 to 1, and why, in words for people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.extraction import lexicon as lex
from claims.extraction.features import accuses, actors_in, happened, is_actor, number_in, under_way
from claims.extraction.fragments import is_bare_time_clause, is_fragment, points_elsewhere
from claims.extraction.parsing import lemma_of
from claims.extraction.splitting import Piece

if TYPE_CHECKING:
    from spacy.tokens import Token

OFFER_FROM = 0.40  # claims that score less are not offered
_BASE = 0.30
_STANCE_VERBS = frozenset(
    (
        *("defend", "praise", "criticise", "criticize", "condemn", "reject", "dismiss", "welcome", "echo"),
        *("applaud", "laud", "slam", "blast", "call", "describe", "respond", "reply", "react", "mock"),
        *("apologise", "apologize", "disagree", "agree", "point"),
    )
)
_PURPOSE_NOUNS = frozenset(
    ("object", "aim", "goal", "purpose", "objective", "priority", "plan", "hope", "idea", "task", "challenge")
)
_ANSWERS = frozenset(("comment", "answer", "discuss", "respond", "say"))
_WRITERS = frozenset(("columnist", "reporter", "correspondent", "contributor"))


@dataclass(frozen=True, slots=True)
class Worth:
    """A score and its reasons, strongest first. `excluded` names why it is no claim at all, or is empty."""

    score: float
    reasons: tuple[str, ...]
    excluded: str = ""


def judge(piece: Piece, *, quoted: bool, claimant: str | None, question: bool) -> Worth:
    """The worth of one piece of a sentence. Deterministic; reads nothing but its arguments."""
    aside = _other_facts(piece)
    words = piece.head.doc[piece.first.i : piece.last.i + 1]
    tokens = [t for t in words if not t.is_punct and t.i not in aside]
    excluded = _exclusion(piece, tokens, question)
    if excluded:
        return Worth(0.0, (), excluded)
    found = [*_strengths(piece, tokens), *_weaknesses(piece, tokens, quoted, claimant)]
    score = _BASE + sum(weight for weight, _ in found)
    if _not_yet(piece, tokens):
        score = min(score, OFFER_FROM - 0.05)
    ranked = sorted((row for row in found if row[0] > 0 and row[1]), key=lambda row: -row[0])
    reasons = tuple(dict.fromkeys(reason for _, reason in ranked))[:5]
    return Worth(_squeezed(score), reasons or ("a statement about something that happened",))


def _other_facts(piece: Piece) -> set[int]:
    """Tokens of relative clauses between commas inside the piece: facts that are judged by themselves."""
    doc = piece.head.doc
    if piece.role == "relative":
        return set()
    inside = doc[piece.first.i : piece.last.i + 1]
    roots = [t for t in inside if t.dep_ == "relcl" and t.left_edge.i > piece.first.i]
    roots = [
        t for t in roots if doc[t.left_edge.i - 1].text in (",", "–", "—") and t.right_edge.i < piece.last.i
    ]
    return {t.i for root in roots for t in root.subtree}


def _squeezed(raw: float) -> float:
    """Between 0 and 1; high sums are pressed together below 1 so that they keep their order."""
    if raw > 0.7:
        raw = 0.7 + 0.3 * (1 - math.exp(-(raw - 0.7) / 0.3))
    return round(max(0.0, raw), 3)


def _strengths(piece: Piece, tokens: list[Token]) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    if piece.role in ("relative", "presupposed"):
        # what the described thing is called counts as an actor, but its figures are not this clause's
        number = number_in([t for t in tokens if t.i >= piece.head.left_edge.i], piece.head)
    else:
        number = number_in(tokens, piece.head)
    lemmas = {lemma_of(t) for t in tokens}
    words = {t.lower_ for t in tokens}
    if number:
        found.append((0.24, f"a number: {number}"))
    actors = actors_in(tokens)
    if actors:
        found.append((0.13 if len(actors) == 1 else 0.18, f"names an actor: {actors[0]}"))
    acting = piece.subject is not None and any(map(is_actor, (piece.subject, *piece.subject.lefts)))
    if acting:
        found.append((0.05, ""))
    if lemmas & lex.HARM_WORDS:
        found.append((0.14, "harm to people or things"))
    accusing = piece.frame is not None and piece.frame.stance in ("accusation", "concern")
    if accusing or any(map(accuses, tokens)):
        found.append((0.14, "an accusation"))
    if words & lex.DIRECT_CAUSE or lemmas & lex.DIRECT_CAUSE:
        found.append((0.06, "a cause and its effect"))
    if words & lex.COMPARISON_WORDS:
        found.append((0.08, "a comparison"))
    if number and lemmas & lex.STATISTIC_WORDS:
        found.append((0.08, "a statistic"))
    if lemmas & lex.LEGAL_WORDS:
        found.append((0.06, "law, courts or votes"))
    if lemmas & lex.CONSEQUENCE_WORDS:
        found.append((0.07, "a matter of public consequence"))
    if any(t.ent_type_ in ("DATE", "TIME") for t in tokens):
        found.append((0.05, "a date that can be checked"))
    if happened(piece.head):
        found.append((0.08, "says that something happened"))
    elif under_way(piece.head):
        found.append((0.06, "says that something is happening"))
    if lemmas & lex.TAKING_PART and (acting or lemmas & (lex.SCHEDULE_NOUNS | {"talk"})):
        found.append((0.07, "who took part"))
    if lemmas & lex.EVENT_VERBS:
        found.append((0.03, "an event"))
    if piece.frame is not None and piece.frame.stance == "denial":
        found.append((0.08, "somebody denies it"))
    return found


def _weaknesses(
    piece: Piece, tokens: list[Token], quoted: bool, claimant: str | None
) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    lemmas = {lemma_of(t) for t in tokens}
    words = {t.lower_ for t in tokens}
    hard = bool(number_in(tokens))
    actors = bool(actors_in(tokens))
    if claimant:
        found.append((0.06, f"said by {claimant}" if quoted else f"comes from {claimant}"))
    opinion = [t for t in tokens if t.lower_ in lex.OPINION_WORDS]
    if any(_judges(t, piece.head) for t in opinion):
        found.append((-0.10 if hard else -0.24, ""))
    elif opinion:
        found.append((-0.04, ""))
    if words & lex.HEDGES:
        found.append((-0.10, ""))
    whole = piece.role != "phrase"  # an accusation names its target outside the span
    if whole and not hard and not actors and not any(t.ent_type_ in ("DATE", "TIME") for t in tokens):
        named_by_pronoun = claimant is not None and piece.subject is not None and piece.subject.pos_ == "PRON"
        found.append((-0.05 if named_by_pronoun else -0.10, ""))
    if whole and len(tokens) < 5 and not hard:
        found.append((-0.10, ""))
    if whole and len(tokens) < 4:
        found.append((-0.06, ""))
    if piece.frame is not None and piece.frame.stance == "belief":
        found.append((-0.12, ""))
    if (
        piece.role == "relative"
        and piece.subject is not None
        and piece.subject.ent_type_ == "PERSON"
        and not hard
    ):
        found.append((-0.18, ""))
    if piece.role == "participle" and not hard:
        found.append((-0.12, ""))
    found.extend(_timeless(piece, hard, quoted))
    if piece.role == "relative":
        found.append((-0.20 if lemma_of(piece.head) == "be" else -0.08, ""))
    if piece.role == "presupposed":
        found.append((-0.04, ""))
    found.extend(_unsettled(piece, tokens, lemmas, hard, actors))
    return found


def _timeless(piece: Piece, hard: bool, quoted: bool) -> list[tuple[float, str]]:
    """ "X is Y" without a figure is mostly somebody's view of X, the more so in their own words."""
    head = piece.head
    if hard or head.tag_ not in ("VBZ", "VBP") or any(c.dep_ == "auxpass" for c in head.children):
        return []
    if lemma_of(head) == "be":
        return [(-0.18 if quoted else -0.08, "")]
    return [(-0.10, "")] if quoted else []


def _unsettled(
    piece: Piece, tokens: list[Token], lemmas: set[str], hard: bool, actors: bool
) -> list[tuple[float, str]]:
    """Marks of what has not happened: plans, hopes, duties, chances, news that there is no news."""
    head = piece.head
    auxiliaries = {c.lower_ for c in head.children if c.dep_ in ("aux", "auxpass")}
    negated = any(c.dep_ == "neg" for c in head.children)
    found: list[tuple[float, str]] = []
    if auxiliaries & lex.FUTURE_VERBS:
        # "would meet" in reported speech may still be a fixed event with figures in it
        backshifted = "would" in auxiliaries and piece.frame is not None
        found.append((-0.10 if backshifted and hard else -0.34, ""))
    if auxiliaries & lex.POSSIBILITY:
        found.append((-0.14 if hard else -0.28, ""))
    if auxiliaries & lex.DUTY or lemma_of(head) in lex.DUTY:
        found.append((-0.34, ""))
    if lemma_of(head) in _STANCE_VERBS and not hard:
        # "defended the project": speech without its content, the more so where it names nobody
        found.append((-0.14 if _names_other(piece, tokens) else -0.30, ""))
    if points_elsewhere(piece, tokens):
        found.append((-0.12, ""))
    if any(c.dep_ in ("xcomp", "ccomp") for c in head.children) and lemma_of(head) in lex.INTENT_VERBS:
        found.append((-0.30, ""))
    if lemma_of(head) == "mean":
        found.append((-0.25, ""))
    if lemma_of(head) == "go" and any(c.dep_ == "xcomp" for c in head.children):
        found.append((-0.28, ""))
    if negated and lemma_of(head) in lex.NON_NEWS:
        found.append((-0.30, ""))
    if lemma_of(head) in ("decline", "refuse") and lemmas & {
        "comment",
        "answer",
        "discuss",
        "respond",
        "say",
    }:
        found.append((-0.40, ""))
    conditions = [t for t in tokens for c in t.children if c.dep_ == "mark" and c.lower_ in ("if", "unless")]
    if conditions:
        found.append((-0.30 if any(t.head.i == head.i for t in conditions) else -0.12, ""))
    if piece.frame is not None and any(c.dep_ == "neg" for c in piece.frame.verb.children):
        found.append((-0.30, ""))  # "I do not think that …" states nothing
    if _scheduling(piece, lemmas):
        found.append((-0.30, ""))
    return found


def _names_other(piece: Piece, tokens: list[Token]) -> bool:
    """Whether the clause names somebody besides its subject."""
    subject = {t.i for c in piece.head.children if c.dep_ in ("nsubj", "nsubjpass") for t in c.subtree}
    return bool(actors_in([t for t in tokens if t.i not in subject]))


def _judges(word: Token, head: Token) -> bool:
    """Whether the opinion word carries the statement, rather than describing something on its margin."""
    if word.i == head.i or word.head.i == head.i:
        return (
            word.dep_ in ("acomp", "attr", "oprd", "ROOT", "ccomp", "dobj", "advcl", "conj")
            or word.i == head.i
        )
    return word.head.head.i == head.i and word.head.dep_ in ("attr", "acomp", "dobj", "oprd")


def _not_yet(piece: Piece, tokens: list[Token]) -> bool:
    """What we can, shall or should do: never offered, unless it holds figures."""
    auxiliaries = {c.lower_ for c in piece.head.children if c.dep_ == "aux"}
    first_person = any(c.dep_ == "nsubj" and c.lower_ in ("i", "we") for c in piece.head.children)
    unsettled = lex.FUTURE_VERBS | lex.DUTY | ({"can", "could", "may", "might"} if first_person else set())
    return bool(auxiliaries & unsettled) and (first_person or not number_in(tokens))


def _scheduling(piece: Piece, lemmas: set[str]) -> bool:
    """ "The next meeting is on 12 December": a diary entry."""
    subject = next((c for c in piece.head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None or lemma_of(subject) not in lex.SCHEDULE_NOUNS:
        return False
    return lemma_of(piece.head) == "be" or lemma_of(piece.head) in (
        "schedule",
        "begin",
        "start",
        "resume",
        "expect",
    )


def _exclusion(piece: Piece, tokens: list[Token], question: bool) -> str:
    head = piece.head
    if question:
        return "a question"
    words = {t.lower_ for t in tokens}
    if "anonymity" in words or ("not" in words and words & {"named", "identified"}):
        return "a note on a source"
    verbs = [t for t in tokens if t.pos_ in ("VERB", "AUX")]
    if not verbs and piece.role not in ("phrase",):
        return "not a statement"
    if is_fragment(piece, tokens):
        return "a fragment"
    if is_bare_time_clause(piece, tokens):
        return "only says when"
    if (
        head.tag_ == "VB"
        and piece.role in ("main", "conj")
        and not any(c.dep_ in ("nsubj", "nsubjpass", "aux", "expl") for c in head.children)
    ):
        return "a call to action"
    subject = next((c for c in head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    first_person = subject is not None and subject.lower_ in ("i", "we")
    feeling = {c.lower_ for c in head.children if c.dep_ in ("acomp", "attr", "oprd")} | {head.lower_}
    if first_person and (
        lemma_of(head) in lex.FEELING_VERBS | lex.OPINION_VERBS or feeling & lex.FEELING_STATES
    ):
        return "a personal feeling or opinion"
    if subject is not None and subject.lower_ == "you" and lemma_of(head) != "pay":
        return "advice"
    objects = {lemma_of(c) for t in tokens if t.head.i == head.i for c in (t, *t.children)}
    if objects & lex.IDIOM_HEADS.get(lemma_of(head), frozenset()):
        return "a figure of speech"
    if lemma_of(head) == "be" and subject is not None and subject.lower_ in ("it", "this", "that"):
        described = {c.lower_ for c in head.children if c.dep_ in ("acomp", "attr")}
        if described & lex.OPINION_WORDS or (described and not number_in(tokens) and not actors_in(tokens)):
            return "an opinion"
    if lemma_of(head) == "be" and any(c.dep_ == "attr" and lemma_of(c) in _WRITERS for c in head.children):
        return "a note about an author"
    if lemma_of(head) == "be" and _purpose_subject(subject):
        return "a purpose"
    if any(c.lower_ in ("whether", "how", "why", "what") and c.i < head.i for c in head.children):
        return "an indirect question"
    if len(tokens) < 3:
        return "too short"
    return ""


def _purpose_subject(subject: Token | None) -> bool:
    return subject is not None and lemma_of(subject) in _PURPOSE_NOUNS
