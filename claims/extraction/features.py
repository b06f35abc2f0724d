"""What a stretch of words holds: figures, actors, tense. Each function looks at tokens and judges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claims.extraction import lexicon as lex
from claims.extraction.parsing import lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_NUMBER_LABELS = ("CARDINAL", "PERCENT", "MONEY", "QUANTITY")
_NOT_FIGURES = ("DATE", "TIME", "ORDINAL", "FAC", "GPE", "ORG", "LAW")
_ACTOR_LABELS = ("PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "LAW", "EVENT")
_SMALL = frozenset(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
_POINTING = frozenset(
    ("the", "these", "those", "his", "her", "its", "their", "our", "both", "which", "other")
)
_FRACTIONS = frozenset(
    ("third", "thirds", "quarter", "quarters", "fifth", "fifths", "tenth", "tenths", "half", "halves")
)


def number_in(tokens: Sequence[Token]) -> str:
    """The first figure in the words, as people would quote it: "several hundred", "38%", "twice"; else ""."""
    for token in tokens:
        before = token.nbor(-1).lower_ if token.i else ""
        after = token.nbor(1).text if token.i + 1 < len(token.doc) else ""
        if token.lower_ in _SMALL and (before in _POINTING or after == "-"):
            continue  # "the two sides", "a two-way street" count nothing
        if token.ent_type_ in _NUMBER_LABELS and token.lower_ not in ("one", "a", "an"):
            figure = _whole_figure(token)
            if figure:
                return figure
        elif token.lower_ in _FRACTIONS and before in ("a", "one", "two", "three"):
            return f"{token.nbor(-1).text} {token.text}"
        elif token.ent_type_ in _NOT_FIGURES:
            continue
        elif token.like_num and token.lower_ != "one":
            return _with_unit(token, token)
        elif _counts(token):
            return token.text
    return ""


def _counts(token: Token) -> bool:
    if token.lower_ in ("half", "quarter"):
        return token.dep_ != "compound"
    return token.lower_ in lex.NUMBER_WORDS and token.lower_ not in (
        "one",
        "several",
        "third",
        "fifth",
        "tenth",
    )


def _whole_figure(token: Token) -> str:
    doc, low, high = token.doc, token.i, token.i
    label = token.ent_type_
    while low > 0 and doc[low - 1].ent_type_ == label and doc[low].ent_iob_ == "I":
        low -= 1
    while high + 1 < len(doc) and doc[high + 1].ent_iob_ == "I" and doc[high + 1].ent_type_ == label:
        high += 1
    words = doc[low : high + 1]
    if any(char.isdigit() for char in words.text) or any(
        t.lower_ in lex.NUMBER_WORDS - {"one"} for t in words
    ):
        return _with_unit(doc[low], doc[high])
    return ""


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


def actors_in(tokens: Sequence[Token]) -> list[str]:
    """The named people, bodies and places, each once, in order."""
    names: list[str] = []
    last = -2
    for token in tokens:
        if not is_actor(token):
            continue
        if token.i == last + 1 and names and token.ent_iob_ == "I":
            names[-1] += token.nbor(-1).whitespace_ + token.text
        else:
            names.append(token.text)
        last = token.i
    return list(dict.fromkeys(names))


def is_actor(token: Token) -> bool:
    """Whether the token belongs to the name of somebody or something that can act."""
    if token.lower_ in ("the", "'s") or token.lower_ in lex.MONTHS | lex.WEEKDAYS:
        return False
    # a name the model did not recognise, where it acts or is acted upon
    unknown = token.pos_ == "PROPN" and not token.ent_type_ and token.text[:1].isupper()
    acting = token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "poss")
    return token.ent_type_ in _ACTOR_LABELS or (unknown and acting)


def happened(head: Token) -> bool:
    """Whether the clause tells of something done or over, not of a state or a plan."""
    auxiliaries = {c.lower_ for c in head.children if c.dep_ in ("aux", "auxpass")}
    if auxiliaries & (lex.FUTURE_VERBS | lex.POSSIBILITY | lex.DUTY | {"to"}):
        return False
    past = head.tag_ == "VBD" or auxiliaries & {"has", "have", "had", "'ve", "was", "were", "been", "did"}
    return bool(past) and lemma_of(head) not in ("be", "seem", "appear", "look")


def under_way(head: Token) -> bool:
    """Whether the clause tells of something going on: "is retreating"."""
    auxiliaries = {c.lower_ for c in head.children if c.dep_ == "aux"}
    return head.tag_ == "VBG" and bool(auxiliaries & {"is", "are", "'s", "'re"}) and lemma_of(head) != "go"
