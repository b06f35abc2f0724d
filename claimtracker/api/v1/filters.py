"""What a list can be narrowed by: each filter says how it is read, in the schema and in its refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from .problems import BadParameter

LONGEST_WORDS = 200
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$"
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,6})?$"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SLUG = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"


class Unreadable(ValueError):
    """What was sent, with the mend as its message."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter. ``read`` makes its value of the text, or raises Unreadable."""

    name: str
    description: str
    example: str
    read: Callable[[str], Any]
    schema: dict[str, Any]

    @property
    def schema_example(self) -> Any:
        """The example as a value of the schema."""
        is_text = self.schema["type"] == "string"
        return self.example if is_text else self.read(self.example)


def read_filters(request: Request, filters: Iterable[Filter]) -> dict[str, Any]:
    """The values of those that were sent. Raises BadParameter for one that cannot be read."""
    asked: dict[str, Any] = {}
    for one in filters:
        sent = request.query_params.get(one.name)
        if sent is None:
            continue
        try:
            asked[one.name] = one.read(sent)
        except Unreadable as error:
            raise BadParameter(one.name, f"{one.name} {error}") from error
    return asked


def choice(name: str, description: str, options: Iterable[str]) -> Filter:
    """One of a fixed list of words."""
    known = [str(option) for option in options]

    def read(sent: str) -> str:
        if sent not in known:
            raise Unreadable(f"must be {'one of ' if known[1:] else ''}{', '.join(known)}.")
        return sent

    return Filter(name, description, known[0], read, {"type": "string", "enum": known})


def words(name: str, description: str, example: str, *, most: int = LONGEST_WORDS) -> Filter:
    """Text with something in it."""

    def read(sent: str) -> str:
        if not sent.strip():
            raise Unreadable("is empty. Fill it, or leave it out.")
        if len(sent) > most:
            raise Unreadable(f"has {len(sent):,} characters; {most:,} are the limit.")
        if "\x00" in sent:
            raise Unreadable("holds a NUL character. Leave it out.")
        return sent.strip()

    schema = {"type": "string", "minLength": 1, "maxLength": most}
    return Filter(name, description, example, read, schema)


def matching(name: str, description: str, example: str, *, pattern: str, mend: str, most: int) -> Filter:
    """Text of one form; ``mend`` says which."""
    form = re.compile(pattern)

    def read(sent: str) -> str:
        if len(sent) > most or not form.match(sent) or sent.endswith("\n"):
            raise Unreadable(mend)
        return sent

    return Filter(name, description, example, read, {"type": "string", "pattern": pattern, "maxLength": most})


def slug(name: str, description: str, example: str) -> Filter:
    return matching(name, description, example, pattern=SLUG, mend=f"must be a slug like {example}.", most=80)


def id_of(name: str, description: str, example: str) -> Filter:
    """The id of something, as answers have it."""

    def read(sent: str) -> UUID:
        if not ID.fullmatch(sent):
            raise Unreadable(f"must be an id like {example}.")
        return UUID(sent)

    return Filter(name, description, example, read, {"type": "string", "format": "uuid"})


def language(description: str = "A language tag: `en` finds `en-GB` too, `en-GB` nothing else.") -> Filter:
    return matching(
        "language",
        description,
        "en",
        pattern=LANGUAGE,
        mend="must be a language tag like en or en-GB.",
        most=10,
    )


def moment(name: str, description: str) -> Filter:
    """A moment with its time zone, as in RFC 3339."""
    form = re.compile(MOMENT)
    mend = "must be a moment like 2026-11-20T09:30:00Z, with its time zone (write + as %2B)."

    def read(sent: str) -> datetime:
        if not form.match(sent) or sent.endswith("\n"):
            raise Unreadable(mend)
        try:
            # PostgreSQL knows fewer time zones than RFC 3339 can write
            return datetime.fromisoformat(sent).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise Unreadable(mend) from error

    schema = {"type": "string", "format": "date-time"}
    return Filter(name, description, "2026-11-20T09:30:00Z", read, schema)


def updated_since() -> Filter:
    return moment(
        "updated_since",
        "Whose `updated_at` is this moment or later. Ask from a minute before your last request: what is "
        "being written while you ask bears a moment that is over.",
    )


def whole(name: str, description: str, example: str, *, most: int) -> Filter:
    """A whole number from 1 on."""

    def read(sent: str) -> int:
        if sent.isascii() and sent.isdigit() and len(sent) <= len(str(most)) and 1 <= int(sent) <= most:
            return int(sent)
        raise Unreadable(f"must be a whole number from 1 to {most}.")

    return Filter(name, description, example, read, {"type": "integer", "minimum": 1, "maximum": most})


def share(name: str, description: str, example: str) -> Filter:
    """A number from 0 to 1."""

    def read(sent: str) -> float:
        if len(sent) <= 30 and NUMBER.fullmatch(sent) and 0 <= float(sent) <= 1:
            return float(sent)
        raise Unreadable("must be a number from 0 to 1, like 0.7.")

    return Filter(name, description, example, read, {"type": "number", "minimum": 0, "maximum": 1})


def flag(name: str, description: str) -> Filter:
    def read(sent: str) -> bool:
        if sent not in ("true", "false"):
            raise Unreadable("must be true or false.")
        return sent == "true"

    return Filter(name, description, "false", read, {"type": "boolean"})
