"""Whose a claim is: from the acts of attribution around it to one claimant by name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction.attributions import AttributionRelation
from claims.extraction.lexicon import FUNCTION_WORDS, HONORIFICS
from claims.extraction.model import Attribution
from claims.extraction.quotes import find_quotations, lines_as_blocks

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who stands behind a claim; everything is empty where that is the author of the article."""

    name: str | None
    source: Span | None
    attribution: Attribution
    cue: str


_POLL = re.compile(r"\b(?:polls?|polling|surveys?|pollster)\b", re.IGNORECASE)
_POLL_NAME = re.compile(
    r"(?:(?!The |A |An |In |But |And )[A-Z][\w.&'’]*[ /-](?:(?:the|of|and|for) (?=[A-Z]))?){1,8}"
    r"(?:[Tt]racking )?(?:[Pp]oll|[Ss]urvey)\b(?! of [A-Z])"
)
_POLLS_SHOW = re.compile(r"\b[Pp]olls(?= (?:show|find|suggest|put|give|have)\b)")
_SHARE = re.compile(
    r"\b(?:\d[\d.]{0,30}[ -](?:percent|per ?cent|points?|percentage)"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|\d{1,2}) (?:in|out of)"
    r" (?:\d{1,2}|five|four|three|ten)\b"
    r"|(?:percentage|double-digit)[ -]points?|two-thirds|three-quarters|respondents|those (?:surveyed|polled)"
    r"|(?:half|third|quarter|majority|most|percent|many|fewer|all) (?:of |the )*(?:\w+ )?"
    r"(?:voters|adults|people)\b|(?:favorab\w+|unfavorab\w+) (?:view|rating|opinion))|\d%|\d-point",
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
_WISH = re.compile(
    r"\b(?:call(?:s|ed|ing)? (?:on|for)|want(?:s|ed|ing)?|hop(?:es?|ed|ing)|seem(?:s|ed)?|condemn\w*"
    r"|criticiz\w*|prais\w*|spoke|upset|fears?|feared|oppos\w+|favors?|favored|endors\w+|support(?:s|ed|er|ers)?|plans?"
    r"|refus\w+|trying)\b",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\bmargin of (?:sampling )?error|\b(?:was|were) (?:taken|conducted|selected)", re.IGNORECASE
)
_GOES_ON = 700  # characters from one result of a poll to the next

_COUNTED = frozenset({"both", "two", "three", "one", "all", "each", "others", "country"})

AUTHOR = Claimant(None, None, "author", "")


class Claimants:
    """The claimants of one article."""

    def __init__(self, text: str, relations: Sequence[AttributionRelation]) -> None:
        self._text = text
        self._marked = [(q.outer_start, q.outer_end) for q in find_quotations(text, lines_as_blocks(text))]
        pieces = [(start, end, relation) for relation in relations for start, end in relation.content]
        self._pieces = sorted(pieces, key=lambda piece: piece[:2])
        self._longest = max((end - start for start, end, _ in pieces), default=0)
        self._polls = _polls(text, relations)
        self._results = sorted(
            {m.start() for m in _SHARE.finditer(text)} | {m.start() for m in _GROUP_SAYS.finditer(text)}
        )

    def claimant_of(self, span: Span) -> Claimant:
        """Who stands behind the words at `span`: by the innermost act that covers most of them."""
        named = self._poll_inside(span)
        if named is not None:
            return named
        start, end = span
        covered: dict[int, int] = {}
        acts: dict[int, AttributionRelation] = {}
        at = bisect_left(self._pieces, start - self._longest, key=lambda piece: piece[0])
        while at < len(self._pieces) and self._pieces[at][0] < end:
            low, high, relation = self._pieces[at]
            if high > start:
                shared = min(high, end) - max(low, start)
                covered[id(relation)] = covered.get(id(relation), 0) + shared
                acts[id(relation)] = relation
            at += 1
        fitting = [acts[key] for key, shared in covered.items() if 2 * shared > end - start]
        fitting = [
            act for act in fitting if not self._tells_of(span, act) and not _WISH.search(act.cue_words)
        ]
        act = min(fitting, key=lambda act: sum(b - a for a, b in act.content), default=None)
        nobody = act is None or act.speaker is None or not names_somebody(act.speaker.name)
        if act is None or act.speaker is None or nobody or self._is_share(act):
            return self._poll_at(span) or AUTHOR
        attribution: Attribution = "quoted" if 2 * self._quoted(span) > end - start else "reported"
        return Claimant(poll_name(act.speaker.name), act.source, attribution, act.cue_words)

    def _poll_inside(self, span: Span) -> Claimant | None:
        """The poll whose result the words give, where they name it themselves."""
        found = _POLL_NAME.search(self._text, *span) or _POLLS_SHOW.search(self._text, *span)
        if found is None or found.start() - span[0] > 40 or _METHOD.search(self._text, *span):
            return None
        if _SHARE.search(self._text, found.end(), span[1]) is None and " by " not in self._text[slice(*span)]:
            return None
        return Claimant(found[0], found.span(), "reported", "")

    def _tells_of(self, span: Span, act: AttributionRelation) -> bool:
        """Whether the claim is that the act took place: it holds the cue, and not as an aside."""
        if act.cue is None or not (span[0] <= act.cue[0] and act.cue[1] <= span[1]):
            return False
        return not any(start < act.cue[0] and end > span[0] for start, end in act.content)

    def _is_share(self, act: AttributionRelation) -> bool:
        """Whether people who were asked speak: "16 percent of voters", "those surveyed"."""
        if act.source is None:
            return False
        words = self._text[act.source[0] : act.source[1]]
        return bool(_SHARE.search(words)) or words.lower().startswith(("those surveyed", "respondents"))

    def _poll_at(self, span: Span) -> Claimant | None:
        """The poll whose results go on here: named before, with results all the way from there."""
        at = bisect_right(self._polls, span[1], key=lambda poll: poll[0]) - 1
        if at < 0:
            return None
        place, name, source = self._polls[at]
        if _METHOD.search(self._text, *span):
            return None
        first = bisect_left(self._results, span[0])
        if first == len(self._results) or self._results[first] >= span[1]:
            return None
        before = self._results[first - 1] if first else place
        near = span[0] - max(place, before) <= _GOES_ON
        return Claimant(name, source, "reported", "") if near else None

    def _quoted(self, span: Span) -> int:
        at = bisect_right(self._marked, span[0], key=lambda q: q[1])
        inside = 0
        while at < len(self._marked) and self._marked[at][0] < span[1]:
            inside += min(self._marked[at][1], span[1]) - max(self._marked[at][0], span[0])
            at += 1
        return inside


def poll_name(name: str) -> str:
    """A poll by its own name: "the latest Gallup Poll of adults" is "Gallup Poll"; other names stay."""
    found = _POLL_NAME.search(name)
    return found[0] if found is not None else name


def names_somebody(name: str) -> bool:
    """Whether the name holds a word that can stand for somebody: no bare pronoun, article or title."""
    words = [word.strip(".,'’").lower() for word in name.split()]
    empty = FUNCTION_WORDS | HONORIFICS | _COUNTED
    return any(word and word not in empty for word in words)


def _polls(text: str, relations: Sequence[AttributionRelation]) -> list[tuple[int, str, Span]]:
    """Where the article names a poll as a source, in order, by the fullest name that it has had by then."""
    found: list[tuple[int, str, Span]] = []
    sources = sorted(
        ((r.source, r.speaker) for r in relations if r.source is not None and r.speaker is not None),
        key=lambda pair: pair[0],
    )
    for source, speaker in sources:
        if not _POLL.search(text, source[0], source[1]) or speaker.person:
            continue
        name = poll_name(speaker.name)
        if found and (found[-1][1][:1].isupper() or not any(map(str.isupper, name))):
            found.append((source[0], *found[-1][1:]))  # further polls are compared with the first
        elif " " in name:
            found.append((source[0], name, source))
    return found
