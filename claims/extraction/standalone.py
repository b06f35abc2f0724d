"""Standalone wordings: a claim as a sentence that a reader understands without the article.

A word is changed only where the article leaves little doubt; a pronoun kept is better than a wrong name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from claims.extraction.names import Cast
from claims.extraction.parsing import Parsed
from claims.extraction.speakers import Discourse
from claims.extraction.splitting import Piece
from claims.extraction.standalone_dates import date_edits
from claims.extraction.standalone_mentions import Mention, Mentions
from claims.extraction.standalone_names import References
from claims.extraction.standalone_speech import speech_edits
from claims.extraction.standalone_subjects import Subjects
from claims.extraction.standalone_words import Word, Words, finite_verb
from claims.extraction.wording import Edit, Wording, compose

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Rewriter", "Wording"]

_PRONOUNS = frozenset(("he", "him", "his", "she", "her", "they", "them", "their", "it", "its"))
_LONGEST_NAME = 8  # words


class Rewriter:
    """Words claims so that they stand alone. Built once for an article, in time linear in its length."""

    def __init__(
        self,
        text: str,
        parsed: Sequence[Parsed],
        cast: Cast,
        discourse: Discourse,
        *,
        published: date | None = None,
    ) -> None:
        self._text = text
        self._cast = cast
        self._published = published
        self._words = Words(parsed)
        self._mentions = Mentions(text, self._words, cast)
        self._references = References(text, self._words, self._mentions, cast)
        self._apostrophe = "’" if "’" in text else "'"

    def reword(
        self, start: int, end: int, *, piece: Piece | None, claimant: str | None, in_quotation: bool
    ) -> Wording:
        """The claim text[start:end] as a sentence of its own, each change marked."""
        words = self._words.between(start, end)
        if not words:
            return compose(self._text, (start, end), (), sentence=False)
        edits, sentence = self._as_sentence(words, piece, (start, end))
        edits.extend(self._pronouns(words, claimant))
        if in_quotation and claimant is not None:
            edits.extend(speech_edits(words, claimant, self._cast, self._apostrophe))
        edits.extend(self._references.edits(words))
        edits = self._first_only(edits, (start, end))
        if self._published is not None:
            edits.extend(date_edits(words, self._published, in_quotation=in_quotation))
        return compose(self._text, (start, end), edits, sentence=sentence)

    def _as_sentence(
        self, words: Sequence[Word], piece: Piece | None, span: tuple[int, int]
    ) -> tuple[list[Edit], bool]:
        if piece is None:
            return [], _states(words)
        parsed = self._words.docs.get(id(piece.head.doc))
        if parsed is None:
            return [], _states(words)
        return Subjects(self._text, parsed, span, self._full_name).made(piece)

    def _full_name(self, token: Token) -> str | None:
        mention = self._mentions.of(token)
        if mention is None or not mention.name or len(mention.name.split()) > _LONGEST_NAME:
            return None
        told = (mention.proper and mention.person) or token.pos_ == "PRON"
        return mention.name if told else None

    def _pronouns(self, words: Sequence[Word], claimant: str | None) -> Iterator[Edit]:
        named = {m.key: m.start for w in reversed(words) if (m := self._named_at(w)) is not None}
        for word in words:
            if word.token.tag_ not in ("PRP", "PRP$") or word.token.lower_ not in _PRONOUNS:
                continue
            mention = self._meant(word, claimant)
            if mention is None or not mention.name or len(mention.name.split()) > _LONGEST_NAME:
                continue
            if named.get(mention.key, word.start) < word.start or _rival_before(words, word, self._mentions):
                continue
            if "-" in (self._text[word.start - 1 : word.start], self._text[word.end : word.end + 1]):
                continue
            before = self._text[words[0].start : word.start]
            if (mention.proper and mention.name.split()[-1] in before) or _in_partial_quote(before):
                continue
            named[mention.key] = word.start
            yield from self._put(word, mention)

    def _named_at(self, word: Word) -> Mention | None:
        return self._mentions.of(word.token) if word.token.pos_ != "PRON" else None

    def _meant(self, word: Word, claimant: str | None) -> Mention | None:
        if word.parsed.within is None:
            return self._mentions.of(word.token)
        return self._mentions.spoken_of(word, claimant)

    def _put(self, word: Word, mention: Mention) -> Iterator[Edit]:
        name = mention.name
        if word.token.tag_ == "PRP$":
            bare = mention.plural and name.endswith("s")
            yield Edit(word.start, word.end, name + self._apostrophe + ("" if bare else "s"), "pronoun")
            return
        yield Edit(word.start, word.end, name, "pronoun")
        yield from spelt_out(word)

    def _first_only(self, edits: Sequence[Edit], span: tuple[int, int]) -> list[Edit]:
        """Without the later fuller forms of a name that the wording gives in full before."""
        given: set[str] = set()
        kept = []
        for edit in sorted(edits, key=lambda e: (e.start, e.end)):
            spelt = self._text[max(span[0], edit.start - 80) : edit.start]
            new = edit.new.strip()
            if edit.why == "reference" and (new in given or new in spelt):
                continue
            given.add(new.removesuffix("s").removesuffix(self._apostrophe) if edit.why == "pronoun" else new)
            kept.append(edit)
        return kept


def spelt_out(word: Word) -> Iterator[Edit]:
    """The short verb that leans on a pronoun, in full: a name bears no "'d" or "'s"."""
    token = word.token
    if token.i + 1 >= len(token.doc):
        return
    verb = token.nbor(1)
    if verb.text[:1] not in "'’" or verb.tag_ == "POS" or token.whitespace_:
        return
    full = {"'ve": "have", "'ll": "will", "'re": "are", "'m": "am"}.get(verb.lower_.replace("’", "'"))
    if verb.lower_[1:] == "d":
        full = "would" if verb.tag_ == "MD" else "had"
    elif verb.lower_[1:] == "s":
        participle = verb.dep_ == "aux" and verb.head.tag_ == "VBN"
        full = "has" if participle or verb.lemma_ == "have" else "is"
    if full is not None:
        yield Edit(word.parsed.start_of(verb), word.parsed.end_of(verb), " " + full, "grammar")


def _rival_before(words: Sequence[Word], pronoun: Word, mentions: Mentions) -> bool:
    """Whether the claim itself names somebody before the pronoun whom a reader may take it for."""
    for word in words:
        if word.start >= pronoun.start:
            return False
        mention = mentions.of(word.token)
        if mention is not None and word.token.pos_ != "PRON" and mention.may_be(pronoun.token.lower_):
            return True
    return False


def _in_partial_quote(before: str) -> bool:
    """Whether the words end inside quotation marks that they open: another speaks there."""
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _states(words: Sequence[Word]) -> bool:
    """Whether the words are a clause with a subject and a finite verb."""
    inside = {id(w.token.doc) * 1_000_003 + w.token.i for w in words}
    for word in words:
        token = word.token
        if token.dep_ in ("nsubj", "nsubjpass", "expl", "csubj") and finite_verb(token.head) is not None:
            verb = token.head
            above = verb.dep_ not in ("relcl", "acl", "advcl", "pcomp", "csubj")
            if above and id(verb.doc) * 1_000_003 + verb.i in inside:
                return True
    return False
