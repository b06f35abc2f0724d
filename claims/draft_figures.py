"""Figures and dates that a draft reports in its own words, beside the transcript of what was said.

Written for precision: what stands in the transcript in any other form is no remark, and where it is not sure
that the transcript is of the one who is reported, only a figure said of the same thing is set against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .draft_reading import DraftQuotation
from .extraction import ExtractedClaim
from .extraction.model import Quantity
from .matching.amounts import dates_of
from .matching.measuring import Amount, dates_fit, fit, kind_of, same_precision
from .matching.tokens import words_in
from .sources.quoting import Found
from .transcript_reading import (
    Passage,
    Said,
    Transcript,
    amount_of,
    bare_amount,
    content_of,
    is_named,
    without_unit,
)

COUNTED_BELOW = 13  # "two ministers" may be the reporter's own count
_SENTENCE_ENDS = re.compile(r"[.!?\n]")
_DOLLARS = frozenset(("USD", "AUD", "CAD", "NZD", "HKD", "SGD"))
_OTHER_NAMES = {"pounds": "GBP"}
_ONLY_AGAINST = frozenset(("#time", "#times", "#length", "#weight", "#area", "#speed"))
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DraftFigure:
    """A figure or a date of the draft that the transcript has not. Positions are code points of the draft;
    ``within`` is the statement that it stands in. ``said`` is what comes nearest in the transcript, empty
    where nothing does; ``instead`` the figure that is said there of the same thing."""

    start: int
    end: int
    within: Span
    claimant: str
    said: str
    instead: str

    def as_json(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "end": self.end,
            "within": list(self.within),
            "claimant": self.claimant,
            "said": self.said,
            "instead": self.instead,
        }


def figures_beside(
    body: str, transcript: str, claims: Sequence[ExtractedClaim], quotations: Sequence[DraftQuotation]
) -> list[DraftFigure]:
    """The figures of indirect speech that the transcript has not, in order; those inside ``quotations`` are
    compared word by word elsewhere."""
    if not transcript.strip():
        return []
    quoted = [(one.start, one.end) for one in quotations]
    reported = [claim for claim in claims if claim.attribution != "author"]
    heard = Transcript(transcript)
    speaking = _speaking(body, reported, heard, quotations)
    found: dict[Span, DraftFigure] = {}
    for claim in reported:
        sure = (claim.claimant or "") in speaking
        for one in (*_figures(body, claim, heard, quoted, sure), *_dates(body, claim, heard, quoted)):
            if not any(one.start < end and start < one.end for start, end in found):
                found[one.start, one.end] = one
    return [found[span] for span in sorted(found)]


def _speaking(
    body: str, claims: Sequence[ExtractedClaim], heard: Transcript, quotations: Iterable[DraftQuotation]
) -> set[str]:
    """Those of whom it is sure that the transcript has them speak: a label there names them, or it has what
    they are quoted with, or nothing speaks for anybody else."""
    names = {claim.claimant for claim in claims if claim.claimant}
    said = [_sentence_around(body, one) for one in quotations if one.found != Found.MISSING]
    known = {name for name in names if heard.has_speaker(name) or any(is_named(name, near) for near in said)}
    if not known and len(names) == 1 and not said and not heard.labels:
        return names
    return known


def _sentence_around(body: str, quotation: DraftQuotation) -> str:
    before = max(body.rfind(mark, 0, quotation.start) for mark in ".!?\n") + 1
    after = _SENTENCE_ENDS.search(body, quotation.end)
    return body[before : after.start() if after else len(body)]


def _figures(
    body: str, claim: ExtractedClaim, heard: Transcript, quoted: Sequence[Span], sure: bool
) -> Iterator[DraftFigure]:
    for quantity in claim.parts.quantities:
        if not _is_compared(body, quantity, quoted):
            continue
        ours = amount_of(body, quantity)
        alone = without_unit(ours)
        if any(_same(ours, alone, figure) for figure in heard.figures):
            continue
        content = content_of(claim.quote)
        against = _set_against(ours, content, heard, sure)
        if against is not None:
            passage, figure = against
            said = passage.around(figure.start, figure.end)
            yield _figure(claim, quantity.start, quantity.end, said, figure.amount.written)
        elif sure and not _may_be_own(ours):
            nearest = next((p for share, count, p in heard.nearest(content) if _alike(share, count)), None)
            said = nearest.around(0, 0) if nearest else ""
            yield _figure(claim, quantity.start, quantity.end, said, "")


def _figure(claim: ExtractedClaim, start: int, end: int, said: str, instead: str) -> DraftFigure:
    return DraftFigure(start, end, (claim.start, claim.end), claim.claimant or "", said, instead)


def _is_compared(body: str, quantity: Quantity, quoted: Sequence[Span]) -> bool:
    """Not what is vague, a rank, a lone "one", a figure in brackets (the reporter's own), or quoted."""
    if quantity.approximation == "several" or quantity.unit == "rank":
        return False
    if quantity.low == quantity.high == 1 and not kind_of(quantity.unit)[0].startswith("#"):
        return False
    before = body[max(0, quantity.start - 80) : quantity.start]
    if before.rfind("(") > before.rfind(")") or before.rfind("[") > before.rfind("]"):
        return False
    return not any(start <= quantity.start and quantity.end <= end for start, end in quoted)


def _same(ours: Amount, alone: Amount, said: Said) -> bool:
    """Whether the transcript's figure may be ours in another form; ``alone`` is ours without its unit."""
    theirs = said.amount
    if said.bare or not theirs.kind or not ours.kind:
        return fit(alone, said.without_unit)
    if ours.kind == theirs.kind:
        return fit(ours, theirs)
    if _kind(ours) == _kind(theirs):  # dollars of some country; pounds, which may be of weight
        return fit(alone, said.without_unit)
    if {ours.kind, theirs.kind} == {"#times", "#percent"}:
        times, percent = (ours, theirs) if ours.kind == "#times" else (theirs, ours)
        return any(fit(_percent(value), percent) for value in _as_percents(times.size))
    if theirs.is_measured() or (ours.is_measured() and not _is_money(ours)):
        return False
    return fit(alone, said.without_unit)  # "40 million more for schools" may be money


def _kind(amount: Amount) -> str:
    if amount.kind in _DOLLARS:
        return "dollars"
    return _OTHER_NAMES.get(amount.unit, amount.kind)


def _is_money(amount: Amount) -> bool:
    return amount.is_measured() and not amount.kind.startswith("#")


def _as_percents(times: float) -> tuple[float, ...]:
    """ "Doubled" is 200 percent of it and 100 percent more; "halved" 50 percent."""
    return (times * 100, abs(times - 1) * 100)


def _percent(value: float) -> Amount:
    return Amount(value, value, "percent", "", 0, roughly=False)


def _alike(share: float, count: int) -> bool:
    """Whether a passage speaks of what the statement does."""
    return share >= 0.5 or (count >= 2 and share >= 0.3)


def _set_against(
    ours: Amount, content: frozenset[str], heard: Transcript, sure: bool
) -> tuple[Passage, Said] | None:
    """What is said of the same thing in the same measure, in the likest passage that says any. Where only
    one figure of this measure is said at all, a word in common is enough to mean it."""
    if not ours.kind:
        return None
    rivals = {passage: _of_kind(passage, _kind(ours)) for passage in heard.passages}
    places = {passage.start + one.start for passage, found in rivals.items() for one in found}
    is_alone = len(places) == 1
    for share, count, passage in heard.nearest(content):
        enough = _alike(share, count) or is_alone if sure else count >= 2 and share >= 0.5
        if enough and rivals[passage]:
            return passage, rivals[passage][0]
    return None


def _of_kind(passage: Passage, kind: str) -> list[Said]:
    return [one for one in passage.figures if not one.bare and _kind(one.amount) == kind]


def _may_be_own(ours: Amount) -> bool:
    """Small counts and plain measures are often the reporter's own, or said without a number."""
    if ours.kind in _ONLY_AGAINST:
        return True
    return not ours.is_measured() and abs(ours.size) < COUNTED_BELOW


def _dates(
    body: str, claim: ExtractedClaim, heard: Transcript, quoted: Sequence[Span]
) -> Iterator[DraftFigure]:
    """Only where the transcript dates the same thing otherwise, as exactly; nowhere is no remark, since
    people say "last year"."""
    for when, written, place in dates_of(claim.quote, words_in(claim.quote))[0]:
        start = claim.start + place
        end = start + len(written)
        inside = any(first <= start and end <= last for first, last in quoted)
        if inside or _is_said(when, heard):
            continue
        for share, count, passage in heard.nearest(content_of(claim.quote)):
            if not _alike(share, count) or count < 2 or passage.has_relative_date:
                continue
            other = next((there for there in passage.dates if _against(when, there[0])), None)
            if other is not None:
                yield _figure(claim, start, end, passage.around(0, 0), other[1])
                break


def _is_said(when: str, heard: Transcript) -> bool:
    year = when.strip("/")[:4]
    spoken = bare_amount(float(year), year, 0) if year.isdecimal() else None
    if spoken and any(one.amount.size == spoken.size for one in heard.figures):
        return True
    return any(not _against(when, other) and _fits(when, other) for other, _written in heard.dates)


def _fits(one: str, other: str) -> bool:
    ours, theirs = _edge(one, other)
    return dates_fit(ours, theirs)


def _against(one: str, other: str) -> bool:
    ours, theirs = _edge(one, other)
    return same_precision(ours, theirs) and not dates_fit(ours, theirs)


def _edge(one: str, other: str) -> tuple[str, str]:
    """ "Since 2017" and "since 2019" are two dates, though the times overlap."""
    for side in (str.endswith, str.startswith):
        if side(one, "/") and side(other, "/"):
            return one.strip("/"), other.strip("/")
    return one, other
