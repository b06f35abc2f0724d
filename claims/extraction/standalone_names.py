"""Short names, offices and "the talks" in a claim's words, given as the article gives them in full."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from claims.extraction.lexicon import ROLE_NOUNS
from claims.extraction.names import Cast, Person, nations_among
from claims.extraction.parsing import lemma_of
from claims.extraction.standalone_mentions import Mentions
from claims.extraction.standalone_words import Word, Words
from claims.extraction.wording import Edit

if TYPE_CHECKING:
    from spacy.tokens import Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN_TITLES = ("mr", "mrs", "ms", "miss")
_LOOSE_ROLES = _words(
    """leader member official candidate nominee expert critic author writer victim witness resident
    voter officer executive mother father wife husband journalist activist campaigner aide adviser
    advisor investor owner politician lawmaker lawyer attorney analyst head chief deputy king queen
    president"""
)
# Things that an article brings in once and then speaks of by the noun alone.
_INTRODUCED = _words(
    """talk discussion negotiation meeting summit conference bill law act legislation amendment report
    study survey poll inquiry investigation review audit deal agreement treaty pact ceasefire contract
    merger project programme program scheme plan proposal coalition alliance committee commission
    panel taskforce trial lawsuit strike attack shooting bombing crash fire explosion protest march
    rally referendum debate letter memo statement email speech interview ruling verdict ban tax sanction
    factory plant hospital bridge airport terminal pipeline mine charity foundation fund museum
    stadium clinic prison reactor dam ferry company firm group"""
)
_GENERIC = _words("any no every each such another other some many few several new more most")
_LONGEST = 8  # words
_FAR = 40  # sentences
_HEAD = 2_000  # characters that headline and captions may take
_CAPTION = r"(?P<noun>\w+) (?P<rest>(?:in|on|with|between|over) [A-Z]\w+(?: [A-Z]\w+)*)"


class References:
    """The fuller forms of an article's names and things."""

    def __init__(self, text: str, words: Words, mentions: Mentions, cast: Cast) -> None:
        self._text = text
        self._mentions = mentions
        self._cast = cast
        self._things: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
        self._note_captions(words.all[0].start if words.all else 0)
        for word in words.all:
            if word.parsed.within is None and word.token.pos_ == "NOUN":
                self._note(word)

    def edits(self, words: Sequence[Word]) -> Iterator[Edit]:
        """The edits that give the claim's names, offices and things in full."""
        for word in words:
            token = word.token
            if token.pos_ == "PROPN" or (token.text[0].isupper() and token.text in self._cast.by_word):
                yield from self._name(word, words[0].start)
            elif token.pos_ == "NOUN" and token.lower_ in ROLE_NOUNS - _LOOSE_ROLES:
                yield from self._office(word)
            elif token.pos_ == "NOUN":
                yield from self._thing(word, words[0].start)

    def _name(self, word: Word, floor: int) -> Iterator[Edit]:
        mention = self._mentions.of(word.token)
        if mention is not None and mention.person and mention.key == mention.name:
            start, first = mention.start, word.token
            while first.i and word.parsed.start_of(first) > start:
                first = first.nbor(-1)
            before = first.nbor(-1) if first.i else None
            if before is not None and before.lower_.rstrip(".") in _PLAIN_TITLES:
                start = word.parsed.start_of(before)
            spelt = self._text[start : word.end]
            again = spelt in self._text[floor:start]
            if start >= floor and not again and spelt != mention.name and _fuller(mention.name, spelt):
                yield Edit(start, word.end, mention.name, "reference")
            return
        known = self._cast.acronym_called(self._text[word.start : word.end])
        if known is None or word.start <= known[1][1] + 3 or word.token.dep_ == "compound":
            return
        name = known[0].removeprefix("the ").removeprefix("The ")
        article = "" if word.token.i and word.token.nbor(-1).lower_ == "the" else "the "
        if "\n" not in name:
            yield Edit(word.start, word.end, article + name, "reference")

    def _office(self, word: Word) -> Iterator[Edit]:
        """ "the defence secretary", where the article has told of one person who is that."""
        token = word.token
        left = sorted(token.lefts, key=lambda t: t.i)
        if token.tag_ != "NN" or not left or left[0].lower_ != "the" or _described_after(token):
            return
        if token.dep_ not in ("nsubj", "nsubjpass", "dobj", "pobj", "poss", "agent"):
            return
        inner = [t for t in token.subtree if left[0].i < t.i < token.i]
        if any(t.pos_ not in ("ADJ", "NOUN", "PROPN") for t in inner):
            return
        nations = nations_among(inner)
        wanted = {t.lower_ for t in inner if not nations_among([t])}
        people = [p for _, p in self._cast.holders(token.lower_) if _holds(p, token.lower_, wanted, nations)]
        if len(people) == 1 and people[0].places[0][0] < word.start:
            yield Edit(word.parsed.start_of(left[0]), word.end, people[0].name, "reference")

    def _thing(self, word: Word, floor: int) -> Iterator[Edit]:
        """ "the talks", where the article spoke earlier of one kind of talks."""
        token = word.token
        left = list(token.lefts)
        bare = len(left) == 1 and left[0].lower_ == "the" and not _described_after(token)
        if not bare or lemma_of(token) not in _INTRODUCED or token.dep_ == "compound":
            return
        start = word.parsed.start_of(left[0])
        if start < floor:
            return
        earlier = [t for t in self._things[(lemma_of(token), token.tag_)] if t[0] < start]
        if len(earlier) == 1 and earlier[0][2] and word.sentence - earlier[0][1] <= _FAR:
            yield Edit(start, word.end, earlier[0][2], "reference")

    def _note(self, word: Word) -> None:
        """Take in a thing that is described by more than its noun."""
        token = word.token
        if lemma_of(token) not in _INTRODUCED or token.dep_ == "compound":
            return
        left = [t for t in token.lefts if t.dep_ != "cc"]
        if any(t.lower_ in _GENERIC or t.dep_ in ("nummod", "neg") for t in left):
            self._bring_in(word, "")
            return
        described = [t for t in left if t.dep_ in ("amod", "compound", "poss", "nmod")]
        last = _close_phrase_end(token)
        if not described and last.i == token.i:
            if any(t.lower_ in ("a", "an") for t in left):
                self._bring_in(word, "")
            return
        first = min((t.left_edge for t in left), key=lambda t: t.i, default=token)
        phrase = token.doc[first.i : last.i + 1]
        plain = all(t.pos_ not in ("PRON", "VERB") or t.tag_ in ("VBN", "VBG") for t in phrase)
        plain = plain and not any(t.is_quote or t.text in "(),:;–—" or t.ent_type_ == "DATE" for t in phrase)
        if any(t.lower_ in ("this", "that", "these", "those") for t in left):
            return
        text = self._text[slice(*word.parsed.bounds(first, last))] if plain else ""
        self._bring_in(word, _definite(text, first))

    def _bring_in(self, word: Word, phrase: str) -> None:
        kind = (lemma_of(word.token), word.token.tag_)
        self._keep(kind, word.start, word.sentence, phrase)

    def _keep(self, kind: tuple[str, str], start: int, sentence: int, phrase: str) -> None:
        """Keep the first two different phrases: with the second, the noun alone is no longer clear."""
        known = self._things[kind]
        if len(known) < 2 and all(phrase.lower() != other.lower() for *_, other in known):
            known.append((start, sentence, phrase))

    def _note_captions(self, prose_from: int) -> None:
        """Captions are not parsed: "hold talks in Paris" there brings in the talks too."""
        if prose_from > _HEAD:
            return
        for found in re.finditer(_CAPTION, self._text[:prose_from]):
            noun = found["noun"].lower()
            words_after = found["rest"].split(" ")
            while len(words_after) > 1 and self._text.find(" ".join(words_after[1:]), prose_from) < 0:
                words_after.pop()  # the photographer's name, not the place's
            if len(words_after) < 2:
                continue
            lemma, tag = (noun[:-1], "NNS") if noun.endswith("s") else (noun, "NN")
            if lemma in _INTRODUCED:
                self._keep((lemma, tag), found.start(), 0, f"the {noun} {' '.join(words_after)}")


def _fuller(name: str, spelt: str) -> bool:
    bare = [word for word in spelt.split() if word.lower().rstrip(".") not in _PLAIN_TITLES]
    return "\n" not in name and len(bare) < len(name.split()) <= 5


def _described_after(noun: Token) -> bool:
    return any(c.dep_ in ("prep", "relcl", "acl", "appos", "conj", "nummod") for c in noun.rights)


def _close_phrase_end(noun: Token) -> Token:
    """The last word of the phrase that follows a noun at once: "talks in Paris"."""
    after = next((c for c in noun.rights if c.dep_ == "prep" and c.i == noun.i + 1), None)
    if after is None:
        return noun
    tokens = list(after.subtree)
    short = len(tokens) <= 5 and not any(t.dep_ in ("relcl", "acl", "pcomp") for t in tokens)
    return tokens[-1] if short and not tokens[-1].is_punct else noun


def _definite(phrase: str, first: Token) -> str:
    """The phrase as one speaks of it again: "a Paris summit" as "the Paris summit"."""
    if not phrase or len(phrase.split()) > _LONGEST or "\n" in phrase:
        return ""
    if first.lower_ in ("a", "an", "the"):
        return "the " + phrase.split(" ", 1)[1]
    if first.dep_ == "poss" or any(c.dep_ == "case" for c in first.children) or first.dep_ == "det":
        return phrase
    return "the " + phrase


def _holds(person: Person, noun: str, wanted: set[str], nations: frozenset[str]) -> bool:
    """Whether the article gives the person this office, with every word of the description."""
    return any(
        role.noun == noun and wanted <= role.words and (not nations or bool(nations & role.nations))
        for role in person.roles
    )
