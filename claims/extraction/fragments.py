"""Whether words can stand as a sentence, and what a piece that cannot must hold to be worth showing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from claims.extraction import lexicon as lex
from claims.extraction.attribution import SUBJECTS
from claims.extraction.features import accuses, actors_in, counted_time_in, number_in
from claims.extraction.parsing import lemma_of
from claims.extraction.splitting import Piece

if TYPE_CHECKING:
    from spacy.tokens import Token

_FINITE = ("VBD", "VBZ", "VBP", "MD")
_CLAUSE_DEPS = ("ROOT", "ccomp", "conj", "parataxis", "advcl")
_TIME_MARKS = frozenset(("after", "before", "when", "until", "once", "as", "since"))
_POINTERS = frozenset(("it", "they", "this", "that", "these", "those", "he", "she"))


def subject_inside(piece: Piece) -> Token | None:
    """The subject of the piece's verb, where it stands among the piece's own words."""
    head, low, high = piece.head, piece.first.i, piece.last.i
    for child in head.children:
        if child.dep_ in (*SUBJECTS, "expl") and low <= child.i <= high:
            return child
    if piece.role == "content" and _is_finite(head):
        # "said the leaders would meet": the parser may have made the subject an object of "said"
        lost = (t for t in head.doc[low : head.i] if t.dep_ == "dobj" and not low <= t.head.i <= high)
        return next(lost, None)
    return None


def _is_finite(head: Token) -> bool:
    return head.tag_ in _FINITE or any(
        c.tag_ in _FINITE for c in head.children if c.dep_ in ("aux", "auxpass")
    )


def is_sentence(piece: Piece) -> bool:
    """Whether the piece's words are a clause with its own subject and a finite verb."""
    subject = subject_inside(piece)
    if subject is None or piece.role in ("relative", "presupposed", "phrase"):
        return False
    head = piece.head
    if not piece.first.i <= head.i <= piece.last.i:
        return False
    if _is_noun_with_clause(subject, head):
        return False
    misread = head.tag_ in ("VBN", "VB") and head.dep_ in _CLAUSE_DEPS  # "the plant shut in May"
    return _is_finite(head) or misread


def _is_noun_with_clause(subject: Token, head: Token) -> bool:
    """A noun and its clause, which the parser took for a subject and its verb.

    "after the lowest turnout since the vote was introduced", "Ann Lee, whose son died in May".
    """
    if any(c.dep_ == "mark" and c.i > subject.i for c in head.children):
        return True
    if any(c.tag_ == "WP$" for t in (subject, *subject.subtree) for c in t.children if _is_direct(c, head)):
        return True
    since = (t for t in subject.subtree if t.dep_ == "pcomp" and t.head.lower_ in _TIME_MARKS)
    return head.dep_ == "advcl" and next(since, None) is not None


def _is_direct(token: Token, head: Token) -> bool:
    """Whether the token hangs on the verb by nouns only, not in a clause of its own."""
    path = takewhile(lambda t: t.i != head.i, token.ancestors)
    return not any(t.dep_ in ("relcl", "acl", "advcl", "ccomp", "pcomp", "csubj") for t in path)


def relative_pronoun(piece: Piece) -> Token | None:
    """The "who" or "which" for which the described thing can be put in: "the terminal, which opened"."""
    if piece.role not in ("relative", "presupposed") or piece.subject is None:
        return None
    found = next(
        (c for c in piece.head.children if c.dep_ in ("nsubj", "nsubjpass") and c.tag_ in ("WDT", "WP")), None
    )
    if found is None or found.i <= piece.first.i:
        return None
    # without a comma the clause only says which one is meant
    return found if piece.role == "relative" or found.nbor(-1).text in (",", "–", "—", "(") else None


def shared_subject(piece: Piece) -> Token | None:
    """The subject that the piece shares with the clause it hangs on, where that is plain."""
    subject = piece.subject
    if subject_inside(piece) is not None or not piece.first.i <= piece.head.i <= piece.last.i:
        return None
    if piece.role == "phrase":
        return _accused(piece)
    if piece.role not in ("conj", "participle") or subject is None or subject.i >= piece.first.i:
        return None
    nouns = ("NOUN", "PROPN")
    if piece.role == "participle":
        return subject if subject.pos_ in nouns and piece.head.tag_ == "VBG" else None
    pronoun = subject.pos_ == "PRON" and subject.tag_ == "PRP"
    return subject if subject.pos_ in nouns or pronoun else None


def _accused(piece: Piece) -> Token | None:
    """Who is said to have done it: "accused the bank of hiding its losses"."""
    if piece.frame is None or piece.head.tag_ != "VBG" or piece.head.i != piece.first.i:
        return None
    target = next((c for c in piece.frame.verb.children if c.dep_ == "dobj"), None)
    plain = target is not None and target.pos_ in ("NOUN", "PROPN") and target.i < piece.first.i
    return target if plain else None


def is_fragment(piece: Piece, tokens: Sequence[Token]) -> bool:
    """Neither a clause with its subject nor words that carry a figure, a name, harm or an accusation."""
    if is_sentence(piece) or relative_pronoun(piece) is not None:
        return False
    if piece.role == "conj" and shared_subject(piece) is not None:
        return False
    if _has_substance(tokens):
        return False
    if piece.role == "phrase":
        return piece.head.tag_ != "VBG"  # "hiding its losses" is an act, "the way it counts" is none
    return not {t.lower_ for t in tokens} & lex.COMPARISON_WORDS


def _has_substance(tokens: Sequence[Token]) -> bool:
    if number_in(tokens) or counted_time_in(tokens) or actors_in(tokens):
        return True
    return bool({lemma_of(t) for t in tokens} & lex.HARM_WORDS) or any(map(accuses, tokens))


def is_bare_time_clause(piece: Piece, tokens: Sequence[Token]) -> bool:
    """ "after the contract was signed": when something else happened, with nothing in it to check."""
    if piece.head.dep_ != "advcl" or piece.role == "participle":
        return False
    marks = {c.lower_ for c in piece.head.children if c.dep_ in ("mark", "advmod") and c.i < piece.head.i}
    return bool(marks & _TIME_MARKS) and not _has_substance(tokens)


def points_elsewhere(piece: Piece, tokens: Sequence[Token]) -> bool:
    """ "It fell last year": a pronoun for a subject and no figure, name or harm beside it."""
    subject = subject_inside(piece)
    if subject is None or subject.lower_ not in _POINTERS or _has_substance(tokens):
        return False
    speaker = piece.frame.speaker if piece.frame is not None and piece.role == "content" else None
    if speaker is None:
        return True
    # "the ministers said they had agreed": the pronoun is the speaker, who is named
    return not (subject.lower_ in ("he", "she") or (subject.lower_ == "they" and speaker.plural))
