"""A statement made ready to be compared, and what a comparison has to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

from claims.matching.measuring import Amount
from claims.matching.naming import name_of
from claims.matching.parts import Parts
from claims.matching.stems import SCALES_OF
from claims.matching.words import SUPPOSING

Part = Literal["number", "date", "name", "negation"]
_NEAR = 4  # words on either side of a number that tell what it is about


@dataclass(frozen=True, slots=True)
class Reason:
    """One part on both sides, as each writes it; "" where a side has nothing to quote."""

    part: Part
    agrees: bool
    here: str
    there: str

    def as_json(self) -> dict[str, str | bool]:
        """The reason as ``ClaimMatch.reasons`` keeps it."""
        return {"part": self.part, "agrees": self.agrees, "here": self.here, "there": self.there}


class TimeSaid(NamedTuple):
    """A date: when, as written, and how many words stand before it."""

    when: str
    written: str
    place: int


class Denial(NamedTuple):
    """Words under a "not", from word `first` up to `after`, that one not included."""

    first: int
    after: int
    written: str

    def is_supposed(self) -> bool:
        """Whether it tells of what should or might not be, or bids: "should not", "Don't", "if not"."""
        start = self.written.partition(" ")[0].replace("’", "'")
        return start.lower() in SUPPOSING or (start.istitle() and start.endswith("n't"))


class Direction(NamedTuple):
    """A word that stands at one end of a scale ("rose"); `sign` is turned round where it is denied."""

    scale: int
    sign: int
    place: int
    written: str


class Side:
    """One statement made ready. Make it once for the statement that is compared with many."""

    __slots__ = ("amounts", "bag", "dates", "denials", "denied", "directions", "false", "names", "words")

    def __init__(self, parts: Parts) -> None:
        joined = parts.get("words", "")
        self.words: Sequence[str] = joined.split(" ") if joined else ()
        self.bag = frozenset(self.words)
        self.names = [name_of(written) for written in parts.get("names", ())]
        self.amounts = [Amount(*cast(Any, row)) for row in parts.get("numbers", ())]
        self.dates = [TimeSaid(*cast(Any, row)) for row in parts.get("dates", ())]
        self.denials = [Denial(*cast(Any, row)) for row in parts.get("denied", ())]
        self.denied = frozenset(w for d in self.denials for w in self.words[d.first : d.after])
        self.directions = [
            Direction(scale, sign, at, word)
            if (denial := self._denial_at(at)) is None
            else Direction(scale, -sign, at, denial.written)
            for at, word in enumerate(self.words)
            if word in SCALES_OF
            for scale, sign in (SCALES_OF[word],)
        ]
        self.false = parts.get("false", False)

    def _denial_at(self, place: int) -> Denial | None:
        return next((d for d in self.denials if d.first <= place < d.after), None)

    def near(self, place: int, reach: int = _NEAR) -> frozenset[str]:
        """The words around a place."""
        return frozenset(self.words[max(0, place - reach) : place + reach])
