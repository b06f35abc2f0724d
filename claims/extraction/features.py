"""What a stretch of words holds: figures, actors, tense. Each function looks at tokens and judges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from claims.extraction import lexicon as lex
from claims.extraction.parsing import lemma_of, written

if TYPE_CHECKING:
    from spacy.tokens import Token

_NUMBER_LABELS = ("CARDINAL", "PERCENT", "MONEY", "QUANTITY")
_NOT_FIGURES = ("DATE", "TIME", "ORDINAL", "FAC", "GPE", "ORG", "LAW")
_ACTOR_LABELS = ("PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "LAW", "EVENT")
_SMALL = frozenset(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
_POINTING = frozenset(
    ("the", "these", "those", "his", "her", "its", "their", "our", "both", "which", "other")
)
_HARMLESS_NOUNS = frozenset(
    ("waste", "target", "cover", "dump", "lie", "steal", "silence", "cheat", "exploit", "censor")
)
_FRACTIONS = frozenset(
    ("third", "thirds", "quarter", "quarters", "fifth", "fifths", "tenth", "tenths", "half", "halves")
)


def number_in(tokens: Sequence[Token], head: Token | None = None) -> str:
    """The figure in the words, as people would quote it: "several hundred", "38%", "twice"; else "".

    Of several, the first; with `head`, the verb of the statement, rather one that the statement is about
    than one that only describes a thing ("the 8-kilometre line") or stands in a clause beside it.
    """
    found = _figures(tokens)
    if head is None:
        return next((figure for _, figure in found), "")
    ranked = sorted(found, key=lambda row: _beside_the_point(row[0], head))
    if not ranked:
        return ""
    token, figure = ranked[0]
    return _from_to(token, figure, ranked[1:])


def _figures(tokens: Sequence[Token]) -> list[tuple[Token, str]]:
    found: list[tuple[Token, str]] = []
    for token in tokens:
        figure = _figure_at(token)
        if figure and not (found and found[-1][0].i == token.i - 1 and figure == found[-1][1]):
            found.append((token, figure))
        elif figure:
            found[-1] = (token, figure)  # the last word of a figure hangs highest: "three percent"
    return found


def _figure_at(token: Token) -> str:
    before = token.nbor(-1).lower_ if token.i else ""
    after = token.nbor(1).text if token.i + 1 < len(token.doc) else ""
    if token.lower_ in _SMALL and (before in _POINTING or after == "-"):
        return ""  # "the two sides", "a two-way street" count nothing
    if token.ent_type_ in _NUMBER_LABELS and token.lower_ not in ("one", "a", "an"):
        return _whole_figure(token)
    if token.lower_ in _FRACTIONS and before in ("a", "one", "two", "three"):
        return f"{token.nbor(-1).text} {token.text}"
    if token.ent_type_ in _NOT_FIGURES:
        return ""
    if token.like_num and token.lower_ != "one":
        return _with_unit(token, token)
    return token.text if _counts(token) else ""


def _beside_the_point(token: Token, head: Token) -> tuple[bool, bool, int]:
    """What a figure must not be to be the statement's own: a description, in another clause, in a lead-in."""
    doc = token.doc
    hyphened = "-" in token.text or any(
        0 <= i < len(doc) and doc[i].text == "-" for i in (token.i - 1, token.i + 1)
    )
    describes = hyphened and token.dep_ in ("amod", "compound", "nmod", "nummod")
    path = list(takewhile(lambda t: t.i != head.i, token.ancestors))
    elsewhere = any(t.dep_ in ("relcl", "advcl", "acl") for t in path)
    led_in = token.i < head.i and any(t.dep_ == "prep" for t in path)
    price = token.ent_type_ in ("MONEY", "PERCENT")
    return describes, elsewhere or (led_in and not price), token.i


def _from_to(token: Token, figure: str, others: Sequence[tuple[Token, str]]) -> str:
    """ "from £212m to £276m" whole, where the figure is one side of it."""
    doc = token.doc
    for other, _ in others:
        low, high = sorted((token, other), key=lambda t: t.i)
        start, middle = low.i, high.i
        while start and doc[start - 1].ent_type_ == low.ent_type_ and low.ent_type_ in _NUMBER_LABELS:
            start -= 1
        while start and doc[start - 1].tag_ == "$":
            start -= 1
        if not start or doc[start - 1].lower_ != "from" or high.i - low.i > 6:
            continue
        between = {t.lower_ for t in doc[low.i + 1 : middle]}
        if "to" in between:
            parts = (_figure_at(low), _figure_at(high))
            return f"from {parts[0]} to {parts[1]}"
    return figure


def counted_time_in(tokens: Sequence[Token]) -> bool:
    """Whether a time stands in the words in figures or counted: "nine weeks", "in 2019"."""
    return any(t.like_num and t.ent_type_ in ("DATE", "TIME") and t.pos_ == "NUM" for t in tokens)


def accuses(token: Token) -> bool:
    """A word of wrongdoing; words that are harmless as nouns ("waste", "target") count as verbs only."""
    if token.lower_ not in lex.ACCUSATION_WORDS and lemma_of(token) not in lex.ACCUSATION_WORDS:
        return False
    return token.pos_ == "VERB" or lemma_of(token) not in _HARMLESS_NOUNS


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
        and (doc[high + 1].text.rstrip(".").isalpha() or doc[high + 1].text == "%")
    ):
        high += 1
    return doc[low : high + 1].text.rstrip(".")


def actors_in(tokens: Sequence[Token]) -> list[str]:
    """The named people, bodies and places, each once, in order."""
    names: list[str] = []
    last = -2
    for token in tokens:
        if not is_actor(token):
            continue
        if token.i == last + 1 and names and token.ent_iob_ == "I":
            names[-1] += token.nbor(-1).whitespace_ + written(token)
        else:
            names.append(written(token))
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
