"""Whose a claim is: from the acts of attribution around it to one claimant by name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction.attributions import AttributionRelation
from claims.extraction.lexicon import FUNCTION_WORDS, HONORIFICS
from claims.extraction.model import Attribution
from claims.extraction.polls import Polls
from claims.extraction.quotes import find_quotations, lines_as_blocks
from claims.extraction.speakers import Speaker
from claims.extraction.voices import UNDECIDED, Voices

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who stands behind a claim; everything is empty where that is the author of the article."""

    name: str | None
    source: Span | None
    attribution: Attribution
    cue: str


_WISH = re.compile(
    r"\b(?:call(?:s|ed|ing)? (?:on|for)|want(?:s|ed|ing)?|hop(?:es?|ed|ing)|seem(?:s|ed)?|condemn\w*"
    r"|criticiz\w*|prais\w*|spoke|upset|fears?|feared|oppos\w+|favors?|favored|endors\w+|support(?:s|ed|er|ers)?|plans?"
    r"|refus\w+|trying)\b",
    re.IGNORECASE,
)

_PLAIN = re.compile(
    r"\b(?:said|says?|saying|adds?|added|adding|told|tells|according|wrote|writes|found|finds|warn(?:s|ed)|shows?"
    r"|showed|reports?|reported|conclude[sd])\b",
    re.IGNORECASE,
)
_CARRIED = 600  # characters from an act to what goes on from it
# chances by the encoder that overrule the acts, and what looks like a poll's next result; chosen on dev
AUTHOR_BELOW, SAID_BELOW, OTHERS_ABOVE, NO_RESULT_BELOW = 0.25, 0.08, 0.8, 0.2
_COUNTED = frozenset({"both", "two", "three", "one", "all", "each", "others", "country"})

AUTHOR = Claimant(None, None, "author", "")


class Claimants:
    """The claimants of one article."""

    def __init__(
        self, text: str, relations: Sequence[AttributionRelation], voices: Voices | None = None
    ) -> None:
        self._text = text
        self._voices = voices
        self._acts = sorted(
            ((*_extent(r), r) for r in relations if r.speaker and names_somebody(r.speaker.name)),
            key=lambda row: row[:2],
        )
        self._marked = [(q.outer_start, q.outer_end) for q in find_quotations(text, lines_as_blocks(text))]
        pieces = [(start, end, relation) for relation in relations for start, end in relation.content]
        self._pieces = sorted(pieces, key=lambda piece: piece[:2])
        self._longest = max((end - start for start, end, _ in pieces), default=0)
        self._polls = Polls(text, relations)

    def claimant_of(self, span: Span, *, by_rules: Claimant | None = None) -> Claimant:
        """Who stands behind the words at `span`: by the innermost act that covers most of them.

        `by_rules` is who says them by the rules' reading, which counts for a plain "said" without an act.

        Where the encoder has said so, what an act covers can still be the author's own word ("called for",
        "threatened"), and what none covers somebody's (a poll's next result, a speech carried on).
        """
        named = self._polls.inside(span)
        if named is not None:
            return Claimant(*named, "reported", "")
        others = UNDECIDED if self._voices is None else self._voices.others(*span)
        act = self._act_over(span)
        if act is not None and act.speaker is not None and others >= _doubted_below(act):
            return self._said(span, act, act.speaker)
        if act is None:
            poll = self._polls.around(span)
            if poll is not None and others >= NO_RESULT_BELOW:
                return Claimant(*poll, "reported", "")
            if by_rules is not None and _PLAIN.search(by_rules.cue):
                return by_rules
            return self._carried(span) if others > OTHERS_ABOVE else AUTHOR
        return AUTHOR

    def _said(self, span: Span, act: AttributionRelation, speaker: Speaker) -> Claimant:
        attribution: Attribution = "quoted" if 2 * self._quoted(span) > span[1] - span[0] else "reported"
        name = self._polls.name_for(speaker.name, span[0])
        return Claimant(name, act.source, attribution, act.cue_words)

    def _act_over(self, span: Span) -> AttributionRelation | None:
        """The innermost act by somebody that covers most of the words."""
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
        if (
            act is None
            or act.speaker is None
            or not names_somebody(act.speaker.name)
            or self._polls.asked(act)
        ):
            return None
        return act

    def _carried(self, span: Span) -> Claimant:
        """Somebody's word that no act covers: of the act that it touches, else of the last one before it."""
        start, end = span
        at = bisect_left(self._acts, end, key=lambda row: row[0]) - 1
        latest: AttributionRelation | None = None
        while at >= 0 and self._acts[at][0] > start - _CARRIED:
            begin, until, act = self._acts[at]
            if until > start and act.speaker is not None:
                return self._said(span, act, act.speaker)
            if latest is None and begin < start:
                latest = act
            at -= 1
        if latest is None or latest.speaker is None:
            return AUTHOR
        return self._said(span, latest, latest.speaker)

    def _tells_of(self, span: Span, act: AttributionRelation) -> bool:
        """Whether the claim is that the act took place: it holds the cue, and not as an aside."""
        if act.cue is None or not (span[0] <= act.cue[0] and act.cue[1] <= span[1]):
            return False
        return not any(start < act.cue[0] and end > span[0] for start, end in act.content)

    def _quoted(self, span: Span) -> int:
        at = bisect_right(self._marked, span[0], key=lambda q: q[1])
        inside = 0
        while at < len(self._marked) and self._marked[at][0] < span[1]:
            inside += min(self._marked[at][1], span[1]) - max(self._marked[at][0], span[0])
            at += 1
        return inside


def _doubted_below(act: AttributionRelation) -> float:
    """From which chance on the encoder is believed against the act; a plain "said" takes more."""
    return SAID_BELOW if _PLAIN.search(act.cue_words) else AUTHOR_BELOW


def _extent(act: AttributionRelation) -> Span:
    places = [place for place in (*act.content, act.source, act.cue) if place is not None]
    return min(start for start, _ in places), max(end for _, end in places)


def names_somebody(name: str) -> bool:
    """Whether the name holds a word that can stand for somebody: no bare pronoun, article or title."""
    words = [word.strip(".,'’").lower() for word in name.split()]
    empty = FUNCTION_WORDS | HONORIFICS | _COUNTED
    return any(word and word not in empty for word in words)
