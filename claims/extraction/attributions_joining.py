"""Acts of attribution made whole: one voice in a quotation, shared sources, speeches that go on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from claims.extraction.attributions_decoding import Act, Stretch
from claims.extraction.quotes import Quotation

Span = tuple[int, int]

_HOLDS = 0.5  # share of a quotation that must be content for all of it to be
_MARKS = "\"“”'‘’«»„`"
_LOOSE_END = re.compile(r"(?:[,;:]|(?<!\.)\.|\s)+$")


def joined(
    text: str, acts: Sequence[Act], quotations: Sequence[Quotation], sentences: Sequence[Span]
) -> list[Act]:
    """The acts with contents set to whole quotations and words, and with sources that they share with others.

    Acts that have no cue go to the act before where its speech goes on, and are dropped where they do not.
    """
    starts = [start for start, _ in sentences]
    acts = _carried_on(text, list(acts), quotations, starts)
    _share_quotations(acts, quotations)
    for act in acts:
        act.content = snapped(text, act.content)
    acts = [act for act in acts if act.content]
    _share_sources(text, acts, starts)
    return sorted(acts, key=lambda act: act.content[0])


def _quotation_of(span: Span, quotations: Sequence[Quotation]) -> int | None:
    """The quotation that holds more than half of the span."""
    at = bisect_right(quotations, span[0], key=lambda q: q.outer_end)
    while at < len(quotations) and quotations[at].outer_start < span[1]:
        shared = min(span[1], quotations[at].outer_end) - max(span[0], quotations[at].outer_start)
        if 2 * shared > span[1] - span[0]:
            return at
        at += 1
    return None


def _carried_on(
    text: str, acts: list[Act], quotations: Sequence[Quotation], starts: Sequence[int]
) -> list[Act]:
    """Give to the act before what begins a passage and only goes on with a speech of the passage before.

    The encoder sees no cue outside a passage, so what opens one is linked to a cue further on, or to none.
    """
    before: tuple[Act, Stretch] | None = None
    members = [(m, act) for act in acts for m in act.members]
    members.sort(key=lambda pair: pair[0].start)
    for member, act in members:
        goes_on = before is not None and before[1].passage == member.passage - 1
        if before is not None and goes_on and act is not before[0]:
            if _continues(text, before, member, act, quotations, starts):
                _move(member, act, before[0])
                act = before[0]
        elif act.cue is None and before is not None and _beside(text, before[1].end, member.start):
            _move(member, act, before[0])
            act = before[0]
        before = act, member
    return [act for act in acts if act.members and act.cue is not None]


def _move(member: Stretch, act: Act, to: Act) -> None:
    act.members.remove(member)
    act.content.remove((member.start, member.end))
    to.members.append(member)
    to.content.append((member.start, member.end))
    to.content.sort()


def _beside(text: str, end: int, start: int) -> bool:
    """Whether nothing but space, marks and at most one paragraph's end stands between two places."""
    between = text[end:start]
    return len(between) < 40 and not any(char.isalnum() for char in between)


def _continues(
    text: str,
    before: tuple[Act, Stretch],
    member: Stretch,
    act: Act,
    quotations: Sequence[Quotation],
    starts: Sequence[int],
) -> bool:
    """Whether a stretch at the beginning of a passage belongs to the last act of the passage before."""
    own, last = _quotation_of((member.start, member.end), quotations), before[1]
    theirs = _quotation_of((last.start, last.end), quotations)
    if own is not None and own == theirs:
        return True
    if act.cue is not None:
        if act.cue[1] <= member.start:
            return False
        said_here = bisect_right(starts, act.cue[0]) == bisect_right(starts, member.end - 1)
        if said_here:
            return False
    if own is not None and theirs is not None:
        voice = before[0].cue
        spoken = text[last.end : member.start]
        if voice is not None and last.end <= voice[0] < member.start:
            spoken = text[max(voice[1], last.end) : member.start]
        if act.cue is not None and "\n" not in text[member.end : act.cue[0]]:
            return "\n" not in spoken and act.cue[0] - member.end > 200
        return len(spoken) < 120
    return act.cue is None and _beside(text, last.end, member.start)


def _share_quotations(acts: Sequence[Act], quotations: Sequence[Quotation]) -> None:
    """A quotation most of which is content belongs as a whole to the act that has most of it."""
    holders: dict[int, list[tuple[int, Act]]] = {}
    for act in acts:
        for start, end in act.content:
            at = bisect_right(quotations, start, key=lambda q: q.outer_end)
            while at < len(quotations) and quotations[at].outer_start < end:
                shared = min(end, quotations[at].outer_end) - max(start, quotations[at].outer_start)
                holders.setdefault(at, []).append((shared, act))
                at += 1
    for at, shares in holders.items():
        quotation = quotations[at]
        outer = quotation.outer_start, quotation.outer_end
        if sum(shared for shared, _ in shares) < _HOLDS * (outer[1] - outer[0]):
            continue
        totals: dict[int, int] = {}
        for shared, act in shares:
            totals[id(act)] = totals.get(id(act), 0) + shared
        owner = max((act for _, act in shares), key=lambda act: totals[id(act)])
        for act in {id(act): act for _, act in shares}.values():
            if act is not owner:
                act.content = _without(act.content, outer)
        owner.content = _united([*owner.content, outer])


def _without(spans: Sequence[Span], hole: Span) -> list[Span]:
    left = []
    for start, end in spans:
        for a, b in ((start, min(end, hole[0])), (max(start, hole[1]), end)):
            if a < b:
                left.append((a, b))
    return left


def _united(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def snapped(text: str, spans: Sequence[Span]) -> list[Span]:
    """Without space and loose marks at the ends, as people mark: "… again" but "“… again.”"."""
    found = []
    for start, end in spans:
        while start < end and (text[start].isspace() or text[start] in ",;:."):
            start += 1
        tail = _LOOSE_END.search(text, start, end)
        if tail is not None:
            end = tail.start()
        if any(char.isalnum() for char in text[start:end]):
            found.append((start, end))
    return found


def _share_sources(text: str, acts: Sequence[Act], starts: Sequence[int]) -> None:
    """A cue without a source of its own has that of the last cue in its sentence: "he said, adding that"."""
    known: dict[int, list[Span]] = {}
    for act in acts:
        if act.source is not None:
            known.setdefault(bisect_right(starts, act.source[0]), []).append(act.source)
    for act in acts:
        if act.source is not None or act.cue is None:
            continue
        near = known.get(bisect_right(starts, act.cue[0]), [])
        earlier = [s for s in near if s[1] <= act.cue[0]]
        if earlier:
            act.source = max(earlier)
        elif near and text[slice(*act.cue)].split()[0].endswith("ing"):
            act.source = min(near)
