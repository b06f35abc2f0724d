"""How much a fact is worth checking, from 0 to 1, and why, in words for people."""

from __future__ import annotations

import math
from dataclasses import dataclass

from spacy.tokens import Token

from claims.extraction import lexicon as lex
from claims.extraction.splitting import Piece

OFFER_FROM = 0.40  # claims that score less are not offered
_NUMBER_LABELS = ("CARDINAL", "PERCENT", "MONEY", "QUANTITY")
_ACTOR_LABELS = ("PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "LAW", "EVENT")
_BASE = 0.30


@dataclass(frozen=True, slots=True)
class Worth:
    """A score and its reasons, strongest first. `excluded` names why it is no claim at all, or is empty."""

    score: float
    reasons: tuple[str, ...]
    excluded: str = ""


def judge(piece: Piece, *, quoted: bool, claimant: str | None, question: bool) -> Worth:
    """The worth of one piece of a sentence. Deterministic; reads nothing but its arguments."""
    tokens = [t for t in piece.head.doc[piece.first.i : piece.last.i + 1] if not t.is_punct]
    excluded = _exclusion(piece, tokens, question)
    if excluded:
        return Worth(0.0, (), excluded)
    found = [*_strengths(piece, tokens), *_weaknesses(piece, tokens, quoted, claimant)]
    score = _BASE + sum(weight for weight, _ in found)
    if _not_yet(piece, tokens):
        score = min(score, OFFER_FROM - 0.05)
    ranked = sorted((row for row in found if row[0] > 0 and row[1]), key=lambda row: -row[0])
    reasons = tuple(dict.fromkeys(reason for _, reason in ranked))[:5]
    return Worth(
        round(min(1.0, max(0.0, score)), 3), reasons or ("a statement about something that happened",)
    )


def _squeezed(raw: float) -> float:
    """Between 0 and 1; high sums are pressed together below 1 so that they keep their order."""
    if raw > 0.7:
        raw = 0.7 + 0.3 * (1 - math.exp(-(raw - 0.7) / 0.3))
    return round(max(0.0, raw), 3)


def _strengths(piece: Piece, tokens: list[Token]) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    if piece.role in ("relative", "presupposed"):
        # what the described thing is called counts as an actor, but its figures are not this clause's
        number = _number_in([t for t in tokens if t.i >= piece.head.left_edge.i])
    else:
        number = _number_in(tokens)
    lemmas = {t.lemma_.lower() for t in tokens}
    words = {t.lower_ for t in tokens}
    if number:
        found.append((0.24, f"a number: {number}"))
    actors = _actors_in(tokens)
    if actors:
        found.append((0.13 if len(actors) == 1 else 0.18, f"names an actor: {actors[0]}"))
    if lemmas & lex.HARM_WORDS:
        found.append((0.14, "harm to people or things"))
    accusing = piece.frame is not None and piece.frame.stance in ("accusation", "concern")
    if accusing or words & lex.ACCUSATION_WORDS or lemmas & lex.ACCUSATION_WORDS:
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
    if _happened(piece.head):
        found.append((0.08, "says that something happened"))
    elif _under_way(piece.head):
        found.append((0.06, "says that something is happening"))
    if lemmas & lex.EVENT_VERBS:
        found.append((0.03, "an event"))
    if piece.frame is not None and piece.frame.stance == "denial":
        found.append((0.08, "somebody denies it"))
    return found


def _weaknesses(
    piece: Piece, tokens: list[Token], quoted: bool, claimant: str | None
) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    lemmas = {t.lemma_.lower() for t in tokens}
    words = {t.lower_ for t in tokens}
    hard = bool(_number_in(tokens))
    actors = bool(_actors_in(tokens))
    if claimant:
        found.append((0.06, f"said by {claimant}" if quoted else f"comes from {claimant}"))
    opinion = [t for t in tokens if t.lower_ in lex.OPINION_WORDS]
    if any(_judges(t, piece.head) for t in opinion):
        found.append((-0.10 if hard else -0.24, ""))
    elif opinion:
        found.append((-0.04, ""))
    if words & lex.HEDGES:
        found.append((-0.10, ""))
    if not hard and not actors and not any(t.ent_type_ in ("DATE", "TIME") for t in tokens):
        named_by_pronoun = claimant is not None and piece.subject is not None and piece.subject.pos_ == "PRON"
        found.append((-0.05 if named_by_pronoun else -0.10, ""))
    if len(tokens) < 5 and not hard:
        found.append((-0.10, ""))
    if len(tokens) < 4:
        found.append((-0.06, ""))
    if piece.frame is not None and piece.frame.stance == "belief":
        found.append((-0.12, ""))
    if (
        piece.role == "relative"
        and piece.subject is not None
        and piece.subject.ent_type_ == "PERSON"
        and not hard
    ):
        found.append((-0.12, ""))
    if piece.role == "relative":
        found.append((-0.20 if piece.head.lemma_ == "be" else -0.08, ""))
    if piece.role == "presupposed":
        found.append((-0.04, ""))
    found.extend(_unsettled(piece, tokens, lemmas, hard, actors))
    return found


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
    if auxiliaries & lex.DUTY or head.lemma_.lower() in lex.DUTY:
        found.append((-0.34, ""))
    if any(c.dep_ in ("xcomp", "ccomp") for c in head.children) and head.lemma_.lower() in lex.INTENT_VERBS:
        found.append((-0.30, ""))
    if head.lemma_.lower() == "go" and any(c.dep_ == "xcomp" for c in head.children):
        found.append((-0.28, ""))
    if negated and head.lemma_.lower() in lex.NON_NEWS:
        found.append((-0.30, ""))
    if head.lemma_.lower() in ("decline", "refuse") and lemmas & {"comment", "answer", "discuss", "respond"}:
        found.append((-0.40, ""))
    if any(c.dep_ == "mark" and c.lower_ in ("if", "unless") for t in tokens for c in t.children):
        found.append((-0.15, ""))
    if _scheduling(piece, lemmas):
        found.append((-0.30, ""))
    return found


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
    return bool(auxiliaries & unsettled) and (first_person or not _number_in(tokens))


def _scheduling(piece: Piece, lemmas: set[str]) -> bool:
    """ "The next meeting is on 12 December": a diary entry."""
    subject = next((c for c in piece.head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None or subject.lemma_.lower() not in lex.SCHEDULE_NOUNS:
        return False
    return piece.head.lemma_ == "be" or piece.head.lemma_.lower() in (
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
    verbs = [t for t in tokens if t.pos_ in ("VERB", "AUX")]
    if not verbs and piece.role not in ("phrase",):
        return "not a statement"
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
        head.lemma_.lower() in lex.FEELING_VERBS | lex.OPINION_VERBS or feeling & lex.FEELING_STATES
    ):
        return "a personal feeling or opinion"
    if subject is not None and subject.lower_ == "you" and head.lemma_ != "pay":
        return "advice"
    objects = {c.lemma_.lower() for t in tokens if t.head.i == head.i for c in (t, *t.children)}
    if objects & lex.IDIOM_HEADS.get(head.lemma_.lower(), frozenset()):
        return "a figure of speech"
    if head.lemma_ == "be" and subject is not None and subject.lower_ in ("it", "this", "that"):
        described = {c.lower_ for c in head.children if c.dep_ in ("acomp", "attr")}
        if described & lex.OPINION_WORDS or (described and not _number_in(tokens) and not _actors_in(tokens)):
            return "an opinion"
    if head.lemma_ == "be" and _purpose_subject(subject):
        return "a purpose"
    if len(tokens) < 3:
        return "too short"
    return ""


def _purpose_subject(subject: Token | None) -> bool:
    return subject is not None and subject.lemma_.lower() in (
        "object", "aim", "goal", "purpose", "objective", "priority", "plan", "hope", "idea", "task", "job", "challenge",
    )  # fmt: skip


def _number_in(tokens: list[Token]) -> str:
    """The first figure in the words, as people would quote it: "several hundred", "38%", "twice"."""
    for token in tokens:
        if token.ent_type_ in _NUMBER_LABELS and token.lower_ not in ("one", "a", "an"):
            doc, low, high = token.doc, token.i, token.i
            while low > 0 and doc[low - 1].ent_type_ == token.ent_type_ and doc[low].ent_iob_ == "I":
                low -= 1
            while (
                high + 1 < len(doc)
                and doc[high + 1].ent_iob_ == "I"
                and doc[high + 1].ent_type_ == token.ent_type_
            ):
                high += 1
            words = _with_unit(doc[low], doc[high])
            if any(c.isdigit() for c in words) or any(
                t.lower_ in lex.NUMBER_WORDS - {"one"} for t in doc[low : high + 1]
            ):
                return words
        elif token.ent_type_ in ("DATE", "TIME", "ORDINAL", "FAC", "GPE", "ORG", "LAW"):
            continue
        elif token.like_num and token.lower_ != "one":
            return _with_unit(token, token)
        elif token.lower_ in lex.NUMBER_WORDS and token.lower_ not in ("one", "quarter", "half", "several"):
            return token.text
        elif token.lower_ in ("half", "quarter") and token.dep_ != "compound":
            return token.text
    return ""


def _actors_in(tokens: list[Token]) -> list[str]:
    names: list[str] = []
    last = -2
    for token in tokens:
        if not _is_actor(token):
            continue
        if token.i == last + 1 and names and token.ent_iob_ == "I":
            names[-1] += token.nbor(-1).whitespace_ + token.text
        else:
            names.append(token.text)
        last = token.i
    return list(dict.fromkeys(names))


def _with_unit(first: Token, last: Token) -> str:
    """The figure with the sign before it and the unit stuck to it: "£9.4m", "38%"."""
    doc, low, high = first.doc, first.i, last.i
    if low and doc[low - 1].tag_ == "$":
        low -= 1
    while (
        high + 1 < len(doc)
        and not doc[high].whitespace_
        and (doc[high + 1].is_alpha or doc[high + 1].text == "%")
    ):
        high += 1
    return doc[low : high + 1].text


def _is_actor(token: Token) -> bool:
    if token.lower_ in ("the", "'s") or token.lower_ in lex.MONTHS | lex.WEEKDAYS:
        return False
    # a name the model did not recognise, where it acts or is acted upon
    unknown = token.pos_ == "PROPN" and not token.ent_type_ and token.text[:1].isupper()
    return token.ent_type_ in _ACTOR_LABELS or (
        unknown and token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "poss")
    )


def _happened(head: Token) -> bool:
    auxiliaries = {c.lower_ for c in head.children if c.dep_ in ("aux", "auxpass")}
    if auxiliaries & (lex.FUTURE_VERBS | lex.POSSIBILITY | lex.DUTY | {"to"}):
        return False
    past = head.tag_ == "VBD" or auxiliaries & {"has", "have", "had", "'ve", "was", "were", "been", "did"}
    return bool(past) and head.lemma_.lower() not in ("be", "seem", "appear", "look")


def _under_way(head: Token) -> bool:
    auxiliaries = {c.lower_ for c in head.children if c.dep_ == "aux"}
    return head.tag_ == "VBG" and bool(auxiliaries & {"is", "are", "'s", "'re"}) and head.lemma_ != "go"
