"""From findings to the claims that are offered: exact spans, no double facts, the best ones first chosen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile

from claims.extraction import lexicon as lex
from claims.extraction.model import Attribution, ExtractedClaim
from claims.extraction.parsing import lemma_of
from claims.extraction.parts import Anatomy
from claims.extraction.quotes import Quotation
from claims.extraction.reading import Finding, Reading
from claims.extraction.standalone import Rewriter
from claims.extraction.worthiness import OFFER_FROM, Worth, judge

MOST_OFFERED = 20  # in a short article; longer ones may offer a claim a sentence, books one in three
_SAME_FACT = 0.7  # one span holding this share of the other states the same fact
_PAIRS = {"]": "[", ")": "(", "”": "“", "»": "«"}


@dataclass(frozen=True, slots=True)
class _Candidate:
    finding: Finding
    worth: Worth
    start: int
    end: int


def offered_claims(
    text: str, reading: Reading, *, published: date | None = None
) -> tuple[ExtractedClaim, ...]:
    """The claims worth offering, ordered by where they start; `published` dates their "on Tuesday"."""
    candidates: list[_Candidate] = []
    for finding in reading.findings:
        candidate = _candidate(text, finding)
        if candidate is not None:
            candidates.append(candidate)
    chosen = _without_doubles(candidates)
    limit = max(MOST_OFFERED, min(reading.sentences, 40 + reading.sentences // 3))
    best = sorted(chosen, key=lambda c: (-c.worth.score, c.start, c.end))[:limit]
    inside = sorted(reading.quotations, key=lambda q: q.start)
    rewriter = Rewriter(text, reading.parsed, reading.discourse.cast, reading.discourse, published=published)
    anatomy = Anatomy(text, reading.parsed, reading.cast, published=published)
    return tuple(
        _claim(text, c, inside, rewriter, anatomy) for c in sorted(best, key=lambda c: (c.start, c.end))
    )


def _candidate(text: str, finding: Finding) -> _Candidate | None:
    name = finding.speaker.name if finding.speaker is not None else None
    worth = judge(finding.piece, quoted=finding.in_quotation, claimant=name, question=finding.question)
    if worth.excluded or worth.score < OFFER_FROM:
        return None
    start, end = finding.parsed.bounds(finding.piece.first, finding.piece.last)
    start, end = _balanced(text, start, end)
    if end - start < 8:
        return None
    return _Candidate(finding, worth, start, end)


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the bracket or mark that the span cuts off, and leave out one that it opens for nothing."""
    span = text[start:end]
    for closer, opener in _PAIRS.items():
        if span.count(closer) > span.count(opener) and start and text[start - 1] == opener:
            start -= 1
        if span.count(opener) > span.count(closer):
            end = _past_mark(text, end, closer)
    if text[start:end].count('"') % 2:
        if _past_mark(text, end, '"') != end:
            end = _past_mark(text, end, '"')
        elif start and text[start - 1] == '"':
            start -= 1
        elif text[start] == '"':
            start += 1
        elif text[end - 1] == '"':
            end -= 1
    if text[end - 1] == "." and text[end - 2 : end - 1].islower() | text[end - 2 : end - 1].isdigit():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _past_mark(text: str, end: int, closer: str) -> int:
    """The position after the closing mark that follows, at once or after a full stop or comma; else `end`."""
    if text[end : end + 1] == closer:
        return end + 1
    if text[end : end + 1] in (".", ",", "!", "?") and text[end + 1 : end + 2] == closer:
        return end + 2
    return end


def _without_doubles(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Of spans that state the same fact, the better; two candidates are compared only where they overlap."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.start, -c.end, -c.worth.score)):
        rivals = []
        for other in reversed(kept):
            if candidate.start - other.start > 5_000:
                break
            if _same_fact(candidate, other):
                rivals.append(other)
        if all(candidate.worth.score > other.worth.score for other in rivals):
            for other in rivals:
                kept.remove(other)
            kept.append(candidate)
    return kept


def _same_fact(one: _Candidate, other: _Candidate) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    if shared <= 0:
        return False
    if (one.start, one.end) == (other.start, other.end):
        return True
    return shared >= _SAME_FACT * max(one.end - one.start, other.end - other.start)


def _claim(
    text: str,
    candidate: _Candidate,
    quotations: Sequence[Quotation],
    rewriter: Rewriter,
    anatomy: Anatomy,
) -> ExtractedClaim:
    finding, start, end = candidate.finding, candidate.start, candidate.end
    speaker = finding.speaker
    kind, parts = anatomy.of(start, end, about_speech=tells_of_speech(finding))
    name = speaker.name if speaker is not None else None
    wording = rewriter.reword(
        start, end, piece=finding.piece, claimant=name, in_quotation=finding.in_quotation
    )
    return ExtractedClaim(
        text=wording.text,
        quote=text[start:end],
        start=start,
        end=end,
        claimant=name,
        claimant_span=speaker.span if speaker is not None else None,
        attribution=_attribution(finding, start, end, quotations),
        kind=kind,
        score=candidate.worth.score,
        reasons=candidate.worth.reasons,
        cue=finding.cue,
        changes=wording.changes,
        parts=parts,
    )


def tells_of_speech(finding: Finding) -> bool:
    """Whether the reporter's own sentence tells who said what: "the minister called the charge absurd"."""
    verb = lemma_of(finding.piece.head)
    speaks = verb in lex.ACCUSING_VERBS | lex.DENIAL_VERBS | {
        "say",
        "tell",
        "claim",
        "call",
        "announce",
        "state",
    }
    return finding.speaker is None and finding.piece.role == "main" and speaks


def _attribution(finding: Finding, start: int, end: int, quotations: Sequence[Quotation]) -> Attribution:
    if finding.in_quotation:
        return "quoted"
    if finding.speaker is None:
        return "author"
    first = bisect_left(quotations, start, key=lambda q: q.end)
    near = takewhile(lambda q: q.start < end, islice(quotations, first, None))
    inside = sum(max(0, min(end, q.end) - max(start, q.start)) for q in near)
    return "quoted" if inside * 2 > end - start else "reported"
