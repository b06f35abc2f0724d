"""People and bodies an article names, and the fullest spelling it gives of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.extraction.body_names import SpelledBodies
from claims.extraction.lexicon import (
    FEMALE,
    FEMALE_NAMES,
    HONORIFICS,
    MALE,
    MALE_NAMES,
    NATIONS,
    NOBLE,
    ROLE_NOUNS,
)
from claims.extraction.parsing import Parsed

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_NAME_WORD = re.compile(r"^[A-Z][\w'’.-]*$")
_LESSER = frozenset(("vice", "deputy", "former", "assistant", "acting", "shadow", "ex"))
_ACRONYM = re.compile(
    r"((?:\b[Tt]he[ ])?(?:\b[A-Z][\w&'’-]{0,60}[ ](?:(?:of|for|and|the|on|in|to)[ ]){0,2}){1,8}[A-Z][\w'’-]*)"
    r"[ ]\(([A-Z]{2,8})\)"
)
PARTICLES = frozenset(("de", "van", "von", "der", "al", "bin", "la", "le", "del", "di", "da", "du"))
_GENERATIONS = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
_GENDERED = (FEMALE | MALE) - {"she", "her", "hers", "he", "him", "his"}
_ORG_LABELS = ("ORG", "FAC", "GPE", "NORP", "LOC")


@dataclass(slots=True)
class Role:
    """A description the article gives of a person: "the council's finance director"."""

    noun: str
    words: frozenset[str]
    nations: frozenset[str]


@dataclass(slots=True)
class Person:
    """One person; `name` is the fullest spelling, `places` where the article spells it so."""

    name: str
    places: list[tuple[int, int]] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    gender: str | None = None

    @property
    def surname(self) -> str:
        return surname_in(self.name.split())


def surname_in(words: Sequence[str]) -> str:
    """The last word of a name that is not "Jr." or the like."""
    kept = [word for word in words if word.lower() not in _GENERATIONS]
    return (kept or list(words))[-1]


@dataclass(slots=True)
class Cast:
    """Everybody the article names in full, and its bodies with long names."""

    people: list[Person] = field(default_factory=list)
    by_word: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    acronyms: dict[str, tuple[str, tuple[int, int]]] = field(default_factory=dict)
    bodies: dict[str, dict[str, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))
    _spelled: SpelledBodies | None = None
    _holders: dict[str, list[tuple[int, Person]]] | None = None

    def person_called(self, words: str) -> Person | None:
        """The person whom these words name: a full name, a surname, or a first name that only one has."""
        parts = [part for part in words.split() if part.lower().rstrip(".") not in HONORIFICS | NOBLE]
        if not parts:
            return None
        while len(parts) > 1 and parts[0].lower() in PARTICLES:
            parts = parts[1:]  # "De Blasio" opens a sentence, "Bill de Blasio" is the name
        last, first = surname_in(parts), parts[0]
        fitting = [p for p in self.by_word.get(last, []) if p.surname == last]
        if len(parts) > 1:
            exact = [p for p in fitting if first in p.name.split()]
            exact = exact or [p for p in fitting if p.name.startswith(first[0])]
            return max(exact, key=lambda p: len(p.name), default=None)
        if not fitting:
            fitting = [p for p in self.by_word.get(first, []) if first in p.name.split()[:1]]
            if len(fitting) > 1:
                return None
        return max(fitting, key=lambda p: (len(p.places), len(p.name)), default=None)

    def sharing_name(self, words: str) -> list[Person]:
        """Everybody whom a bare surname may mean; nobody for a fuller name."""
        parts = [part for part in words.split() if part.lower().rstrip(".") not in HONORIFICS]
        if len(parts) != 1:
            return []
        return [p for p in self.by_word.get(parts[0], []) if p.surname == parts[0]]

    def body_called(self, noun: str) -> tuple[str, tuple[int, int]] | None:
        """The one long name that ends in this common noun ("the commission"), with where it stands."""
        names = self.bodies.get(noun.lower(), {})
        if len(names) != 1:
            return None
        return next(iter(names.items()))

    def body_spelled(self, words: str) -> tuple[str, tuple[int, int]] | None:
        """The one long name that an acronym or a beginning stands for: "DNC", "the Brennan Center"."""
        if self._spelled is None:
            self._spelled = SpelledBodies(row for names in self.bodies.values() for row in names.items())
        return self._spelled.find(words)

    def acronym_called(self, word: str) -> tuple[str, tuple[int, int]] | None:
        """The long name that the article gives an acronym: "WHO" for the World Health Organization (WHO)."""
        return self.acronyms.get(word)

    def holders(self, noun: str) -> list[tuple[int, Person]]:
        """Everybody who is given an office by this noun, with their places among the people."""
        if self._holders is None:
            self._holders = defaultdict(list)
            for order, person in enumerate(self.people):
                for office in dict.fromkeys(role.noun for role in person.roles):
                    self._holders[office].append((order, person))
        return self._holders.get(noun, [])

    def described_as(self, noun: str, words: Iterable[str], nations: frozenset[str]) -> list[Person]:
        """The people a description may mean, best first: same office, no other country."""
        wanted = frozenset(words)
        scored: list[tuple[int, int, Person]] = []
        for order, person in self.holders(noun):
            for role in person.roles:
                if role.noun != noun or (nations and role.nations and not nations & role.nations):
                    continue
                if (role.words - wanted) & _LESSER:
                    continue  # "the president" is not the vice president
                missing = len(wanted - role.words)
                scored.append(
                    (-2 * len(wanted & role.words) + missing - len(nations & role.nations), order, person)
                )
        if wanted:
            scored = [row for row in scored if row[0] <= 0 or len(wanted) < 2]
        return [person for *_, person in sorted(scored, key=lambda row: row[:2])]


def _lone_names(parsed: Sequence[Parsed]) -> frozenset[str]:
    """Name words that stand by themselves as the subject of something, as surnames do."""
    return frozenset(
        token.text
        for piece in parsed
        for token in piece.doc
        if token.pos_ == "PROPN"
        and token.dep_ == "nsubj"
        and token.text.istitle()
        and not any(c.dep_ in ("compound", "det", "nmod") for c in token.children)
        and token.ent_type_ not in ("GPE", "NORP", "DATE", "LOC")
    )


def _surnamed(piece: Parsed, lone: frozenset[str]) -> Iterable[Span]:
    """Runs of name words whose last word is used alone elsewhere: people that the model missed."""
    doc, at = piece.doc, 0
    while at < len(doc):
        end = at
        while end < len(doc) and _continues_name(doc[end]) and doc[end].ent_type_ not in ("GPE", "DATE"):
            end += 1
        last = end - 2 if end - at > 2 and doc[end - 1].lower_ in _GENERATIONS else end - 1
        if end - at >= 2 and doc[last].text in lone:
            span = _trimmed(doc[at:end])
            if span is not None and len(span) <= 3 + (last < end - 1):
                yield span
        at = max(end, at + 1)


def build_cast(text: str, parsed: Sequence[Parsed]) -> Cast:
    """The cast of an article from its parsed prose."""
    cast = Cast(acronyms=_acronyms(text))
    spans: dict[str, list[tuple[Parsed, Span]]] = defaultdict(list)
    lone = _lone_names(parsed)
    for piece in parsed:
        for span in (*_full_names(piece), *_surnamed(piece, lone)):
            start, end = piece.bounds(span[0], span[-1])
            name = text[start:end]
            if re.fullmatch(r"[^\W\d_][\w'’.\- \u00a0]+", name):
                spans[name].append((piece, span))
        _note_bodies(text, piece, cast)
    for name in sorted(spans, key=lambda n: (-len(n.split()), spans[n][0][0].start_of(spans[n][0][1][0]))):
        _admit(name, spans[name], cast)
    for person in cast.people:
        person.places.sort()
    cast.people.sort(key=lambda p: p.places[0])
    for piece in parsed:
        _note_genders(piece, cast)
    for person in cast.people:
        first = person.name.split()[0].split("-")[0].lower()
        if person.gender is None and first in FEMALE_NAMES | MALE_NAMES:
            person.gender = "f" if first in FEMALE_NAMES else "m"
    _hear_genders(text, cast)
    return cast


def _acronyms(text: str) -> dict[str, tuple[str, tuple[int, int]]]:
    """Long names followed by their initials in brackets."""
    found: dict[str, tuple[str, tuple[int, int]]] = {}
    for match in _ACRONYM.finditer(text):
        words = list(re.finditer(r"[\w&'’-]+", match[1]))
        for first in range(len(words)):
            initials = "".join(w[0][0] for w in words[first:] if w[0][0].isupper())
            if initials == match[2] and words[first][0][0].isupper():
                before = words[first - 1] if first and words[first - 1][0].lower() == "the" else words[first]
                start, end = match.start(1) + before.start(), match.end(1)
                found.setdefault(match[2], (text[start:end], (start, end)))
                break
    return found


def _admit(name: str, spans: list[tuple[Parsed, Span]], cast: Cast) -> None:
    parts = name.split()
    person = next(
        (
            p
            for p in cast.by_word.get(surname_in(parts), [])
            if p.surname == surname_in(parts) and set(parts) <= set(p.name.split())
        ),
        None,
    )
    if person is None:
        person = Person(name)
        cast.people.append(person)
        for part in set(parts):
            cast.by_word[part].append(person)
    for piece, span in spans:
        if person.name == name:
            person.places.append(piece.bounds(span[0], span[-1]))
        person.roles.extend(role for role in _roles_of(span) if role not in person.roles)


def _full_names(piece: Parsed) -> Iterable[Span]:
    """Spans of two or more name words that look like a person: by the model, or after an office."""
    taken: set[int] = set()
    for entity in piece.doc.ents:
        if entity.label_ == "PERSON":
            span = _trimmed(entity)
            if span is not None:
                taken.update(range(span.start, span.end))
                yield span
    for token in piece.doc:
        if token.i in taken or token.pos_ != "PROPN" or token.ent_type_ in ("GPE", "DATE", "NORP"):
            continue
        before = piece.doc[token.i - 1] if token.i else None
        if before is None or not _is_office(before):
            continue
        end = token.i + 1
        while end < len(piece.doc) and _continues_name(piece.doc[end]):
            end += 1
        span = _trimmed(piece.doc[token.i : end])
        if span is not None and not any(i in taken for i in range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            yield span


def _continues_name(token: Token) -> bool:
    return (token.pos_ == "PROPN" and bool(_NAME_WORD.match(token.text))) or token.text == "-"


def _is_office(token: Token) -> bool:
    word = token.text.lower()
    return word in ROLE_NOUNS or word.rstrip(".") in HONORIFICS


def _trimmed(span: Span) -> Span | None:
    """The name inside an entity: no honorific, office or possessive; None unless two words of it are left."""
    start, end = span.start, span.end
    doc = span.doc
    while start < end and (_is_office(doc[start]) or not _NAME_WORD.match(doc[start].text)):
        start += 1
    for index in range(end - 1, start, -1):
        if _is_office(doc[index]) and index + 1 < end:
            start = index + 1  # "Defence Secretary Ann Lee"
            break
    while end > start and (doc[end - 1].text in ("'s", "’s", "'", "-", ".") or doc[end - 1].is_punct):
        end -= 1
    words = [t for t in doc[start:end] if t.text != "-"]
    if len(words) < 2 or len(words) > 6 or any("/" in t.text or t.is_digit or t.is_space for t in words):
        return None
    if start and doc[start - 1].text.lower() in NOBLE:
        start -= 1
    plain = [t for t in words if _NAME_WORD.match(t.text) or t.text.lower() in PARTICLES]
    return doc[start:end] if len(plain) == len(words) else None


def _roles_of(span: Span) -> list[Role]:
    doc, sent = span.doc, span[0].sent
    roles: list[Role] = []
    at = span.start - 1
    while at >= sent.start and (doc[at].text.lower().rstrip(".") in HONORIFICS | NOBLE):
        at -= 1
    if at >= sent.start and doc[at].text == ",":
        at -= 1
    if at >= sent.start and doc[at].text.lower() in ROLE_NOUNS:
        roles.append(_role(doc[at], list(_left_words(doc[at], sent.start))))
    end = span.end
    if end < sent.end and doc[end].text in (",", "–", "—", "("):
        words: list[Token] = []
        for token in doc[end + 1 : min(end + 14, sent.end)]:
            if (
                token.text in (",", "–", "—", ")")
                or token.pos_ in ("VERB", "AUX")
                or token.lower_ in ("who", "whose")
            ):
                break
            words.append(token)
        heads = [t for t in words if t.lower_ in ROLE_NOUNS]
        if heads:
            roles.append(_role(heads[0], [t for t in words if t.i != heads[0].i]))
    return roles


def _left_words(noun: Token, floor: int) -> Iterable[Token]:
    at = noun.i - 1
    while at >= max(floor, noun.i - 8):
        token = noun.doc[at]
        if token.pos_ not in ("ADJ", "NOUN", "PROPN", "PART", "DET", "PRON") and token.text not in (
            "-",
            "for",
            "of",
        ):
            break
        yield token
        at -= 1


def _role(noun: Token, words: Iterable[Token]) -> Role:
    plain = frozenset(
        t.lower_ for t in words if t.pos_ in ("ADJ", "NOUN", "PROPN") and t.lower_ not in NATIONS
    )
    return Role(noun.lower_, plain, nations_among(words))


def nations_among(words: Iterable[Token]) -> frozenset[str]:
    """Which countries the words name, as keys that make "French" and "France" the same."""
    return frozenset(NATIONS[t.lower_] for t in words if t.lower_ in NATIONS and t.text[0].isupper())


def _note_bodies(text: str, piece: Parsed, cast: Cast) -> None:
    for entity in piece.doc.ents:
        if entity.label_ not in _ORG_LABELS or len(entity) < 2:
            continue
        last = entity[-1]
        if not last.text[:1].isupper() or last.text.isupper() or not last.is_alpha:
            continue
        first = entity[0]
        if first.i and first.nbor(-1).lower_ == "the":
            first = first.nbor(-1)
        start, end = piece.bounds(first, last)
        cast.bodies[last.lower_].setdefault(text[start:end], (start, end))


def _note_genders(piece: Parsed, cast: Cast) -> None:
    for token in piece.doc:
        word = token.lower_
        if word not in _GENDERED or token.i + 1 == len(piece.doc):
            continue
        for index in range(token.i + 1, min(token.i + 4, len(piece.doc))):
            person = cast.person_called(piece.doc[index].text) if piece.doc[index].pos_ == "PROPN" else None
            if (
                person is not None
                and person.gender is None
                and (index == token.i + 1 or word not in ("man", "woman"))
            ):
                person.gender = "f" if word in FEMALE else "m"
                break


def _hear_genders(text: str, cast: Cast) -> None:
    """For first names that tell nothing: which pronoun mostly comes next after the name."""
    unknown = {p.surname: p for p in cast.people if p.gender is None and len(cast.by_word[p.surname]) == 1}
    if not unknown:
        return
    counts: dict[str, list[int]] = {}
    last: str | None = None
    for word in re.finditer(r"[^\W\d_][\w’'-]*", text):
        name = re.split(r"['’]", word[0])[0]
        if word[0].lower() in ("he", "his", "him", "she", "her"):
            if last in unknown:
                counts.setdefault(last, [0, 0])[word[0].lower() in ("she", "her")] += 1
            last = None
        elif name in cast.by_word:
            last = name if name in unknown else ""
    for surname, (male, female) in counts.items():
        if male >= 2 * female + 1 or female >= 2 * male + 1:
            unknown[surname].gender = "m" if male > female else "f"
