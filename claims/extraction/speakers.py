"""Who a subject means: a name, a pronoun, an office or a group, told from what the article said before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.extraction.lexicon import (
    DOCUMENT_NOUNS,
    FEMALE,
    HONORIFICS,
    MALE,
    MONTHS,
    NATIONS,
    ROLE_NOUNS,
    WEEKDAYS,
)
from claims.extraction.names import Cast, Person, nations_among
from claims.extraction.parsing import Parsed

if TYPE_CHECKING:
    from spacy.tokens import Token

_HUMANS = frozenset(
    ("man", "woman", "boy", "girl", "person", "patient", "student", "neighbour", "neighbor", "driver")
)
_LOOK_BACK = 8  # sentences
_LONGEST_NAME = 20  # words and marks


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody or something that words can come from; text[span] is the name."""

    name: str
    span: tuple[int, int]
    person: bool = False
    plural: bool = False
    gender: str | None = None


@dataclass(slots=True)
class Mentions:
    """Whom one sentence named, by the part they played in it."""

    speakers: list[Speaker] = field(default_factory=list)
    subjects: list[Speaker] = field(default_factory=list)
    others: list[Speaker] = field(default_factory=list)

    def everybody(self) -> list[Speaker]:
        """Those it named, the speakers last."""
        return [*self.others, *self.subjects, *self.speakers]


class Discourse:
    """What has been said so far, so that "she", "they" and "the minister" can be understood."""

    def __init__(self, text: str, cast: Cast) -> None:
        self.text = text
        self.cast = cast
        self.past: list[Mentions] = []
        self._documents: dict[str, list[Speaker]] = {}
        self._looked_through = 0  # sentences whose documents are noted

    def begin_sentence(self) -> Mentions:
        self.past.append(Mentions())
        return self.past[-1]

    def named(self, token: Token, piece: Parsed) -> Speaker | None:
        """The person or body whose name the token ends, if it is a name."""
        span = _name_tokens(token)
        start, end = piece.bounds(span[0], span[-1])
        words = self.text[start:end]
        person = self.cast.person_called(words)
        if person is None and len(span) > 1:
            person = self.cast.person_called(token.text)
        if person is not None and len(self.cast.sharing_name(words)) > 1:
            person = self._latest_of(self.cast.sharing_name(words), start) or person
        if person is not None:
            return self.as_speaker(person, start)
        return None

    def resolve(self, subject: Token, piece: Parsed) -> Speaker | None:
        """The speaker that a subject stands for, or None where it stands for nobody in particular."""
        word = subject.lower_
        if word in ("who", "which", "that") and subject.head.dep_ in ("relcl", "acl"):
            return self.resolve(subject.head.head, piece)
        if subject.pos_ == "PRON" or word in ("he", "she", "they", "it"):
            return self._pronoun(word, subject, piece)
        if any(child.dep_ == "conj" for child in subject.children):
            return self._as_written(subject, piece)
        known = self.cast.acronym_called(self.text[slice(*piece.bounds(subject, subject))])
        if known is not None:
            return Speaker(known[0], known[1])
        for candidate in (subject, *(c for c in subject.children if c.dep_ == "appos")):
            # surnames in -s, as "Sanders", are often tagged as plain plurals
            if candidate.text[:1].isupper() or candidate.ent_type_ == "PERSON":
                speaker = self.named(candidate, piece)
                if speaker is not None:
                    return speaker
        beside = _name_beside(subject)
        if beside is not None and subject.lower_ in ROLE_NOUNS:
            speaker = self.named(beside, piece)
            if speaker is not None and speaker.person:
                return speaker
        owner = next((c for c in subject.children if c.dep_ == "poss"), None)
        if owner is not None and owner.lower_ in ("its", "their") and word not in ROLE_NOUNS:
            return self._pronoun("it" if owner.lower_ == "its" else "they", owner, piece)
        described = self._described(subject, piece) if subject.tag_ in ("NN", "NNP") else None
        return described or self._as_written(subject, piece)

    def as_speaker(self, person: Person, near: int) -> Speaker:
        """The person as a speaker, named where the article last did so in full before `near`."""
        before = bisect_right(person.places, (near, near))
        span = person.places[max(0, before - 1)]
        return Speaker(person.name, span, person=True, gender=person.gender)

    def document_called(self, noun: str, longer_than: int) -> Speaker | None:
        """What was named last by the noun and more characters than so many: "the poll", "the Gallup poll"."""
        for mentions in self.past[self._looked_through : -1]:
            for speaker in mentions.everybody():
                self._note_document(speaker)
        self._looked_through = max(0, len(self.past) - 1)
        here = self.past[-1].everybody() if self.past else []
        for speaker in reversed(here):
            if noun in speaker.name.lower().split() and len(speaker.name) > longer_than:
                return speaker
        known = reversed(self._documents.get(noun, []))
        return next((speaker for speaker in known if len(speaker.name) > longer_than), None)

    def _note_document(self, speaker: Speaker) -> None:
        """Keep the speaker under its nouns, without earlier ones that no question can prefer to it."""
        for noun in DOCUMENT_NOUNS.intersection(speaker.name.lower().split()):
            known = self._documents.setdefault(noun, [])
            while known and len(known[-1].name) <= len(speaker.name):
                known.pop()
            known.append(speaker)

    def _described(self, subject: Token, piece: Parsed) -> Speaker | None:
        noun = subject.lower_
        left = list(subject.lefts)
        if any(t.lower_ in ("a", "an", "another", "one", "some", "any") for t in left):
            return None
        if noun in ROLE_NOUNS:
            inner = [t for t in subject.subtree if t.i < subject.i]
            words = [t.lower_ for t in inner if t.pos_ in ("ADJ", "NOUN", "PROPN")]
            nations = nations_among(inner)
            fitting = self.cast.described_as(noun, [w for w in words if not nations_among_word(w)], nations)
            if fitting:
                return self.as_speaker(self._latest(fitting), piece.start_of(subject))
        if subject.pos_ == "NOUN" and any(t.lower_ == "the" for t in left) and len(left) == 1:
            body = self.cast.body_called(noun)
            if body is not None:
                return Speaker(body[0], body[1])
        return None

    def _latest(self, people: list[Person]) -> Person:
        """Of several people who fit equally, the one mentioned last."""
        names = [person.name for person in people[:3]]
        if len(names) > 1:
            for sentence in reversed(self.past[-_LOOK_BACK:]):
                for speaker in (*sentence.speakers, *sentence.subjects, *sentence.others):
                    if speaker.name == names[0]:
                        return people[0]
        return people[0]

    def _latest_of(self, people: list[Person], here: int) -> Person | None:
        """Of people who share a surname, the one who acted last; else the one named first."""
        names = {person.name: person for person in people}
        for sentence in reversed(self.past[-_LOOK_BACK:]):
            for speaker in (*sentence.speakers[::-1], *sentence.subjects[::-1]):
                if speaker.name in names:
                    return names[speaker.name]
        started = [person for person in people if person.places[0][0] <= here]
        return min(started, key=lambda person: person.places[0], default=None)

    def _pronoun(self, word: str, token: Token, piece: Parsed) -> Speaker | None:
        here = piece.start_of(token)
        if word in ("he", "she", "him", "her", "his"):
            gender = "m" if word in ("he", "him", "his") else "f"
            return self._search(lambda s: s.person and s.gender in (None, gender), here)
        if word in ("they", "them", "their"):
            return self._search(lambda s: s.plural, here) or self._search(lambda s: True, here)
        if word in ("it", "its"):
            return self._search(lambda s: not s.person and not s.plural, here)
        return None

    def _search(self, fits: Callable[[Speaker], bool], here: int) -> Speaker | None:
        for back, sentence in enumerate(reversed(self.past[-_LOOK_BACK:])):
            groups = [sentence.speakers[::-1], sentence.subjects[::-1]]
            groups.append(sentence.others[::-1])
            for group in groups:
                for speaker in group:
                    if fits(speaker) and (back or speaker.span[0] < here):
                        return speaker
        return None

    def _as_written(self, subject: Token, piece: Parsed) -> Speaker | None:
        first, last = noun_phrase(subject)
        start, end = piece.bounds(first, last)
        name = self.text[start:end]
        if not any(char.isalnum() for char in name):
            return None
        several = any(c.dep_ == "conj" for c in subject.children)
        if (
            subject.pos_ == "PROPN"
            and not several
            and first.lower_.rstrip(".") in HONORIFICS
            and first.i < last.i
        ):
            start = piece.start_of(first.nbor(1))
            return Speaker(self.text[start:end], (start, end), person=True, gender=_gender_of(first))
        plural = several or subject.tag_ in ("NNS", "NNPS") or subject.lower_ in ("police", "people", "staff")
        person = not plural and (subject.lower_ in ROLE_NOUNS | _HUMANS or subject.ent_type_ == "PERSON")
        return Speaker(name, (start, end), person=person, plural=plural, gender=_gender_of(subject))


def _name_beside(role: Token) -> Token | None:
    """The last word of a name set between commas after an office, where the parse does not join the two."""
    doc, at = role.doc, role.i + 1
    if at + 1 >= len(doc) or doc[at].text != "," or doc[at + 1].pos_ != "PROPN":
        return None
    while at + 1 < len(doc) and (doc[at + 1].pos_ == "PROPN" or doc[at + 1].text == "-"):
        at += 1
    return doc[at]


def _gender_of(word: Token) -> str | None:
    if word.lower_ in FEMALE:
        return "f"
    return "m" if word.lower_ in MALE else None


def nations_among_word(word: str) -> bool:
    return word in NATIONS


def _name_tokens(token: Token) -> list[Token]:
    """The contiguous name words that end at the token."""
    words = [token]
    at = token.i - 1
    floor = max(token.sent.start, token.i - _LONGEST_NAME)
    while at >= floor:
        before = token.doc[at]
        if before.text == "-" or (before.pos_ == "PROPN" and before.head.i >= before.i):
            words.insert(0, before)
            at -= 1
        else:
            break
    return words


def noun_phrase(head: Token) -> tuple[Token, Token]:
    """First and last token of the phrase as a reader would name the source: no relative clause, no dates."""
    doc = head.doc
    first = head
    for child in head.lefts:
        if child.dep_ in (
            "det",
            "amod",
            "compound",
            "nummod",
            "poss",
            "nmod",
            "quantmod",
            "advmod",
            "predet",
        ):
            edge = child.left_edge
            if edge.i < first.i and not (
                child.dep_ == "advmod" and edge.i == child.i and child.i < head.i - 2
            ):
                first = edge
    last = head
    for child in head.rights:
        if child.dep_ == "prep" and child.i == last.i + 1:
            end = _phrase_end(child)
            last = doc[max(end, last.i)]
        elif child.dep_ == "acl" and child.i == last.i + 1 and _published_by(child) is not None:
            last = _published_by(child) or last
        elif child.dep_ == "conj" or (child.dep_ == "cc" and child.i == last.i + 1):
            last = noun_phrase(child)[1] if child.dep_ == "conj" else last
        elif child.dep_ == "case" or (child.text == "," and any(c.dep_ == "conj" for c in head.children)):
            continue
        else:
            break
    return first, last


def _published_by(participle: Token) -> Token | None:
    """ "figures released by the ministry": the end of the body that the document comes from."""
    agent = next((c for c in participle.children if c.dep_ == "agent"), None)
    body = next((c for c in agent.children if c.dep_ == "pobj"), None) if agent is not None else None
    return noun_phrase(body)[1] if body is not None and body.i - participle.i < 6 else None


def _phrase_end(preposition: Token) -> int:
    """Index of the last token of a prepositional phrase, cut before clauses, commas and dates."""
    end = preposition.i
    for token in preposition.doc[preposition.i + 1 : preposition.right_edge.i + 1]:
        if token.text in (",", "(", "–", "—", ";", ":") or token.dep_ in ("relcl", "acl", "npadvmod"):
            break
        if token.lower_ in MONTHS | WEEKDAYS or token.lower_ in ("who", "which", "that", "whose"):
            break
        end = token.i
    doc = preposition.doc
    while end > preposition.i and doc[end].pos_ in ("ADP", "DET", "CCONJ", "PUNCT", "ADJ"):
        end -= 1
    return end if end > preposition.i else preposition.i - 1
