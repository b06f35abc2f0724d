"""What kind of fact a claim states, which is what a checker would look up to settle it.

Of several marks the first in this order decides: somebody said something (quotation); one thing brought
about another (cause); one thing is held against another (comparison); what a law says or a court did (legal);
how much or how many (quantity); a finding about nature, health or medicine (scientific); something that
happened (event).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from claims.extraction import kind_words as words_of
from claims.extraction import lexicon as lex
from claims.extraction.model import ClaimKind, Quantity
from claims.extraction.parsing import lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

    from claims.extraction.parts import PlacedWord


def kind_of(
    placed: Sequence[PlacedWord], *, quantities: Sequence[Quantity] = (), quotes_speech: bool = False
) -> ClaimKind:
    """The kind of the claim in these words, with its amounts as the article holds them.

    `quotes_speech`: it is about who said something. Words of a quotation inside the claim, which were parsed
    by themselves, are left out.
    """
    if not placed:
        return "other"
    doc = placed[0].token.doc
    tokens = [word.token for word in placed if word.token.doc is doc]
    head = _head_of(tokens)
    lemmas = [lemma_of(t) for t in tokens]
    amounts = _Amounts(placed, quantities, head)
    if quotes_speech and not amounts.share_speaks():
        return "quotation"
    if _tells_cause(tokens, lemmas):
        return "cause"
    if _compares(tokens, lemmas, head, quantities):
        return "comparison"
    if _is_legal(tokens, lemmas, head):
        return "legal"
    if amounts.told():
        return "quantity"
    if _is_scientific(tokens, lemmas, head):
        return "scientific"
    return "event" if _happens(head) else "other"


def _head_of(tokens: Sequence[Token]) -> Token:
    """The verb that states the claim: what the words hang from, or the clause on the noun they hang from."""
    inside = {t.i for t in tokens}
    tops = [t for t in tokens if t.head.i not in inside or t.head.i == t.i]
    verb = next((t for t in tops if t.pos_ in ("VERB", "AUX")), None)
    if verb is not None or not tops:
        return verb or tokens[0]
    clauses = (c for top in tops for c in top.children if c.dep_ in ("relcl", "acl") and c.i in inside)
    return next(clauses, tops[0])


def _tells_cause(tokens: Sequence[Token], lemmas: Sequence[str]) -> bool:
    words = [t.lower_ for t in tokens]
    for index, word in enumerate(words):
        for phrase in words_of.CAUSING_WORDS:
            if word == phrase[0] and tuple(words[index : index + len(phrase)]) == phrase:
                due_to_do = phrase == ("due", "to") and _is_verb_at(tokens, index + 2)
                if not due_to_do:
                    return True
        token, lemma = tokens[index], lemmas[index]
        if lemma in words_of.CAUSING and token.pos_ == "VERB":
            return True
        beside = words_of.CAUSING_WITH.get(lemma)
        if (
            beside is not None
            and token.pos_ == "VERB"
            and any(w in beside for w in words[index + 1 : index + 4])
        ):
            if lemma == "lead" and any(c.dep_ == "dobj" for c in token.children):
                continue  # "led the team to victory"
            return True
    return False


def _is_verb_at(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].tag_ == "VB"


def _compares(
    tokens: Sequence[Token], lemmas: Sequence[str], head: Token, quantities: Sequence[Quantity]
) -> bool:
    words = [t.lower_ for t in tokens]
    if any(lemma in words_of.COMPARING_VERBS for lemma in lemmas) or words_of.COMPARING_WORDS & set(words):
        return True
    if any(q.unit == "rank" for q in quantities):
        return True
    for index, token in enumerate(tokens):
        word = token.lower_
        if word == "than" and not _bounds_a_number(tokens, index):
            return True
        if (
            word == "times"
            and index + 1 < len(tokens)
            and words[index + 1] in ("as", "the", "higher", "more")
        ):
            return True
        if word == "twice" and index + 1 < len(tokens) and words[index + 1] in ("as", "the"):
            return True
        if word == "as" and token.dep_ == "prep" and "as" in words[max(0, index - 3) : index]:
            alike = words[index - 2] == "as" and words[index - 1] not in (
                "well",
                "far",
                "soon",
                "long",
                "such",
            )
            if alike and not (words[index - 1] in ("many", "much") and _number_follows(tokens, index)):
                return True
        if token.tag_ in ("JJS", "RBS") and _outranks(token, words, index, head):
            return True
    return False


def _bounds_a_number(tokens: Sequence[Token], index: int) -> bool:
    """Whether "than" belongs to "more than 26" or "rather than"."""
    before = tokens[index - 1].lower_ if index else ""
    if before in words_of.NOT_COMPARED or (index > 1 and tokens[index - 2].lower_ == "no"):
        return True
    return before in ("more", "less", "fewer", "greater", "higher", "lower") and _number_follows(
        tokens, index
    )


def _number_follows(tokens: Sequence[Token], index: int) -> bool:
    following = islice(tokens, index + 1, index + 3)
    return any(t.like_num or t.lower_ in ("half", "a", "dozen") or t.tag_ == "$" for t in following)


def _outranks(token: Token, words: Sequence[str], index: int, head: Token) -> bool:
    """Whether a superlative is what is stated, not part of what something is called."""
    if index and words[index - 1] == "at":
        return False
    if token.lower_ in ("most", "least") and token.dep_ not in ("advmod",):
        return False  # "most of the seats"
    if token.lower_ == "best" or token.ent_type_ in ("ORG", "PERSON", "WORK_OF_ART"):
        return False
    noun = token.head if token.dep_ in ("amod", "advmod") else token
    noun = noun.head if noun.dep_ in ("amod", "compound") else noun
    if noun.i < head.i:
        return False
    return noun.dep_ in ("attr", "acomp", "dobj", "pobj", "oprd") and (
        noun.head.i == head.i
        or (noun.head.head.i == head.i and noun.head.lower_ in ("to", "at", "as", "by", "among"))
    )


def _is_legal(tokens: Sequence[Token], lemmas: Sequence[str], head: Token) -> bool:
    for token, lemma in zip(tokens, lemmas, strict=True):
        near = token.i == head.i or token.head.i == head.i
        if lemma in words_of.LAW_VERBS and token.pos_ == "VERB" and (near or token.head.head.i == head.i):
            return True
        if lemma in ("charge", "rule") and token.pos_ == "VERB" and near and _law_beside(token):
            return True
        if lemma in words_of.LAW_STATES and near and token.pos_ in ("ADJ", "NOUN"):
            return True
        named = token.dep_ in ("nsubj", "nsubjpass", "dobj", "attr", "agent", "ROOT", "compound")
        if (
            lemma in words_of.LAW_NOUNS
            and token.pos_ in ("NOUN", "PROPN")
            and named
            and (near or token.dep_ == "compound")
        ):
            if token.dep_ == "compound" and token.head.head.i != head.i:
                continue
            return True
        if (
            lemma in words_of.LAW_NOUNS
            and token.dep_ == "pobj"
            and token.head.lower_ in ("by", "under", "against")
        ):
            return True
    return False


def _law_beside(verb: Token) -> bool:
    """ "charged with murder", "ruled that", not "charged £5" or "ruled the country"."""
    return any(
        c.lower_ == "with" or c.dep_ in ("ccomp", "acomp") or lemma_of(c) in words_of.LAW_NOUNS
        for c in verb.children
    )


class _Amounts:
    """The amounts of a claim with the words they end in: the point of it, or passing counts."""

    def __init__(self, placed: Sequence[PlacedWord], quantities: Sequence[Quantity], head: Token) -> None:
        self.head = head
        self.rows: list[tuple[Quantity, Token]] = []
        at = 0
        for quantity in quantities:
            last = None
            while at < len(placed) and placed[at].start < quantity.end:
                last = placed[at].token if placed[at].start >= quantity.start else last
                at += 1
            if last is not None:
                self.rows.append((quantity, last))

    def share_speaks(self) -> bool:
        """Whether a share of people is what speaks: "52 percent of voters say"."""
        return any(
            quantity.unit in ("percent", "share") and token.doc is self.head.doc and token.i < self.head.i
            for quantity, token in self.rows
        )

    def told(self) -> bool:
        """Whether one of the amounts is the point of the claim."""
        return any(self._tells(quantity, token) for quantity, token in self.rows)

    def _tells(self, quantity: Quantity, token: Token) -> bool:
        if quantity.unit == "rank" or (quantity.approximation == "several" and (quantity.high or 0) < 10):
            return False
        if _is_aside(token, self.head):
            return False
        lemma = lemma_of(self.head)
        counting = lemma in words_of.COUNTING_VERBS
        if quantity.unit == "times":
            return token.pos_ == "VERB" or counting
        if quantity.unit in words_of.MEASURED or quantity.unit.isupper():
            return True
        if quantity.unit in words_of.SPANS_OF_TIME:
            return counting
        if _describes(token):
            return False
        largest = max(quantity.low or 0.0, quantity.high or 0.0)
        there = any(c.dep_ == "expl" for c in self.head.children)
        counting = there or (counting and lemma not in ("be", "have"))
        return counting or largest > 4 or quantity.approximation not in ("exact", "about")


def _is_aside(token: Token, head: Token) -> bool:
    """Whether the amount stands in a clause that only describes something in the claim."""
    if token.doc is not head.doc:
        return False
    path = list(takewhile(lambda t: t.i != head.i, (token, *token.ancestors)))
    return len(path) > 6 or any(t.dep_ in ("relcl", "advcl") for t in path)


def _describes(token: Token) -> bool:
    """ "six-page letter": the amount is what kind of thing it is."""
    around = token.doc[max(0, token.i - 1) : token.i + 2]
    return any(t.text == "-" for t in around) and token.lower_ not in ("point", "points")


def _is_scientific(tokens: Sequence[Token], lemmas: Sequence[str], head: Token) -> bool:
    subject = next((c for c in head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is not None and (
        subject.ent_type_ == "PERSON" or subject.lower_ in ("he", "she", "i", "we", "who", "you")
    ):
        return False
    marks = 0
    for token, lemma in zip(tokens, lemmas, strict=True):
        if token.ent_type_ in ("PERSON", "ORG", "GPE") and token.text[:1].isupper():
            continue
        near = sum(1 for _ in takewhile(lambda t: t.i != head.i, token.ancestors)) <= 2
        if near and (lemma in words_of.NATURE or token.lower_ in words_of.NATURE):
            called = token.dep_ in ("compound", "amod")
            marks += 0 if called and lemma_of(token.head) in lex.ROLE_NOUNS | {"company"} else 2
        elif lemma in words_of.STUDYING or lemma in lex.SCIENCE_WORDS:
            marks += 1
    return marks >= 2


def _happens(head: Token) -> bool:
    """Whether the head tells of something done, being done or undergone, not of a state or a habit."""
    auxiliaries = {c.lower_ for c in _auxiliaries(head)}
    lemma = lemma_of(head)
    if head.pos_ not in ("VERB", "AUX") and head.tag_ not in ("VBD", "VBN", "VBG"):
        return False
    if lemma in words_of.STATES and not (lemma == "have" and auxiliaries & {"have", "has", "had"}):
        return False
    if head.tag_ in ("VBD", "VBN", "VBG"):
        return True
    if auxiliaries & {"did", "will", "shall", "would", "'ll"}:
        return lemma in lex.EVENT_VERBS or "did" in auxiliaries
    return False


def _auxiliaries(head: Token) -> Iterator[Token]:
    return (c for c in head.children if c.dep_ in ("aux", "auxpass"))
