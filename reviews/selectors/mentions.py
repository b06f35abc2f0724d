"""Finding the people who are named in a text as @Name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from claimtracker.accounts.models import User

_AT = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A person at a place of the text, in code points, the @ among them."""

    person: User
    start: int
    end: int


@dataclass(slots=True)
class Names:
    found: list[Named] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)  # more than one person has this name
    unknown: list[str] = field(default_factory=list)


def has_names(text: str) -> bool:
    return _AT.search(text) is not None


def find_names(text: str, people: Iterable[User]) -> Names:
    """Who of ``people`` is named: by the full name, the e-mail address, or a first name that only one has."""
    everybody, names = list(people), Names()
    for at in _AT.finditer(text):
        start = at.end()
        matches, length = _longest(text, start, everybody)
        if not matches:
            word = _WORD.match(text, start)
            assert word is not None  # noqa: S101 - the expression looks ahead for a letter
            length = len(word[0])
            matches = [one for one in everybody if _is(text, start, one.get_short_name()) == length]
        written = text[start : start + length]
        if len(matches) == 1:
            names.found.append(Named(matches[0], at.start(), start + length))
        else:
            (names.unclear if matches else names.unknown).append(written)
    return names


def shown_name(written: str, person: User) -> str:
    """``written``, an @ and what names the person: a name in place of an address that was typed."""
    return f"@{person.name}" if person.name and written[1:].casefold() == person.email.casefold() else written


def with_shown_names(text: str, found: Iterable[Named]) -> str:
    """The text as people read it."""
    for named in sorted(found, key=lambda one: one.start, reverse=True):
        shown = shown_name(text[named.start : named.end], named.person)
        text = text[: named.start] + shown + text[named.end :]
    return text


def _longest(text: str, start: int, people: list[User]) -> tuple[list[User], int]:
    by_length: dict[int, list[User]] = {}
    ways: tuple[Callable[[User], str], ...] = (lambda one: one.name, lambda one: one.email)
    for person in people:
        length = max(_is(text, start, way(person)) for way in ways)
        if length:
            by_length.setdefault(length, []).append(person)
    longest = max(by_length, default=0)
    return by_length.get(longest, []), longest


def _is(text: str, start: int, name: str) -> int:
    """The length of ``name`` when it stands there as a whole, else 0."""
    end = start + len(name)
    if not name or text[start:end].casefold() != name.casefold():
        return 0
    return 0 if end < len(text) and (text[end].isalnum() or text[end] == "_") else len(name)
