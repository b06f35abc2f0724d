"""Everything an article names or describes, and which pronouns surely stand for which of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.extraction.attribution import SUBJECTS
from claims.extraction.lexicon import (
    COMMISSIVE_VERBS,
    DENIAL_VERBS,
    FEMALE,
    FINDING_VERBS,
    HONORIFICS,
    MALE,
    NATIONS,
    NOBLE,
    ROLE_NOUNS,
    SPEECH_VERBS,
)
from claims.extraction.names import Cast, Person
from claims.extraction.parsing import lemma_of
from claims.extraction.speakers import noun_phrase
from claims.extraction.standalone_words import Word, Words

if TYPE_CHECKING:
    from spacy.tokens import Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_REPORTING = (
    SPEECH_VERBS | FINDING_VERBS | COMMISSIVE_VERBS | DENIAL_VERBS | {"know", "learn", "realise", "realize"}
)
_HUMANS = _words(
    "man woman boy girl person patient student neighbour driver senator voter supporter reporter"
)
_VAGUE = _words(
    """more many some most few several percent all both no numbers majority half one two three four five
    any every each such another other others % those these lots lot thousands millions hundreds dozens"""
)
_PLURAL_BODIES = frozenset(("police", "people", "staff"))
_PLACES = ("GPE", "LOC", "FAC")
_MALE, _FEMALE = ("he", "him", "his"), ("she", "her", "hers")
_LONGEST_NAME = 8  # tokens
_NEAR = 1  # sentences back


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where the article names or describes somebody or something; `key` is the same for one thing."""

    start: int
    end: int
    key: str
    name: str
    person: bool
    plural: bool
    gender: str | None
    proper: bool
    subject: bool

    def may_be(self, pronoun: str) -> bool:
        """Whether the pronoun agrees with it."""
        if pronoun in ("they", "them", "their"):
            return self.plural
        if pronoun in ("it", "its"):
            return not self.person and not self.plural
        gender = "m" if pronoun in _MALE else "f"
        return self.person and not self.plural and self.gender in (None, gender)


class Mentions:
    """The mentions of an article, by token and by sentence, with its pronouns resolved where that is sure."""

    def __init__(self, text: str, words: Words, cast: Cast) -> None:
        self.text = text
        self.cast = cast
        self._by_token: dict[tuple[int, int], Mention] = {}
        self._by_place: dict[tuple[int, int], list[Mention]] = defaultdict(list)
        for word in words.all:
            mention = self._mention_at(word)
            if mention is not None:
                self._add(word, mention)
        for word in words.all:
            if word.parsed.within is None and word.token.tag_ in ("PRP", "PRP$"):
                mention = self._antecedent(word)
                if mention is not None:
                    self._add(word, _again(mention, word))

    def of(self, token: Token) -> Mention | None:
        """What the token names or, where it is a pronoun of the reporter's, surely stands for."""
        return self._by_token.get((id(token.doc), token.i))

    def spoken_of(self, word: Word, claimant: str | None) -> Mention | None:
        """Whom "he" or "she" inside a quotation means, where only one other person can be meant."""
        pronoun = word.token.lower_
        if pronoun not in _MALE + _FEMALE:
            return None
        inside = self._place(word)
        asked = self._by_place.get((-1, word.sentence), [])
        fitting = {
            m.key: m
            for m in (*inside, *asked)
            if m.start < word.start and m.may_be(pronoun) and m.name != claimant
        }
        only = next(iter(fitting.values())) if len(fitting) == 1 else None
        return only if only is not None and only.proper else None

    def _add(self, word: Word, mention: Mention) -> None:
        self._by_token[(id(word.token.doc), word.token.i)] = mention
        self._place(word).append(mention)

    def _place(self, word: Word) -> list[Mention]:
        within = word.parsed.within
        return self._by_place[(-1 if within is None else within, word.sentence)]

    def _mention_at(self, word: Word) -> Mention | None:
        token = word.token
        if token.pos_ == "PROPN" or (token.pos_ == "NOUN" and self._is_surname(token)):
            return self._named(word)
        if token.pos_ != "NOUN" or token.dep_ in ("compound", "npadvmod", "amod"):
            return None
        if token.ent_type_ in ("DATE", "TIME", "PERCENT", "MONEY", "CARDINAL"):
            return None
        name = self._phrase(word)
        plural = token.tag_ == "NNS" or token.lower_ in _PLURAL_BODIES or _joined(token)
        person = not plural and token.lower_ in ROLE_NOUNS | _HUMANS
        gender = "f" if token.lower_ in FEMALE else "m" if token.lower_ in MALE else None
        if any(c.dep_ in ("appos", "compound") and c.pos_ == "PROPN" for c in token.children) and person:
            return None  # the name beside it is the mention
        key = name.lower()
        return Mention(word.start, word.end, key, name, person, plural, gender, False, _is_subject(token))

    def _is_surname(self, token: Token) -> bool:
        """Whether a word that the parser may have taken for a noun ("Sanders") is somebody's surname."""
        known = token.text[0].isupper() and token.text in self.cast.by_word
        return known and any(p.surname == token.text for p in self.cast.by_word[token.text])

    def _named(self, word: Word) -> Mention | None:
        token = word.token
        if token.i + 1 < len(token.doc) and token.nbor(1).pos_ == "PROPN" and token.nbor(1).text[0].isalpha():
            return None
        person, first = self._person(token)
        if person is not None:
            if any(c.dep_ == "det" for c in token.children):
                return None  # "the Lee of the north" is somebody else
            if token.dep_ in ("compound", "nmod") and token.head.i > token.i:
                return None
            start = word.parsed.start_of(first)
            return Mention(
                start,
                word.end,
                person.name,
                person.name,
                True,
                False,
                person.gender,
                True,
                _is_subject(token),
            )
        if token.dep_ == "compound" or token.ent_type_ in ("DATE", "TIME"):
            return None
        name = self._phrase(word)
        unknown = token.ent_type_ == "PERSON"
        plural = token.tag_ == "NNPS" or _joined(token)
        key = name.lower()
        return Mention(word.start, word.end, key, name, unknown, plural, None, True, _is_subject(token))

    def _person(self, last: Token) -> tuple[Person | None, Token]:
        """The one person whose name ends here, and the first word of the name as it stands."""
        if _is_place(last):
            return None, last
        called = self.cast.person_called(last.text)
        if called is None:
            return None, last
        parts = set(called.name.replace("-", " ").split())
        first, opening = last, last.sent.start
        floor = max(opening, last.i - _LONGEST_NAME)
        while first.i > floor and (first.nbor(-1).text in parts or first.nbor(-1).text == "-"):
            first = first.nbor(-1)
        spelt = last.doc[first.i : last.i + 1].text
        known = self.cast.person_called(spelt) or called
        before = first.nbor(-1) if first.i > opening else None
        if before is not None and not _agrees(before, known):
            return None, last
        sharing = [p for p in self.cast.sharing_name(spelt) if not _hardly_named(p)]
        if len(sharing) == 1:
            known = sharing[0]
        return (None, last) if len(sharing) > 1 else (known, first)

    def _phrase(self, word: Word) -> str:
        first, last = noun_phrase(word.token)
        if last.i - first.i >= _LONGEST_NAME:
            first, last = word.token, word.token
        phrase = word.token.doc[first.i : last.i + 1]
        name = self.text[slice(*word.parsed.bounds(first, last))]
        plain = not any(t.pos_ == "PRON" or t.is_quote or t.text in "[]()" for t in phrase)
        if not plain or "\n" in name or any(t.lower_ in _VAGUE or t.pos_ == "NUM" for t in phrase):
            return ""
        return name[0].lower() + name[1:] if first.pos_ in ("DET", "ADJ", "NOUN", "NUM") else name

    def _antecedent(self, word: Word) -> Mention | None:
        pronoun, token = word.token.lower_, word.token
        pronoun = {"him": "he", "his": "he", "her": "she", "them": "they"}.get(pronoun, pronoun)
        if pronoun in ("it", "its") and not self._refers(word):
            return None
        if pronoun not in ("he", "she", "they", "their", "it", "its"):
            return None
        speaker = self._speaker_over(word)
        if speaker is not None and speaker.may_be(pronoun):
            between = [m for m in self._fitting(word, pronoun) if m.start > speaker.start]
            clear = all(m.key == speaker.key for m in between) and not self._own_subject(token, speaker)
            if clear and (speaker.proper or not speaker.person):
                return speaker
        if pronoun in ("it", "its"):
            return self._thing_before(word)
        found = self._nearest(word, pronoun)
        if found is None or not found.person:
            return found
        # without its first name known for a man's or a woman's, a name may be anybody's
        known = found.gender is not None or len(self.cast.people) == 1
        sure = found.proper and known and not self._leads_in(word, found, pronoun)
        return found if sure else None

    def _nearest(self, word: Word, pronoun: str) -> Mention | None:
        """The only one that fits in this sentence, else in the one before, or else its only subject."""
        here = [m for m in self._fitting(word, pronoun) if not self._own_subject(word.token, m)]
        if here:
            only = here[-1] if len({m.key for m in here}) == 1 else None
            return only if only is not None and (only.person or only.subject) else None
        for back in range(1, _NEAR + 1):
            before = [m for m in self._by_place.get((-1, word.sentence - back), []) if m.may_be(pronoun)]
            if len({m.key for m in before}) == 1:
                return before[-1] if before[-1].person or before[0].subject else None
            subjects = [m for m in before if m.subject]
            if before:
                sure = pronoun in ("he", "she") and _is_subject(word.token)
                return subjects[-1] if sure and len({m.key for m in subjects}) == 1 else None
        return None

    def _leads_in(self, word: Word, found: Mention, pronoun: str) -> bool:
        """Whether the pronoun may point ahead: "as he has done all year, Lee led the news"."""
        clause = word.token.head if _is_subject(word.token) else word.token
        main = clause.dep_ in ("ROOT", "ccomp", "conj") and _is_subject(word.token)
        later = (m for m in self._place(word) if m.start > word.start and m.subject and m.may_be(pronoun))
        return not main and any(m.key != found.key for m in later)

    def _thing_before(self, word: Word) -> Mention | None:
        """ "It" at the start of a sentence: the body that the sentence before is about."""
        token = word.token
        if token.lower_ != "it" or token.i != token.sent.start or not _is_subject(token):
            return None
        before = [m for m in self._by_place.get((-1, word.sentence - 1), []) if m.may_be("it")]
        bodies = {m.key: m for m in before if m.proper or m.subject}
        subjects = [m for m in bodies.values() if m.subject and m.proper]
        return subjects[0] if len(bodies) == 1 and subjects else None

    def _refers(self, word: Word) -> bool:
        """Whether "it" stands for something, as it does not in "it is clear that"."""
        token = word.token
        if token.lower_ == "its":
            return True
        verb = token.head
        empty = {"be", "seem", "appear", "take", "turn", "happen", "rain", "snow", "come", "remain", "become"}
        return _is_subject(token) and lemma_of(verb) not in empty

    def _fitting(self, word: Word, pronoun: str) -> list[Mention]:
        return [m for m in self._place(word) if m.start < word.start and m.may_be(pronoun)]

    def _own_subject(self, token: Token, mention: Mention) -> bool:
        """Whether the mention is the subject of the verb whose object the pronoun is: "Lee saw him"."""
        if token.dep_ not in ("dobj", "dative", "pobj"):
            return False
        verb = next((t for t in token.ancestors if t.pos_ in ("VERB", "AUX")), None)
        subject = next((c for c in verb.children if c.dep_ in SUBJECTS), None) if verb is not None else None
        found = self.of(subject) if subject is not None else None
        return found is not None and found.key == mention.key

    def _speaker_over(self, word: Word) -> Mention | None:
        """The subject of the verb of speech in whose content the pronoun, or what it owns, is the subject."""
        subject_of = word.token.head if word.token.tag_ == "PRP$" else word.token
        if not _is_subject(subject_of):
            return None
        verb = subject_of.head
        while verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
            verb = verb.head
        if verb.dep_ != "ccomp" or lemma_of(verb.head) not in _REPORTING:
            return None
        subject = next((c for c in verb.head.children if c.dep_ in SUBJECTS), None)
        return self.of(subject) if subject is not None else None


def _again(mention: Mention, word: Word) -> Mention:
    return Mention(
        word.start,
        word.end,
        mention.key,
        mention.name,
        mention.person,
        mention.plural,
        mention.gender,
        mention.proper,
        _is_subject(word.token),
    )


def _is_subject(token: Token) -> bool:
    while token.dep_ == "conj" and token.head.pos_ in ("NOUN", "PROPN", "PRON"):
        token = token.head
    return token.dep_ in ("nsubj", "nsubjpass")


def _joined(token: Token) -> bool:
    return any(c.dep_ == "conj" for c in token.children)


def _is_place(last: Token) -> bool:
    if last.lower_ in NATIONS:
        return True
    return last.ent_type_ in _PLACES and last.dep_ == "pobj" and last.head.lower_ in ("in", "at")


def _hardly_named(person: Person) -> bool:
    """Whether a full name stands there once and tells nothing: the parser may have read "Top Lee" as one."""
    return person.gender is None and not person.roles and len(set(person.places)) == 1


def _agrees(before: Token, person: Person) -> bool:
    """Whether the title before a name may be this person's: no "Mrs" for a man, no office never told."""
    word = before.lower_.rstrip(".")
    if word in ("mr", "mrs", "ms", "miss"):
        return person.gender in (None, "m" if word == "mr" else "f")
    if before.pos_ == "PROPN" and word in ROLE_NOUNS:
        return any(role.noun == word for role in person.roles)
    title = word in HONORIFICS | NOBLE
    another = before.pos_ == "PROPN" and before.dep_ == "compound" and before.head.i == before.i + 1
    return title or not another  # "Chuck Lee" is not Charles Lee as the article spells him
