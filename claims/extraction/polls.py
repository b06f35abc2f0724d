"""Polls as claimants: what a poll is called, and which of an article's figures are its results."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from claims.extraction.attributions import AttributionRelation

Span = tuple[int, int]
Named = tuple[str, Span]  # a poll's name and where it stands

_POLL = re.compile(r"\b(?:polls?|polling|surveys?|pollster)\b", re.IGNORECASE)
_POLL_NAME = re.compile(
    r"(?:(?!The |A |An |In |But |And )[A-Z][\w.&'’]*[ /-](?:(?:the|of|and|for) (?=[A-Z]))?){1,8}"
    r"(?:[Tt]racking )?(?:[Pp]oll|[Ss]urvey)\b(?! of [A-Z])"
)
_POLLS_SHOW = re.compile(r"\b[Pp]olls(?= (?:show|find|suggest|put|give|have)\b)")
_BARE = frozenset(
    """the this a its new latest same national nationwide statewide recent state states results result
    numbers findings poll polls polling survey surveys of in all voters""".split()  # noqa: SIM905 # a list of words
)
_PEOPLE = (
    r"(?:voters|adults|respondents|millennials|americans|people|women|men|whites|blacks|latinos|hispanics"
    r"|democrats|republicans|independents|students|participants|caucus-?goers)"
)
_TENS = r"(?:ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?"
_SHARE = re.compile(
    r"\b(?:\d[\d.]{0,30}[ -](?:percent|per ?cent|points?|percentage)"
    rf"|{_TENS} per ?cent"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|\d{1,2})(?: \w+)? (?:in|out of)"
    r" (?:\d{1,2}|five|four|three|ten)\b"
    r"|(?:percentage|double-digit)[ -]points?|two-thirds|three-quarters|respondents|those (?:surveyed|polled)"
    rf"|(?:half|third|quarter|majority|most|percent|many|fewer|all) (?:of |the )*(?:\w+ )?{_PEOPLE}\b"
    r"|(?:favorab\w+|unfavorab\w+) (?:view|rating|opinion))|\d%|\d-point",
    re.IGNORECASE,
)
_GROUP = re.compile(
    rf"(?:(?:more|less|fewer|than|only|just|about|nearly|a|the|of|and|most|many|\w+) ){{0,5}}{_PEOPLE}"
    r"|(?:more than |nearly |about |just |over |under |only )?(?:half|a third|a quarter|most|many)"
    r"|(?:majorities|pluralities)\b.*",
    re.IGNORECASE,
)
_GROUP_SAYS = re.compile(
    r"\b(?:voters|adults|respondents|millennials|americans|people|women|men|whites"
    r"|blacks|latinos|democrats"
    r"|republicans|independents|half|third|percent|\d+%|most|many|surveyed|five|ten|10)\b[^.;:]{0,60}?"
    r"\b(?:say|said|believe|think|consider|view|viewed|call|rate|approve|disapprove|favor|prefer|agree|predict"
    r"|describe|trust|expect|want|support|back|appear\w*|likely|divided)\b",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\bmargin of (?:sampling )?error|\b(?:was|were) (?:taken|conducted|selected)", re.IGNORECASE
)
_WORD_SO_FAR = re.compile(r"[\w/-]+\Z")
_GOES_ON = 700  # characters from one result of a poll to the next


class Polls:
    """The polls of one article, as it names them, and where their results stand."""

    def __init__(self, text: str, relations: Sequence[AttributionRelation]) -> None:
        self._text = text
        self._named = _named(text, relations)
        self._results = sorted(
            {m.start() for m in _SHARE.finditer(text)} | {m.start() for m in _GROUP_SAYS.finditer(text)}
        )

    def name_for(self, name: str, near: int) -> str:
        """A poll by its own name: "the latest Gallup Poll of adults" is "Gallup Poll", and "the poll" the one
        spoken of at `near`; other names stay."""
        if not _POLL.search(name):
            return name
        if all(word in _BARE or word[0].isdigit() for word in name.lower().split()):
            at = self._before(near)
            return self._named[at][1] if at >= 0 else name
        return _own_name(name)

    def inside(self, span: Span) -> Named | None:
        """The poll whose result the words give, where they name it themselves."""
        found = _POLL_NAME.search(self._text, *span) or _POLLS_SHOW.search(self._text, *span)
        if found is None or found.start() - span[0] > 40 or _METHOD.search(self._text, *span):
            return None
        if _SHARE.search(self._text, found.end(), span[1]) is None and " by " not in self._text[slice(*span)]:
            return None
        return found[0], found.span()

    def around(self, span: Span) -> Named | None:
        """The poll whose results go on here: named before, with results all the way from there."""
        at = self._before(span[1])
        if at < 0 or _METHOD.search(self._text, *span):
            return None
        place, name, source = self._named[at]
        first = bisect_left(self._results, span[0])
        if first == len(self._results) or self._results[first] >= span[1]:
            return None
        before = self._results[first - 1] if first else place
        return (name, source) if span[0] - max(place, before) <= _GOES_ON else None

    def asked(self, act: AttributionRelation) -> bool:
        """Whether those who were asked speak: "16 percent of voters", "those surveyed", "most Democrats"."""
        if act.source is None:
            return False
        words = self._text[act.source[0] : act.source[1]].strip(" ,")
        if _SHARE.search(words) or words.lower().startswith(("those surveyed", "respondents")):
            return True
        return self._before(act.source[1]) >= 0 and _GROUP.fullmatch(words) is not None

    def _before(self, place: int) -> int:
        return bisect_right(self._named, place, key=lambda poll: poll[0]) - 1


def _own_name(name: str) -> str:
    found = _POLL_NAME.search(name)
    return found[0] if found is not None else name


def _named(text: str, relations: Sequence[AttributionRelation]) -> list[tuple[int, str, Span]]:
    """Where the article names a poll as a source, in order, by the fullest name that it has anywhere.

    Further polls are mostly compared with the first, whose results go on after them.
    """
    found: list[tuple[int, str, Span]] = []
    sources = sorted(
        ((r.source, r.speaker) for r in relations if r.source is not None and r.speaker is not None),
        key=lambda pair: pair[0],
    )
    for source, speaker in sources:
        if speaker.person or not _POLL.search(text, *source):
            continue
        start = _with_hyphens(text, source[0])
        name = text[start : source[1]] if start < source[0] else speaker.name
        name = _own_name(name)
        if not found and " " in name:
            found.append((start, name, (start, source[1])))
        elif found and _is_fuller(name, found[0][1]):
            found = [(place, name, (start, source[1])) for place, _, _ in found]
            found.append((start, name, (start, source[1])))
        elif found:
            found.append((start, *found[0][1:]))
    return found


def _with_hyphens(text: str, start: int) -> int:
    """Where the word begins of which a source holds only the end: "AP-GfK Poll"."""
    before = _WORD_SO_FAR.search(text, max(0, start - 40), start)
    return before.start() if before is not None else start


def _is_fuller(name: str, known: str) -> bool:
    """Whether `name` is a name where the one known is a description, or a longer form of the same name."""
    ours, theirs = _capitals(name), _capitals(known)
    if not theirs:
        return bool(ours)
    return len(name) > len(known) and bool(ours & theirs)


def _capitals(name: str) -> set[str]:
    words = re.findall(r"[^\W_]+", name)
    return {
        w for w in words if w[:1].isupper() and w.lower() not in ("the", "a", "an", "poll", "survey", "new")
    }
