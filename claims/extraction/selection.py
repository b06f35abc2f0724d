"""The claims of an article as the encoder marks them, scored beside the rules, and why the rest is none."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims.extraction.claimants import Claimants, Voice
from claims.extraction.encoder.runtime import Encoded
from claims.extraction.locating import Locator
from claims.extraction.model import Block, PassedOver, WhyNot
from claims.extraction.parsing import Parsed
from claims.extraction.reading import Finding, Reading
from claims.extraction.scoring import Signals, probability
from claims.extraction.spans import SpanFound, claim_spans
from claims.extraction.splitting import Piece
from claims.extraction.worthiness import Worth, judge

if TYPE_CHECKING:
    from spacy.tokens import Span

_PROSE = ("paragraph", "list_item")
_WHY: tuple[WhyNot, ...] = (
    "minor",
    "opinion",
    "prediction",
    "intention",
    "experience",
    "question",
    "rhetoric",
    "scene",
)  # in the order of the encoder's news classes; a likely claim that is not offered is a minor one
_LIKE = 0.5  # of the words shared, for a finding of the rules to speak for a span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be offered, with all that is known of it."""

    found: SpanFound
    parsed: Parsed | None
    words: Span | None
    finding: Finding | None
    worth: Worth
    voice: Voice
    signals: Signals
    score: float

    @property
    def start(self) -> int:
        return self.found.start

    @property
    def end(self) -> int:
        return self.found.end


def candidates(
    text: str,
    reading: Reading,
    encoded: Encoded,
    voices: Claimants,
    blocks: Sequence[Block],
    curve: Mapping[str, float],
) -> list[Candidate]:
    """Every span that the encoder marks in the article's prose, scored by `curve`, in order."""
    locator = Locator(reading.parsed, reading.quotations)
    findings = _ByPlace(reading.findings)
    prose = [(b.start, b.end) for b in blocks if b.kind in _PROSE]
    starts = [start for start, _ in prose]
    made = []
    for found in claim_spans(text, encoded, inside_from=curve["inside_from"]):
        at = bisect_right(starts, found.start) - 1
        if at >= 0 and found.start < prose[at][1]:
            made.append(_candidate(found, locator, findings, encoded, voices, curve))
    return made


def _candidate(
    found: SpanFound,
    locator: Locator,
    findings: _ByPlace,
    encoded: Encoded,
    voices: Claimants,
    curve: Mapping[str, float],
) -> Candidate:
    voice = voices.of(found.start, found.end)
    finding = findings.like(found.start, found.end)
    located = locator.words(found.start, found.end)
    parsed, words = located if located is not None else (None, None)
    worth = _worth(words, finding)
    signals = Signals(
        inside=found.mean,
        least=found.least,
        claim=float(encoded.news[found.sentence][0]),
        worth=float(encoded.worth[found.sentence][2]),
        rules=worth.score,
        excluded=float(bool(worth.excluded)),
        words=found.words,
        number=float(any(reason.startswith("a number") for reason in worth.reasons)),
        quoted=float(voice.attribution == "quoted"),
        reported=float(voice.attribution == "reported"),
    )
    return Candidate(found, parsed, words, finding, worth, voice, signals, probability(signals, curve))


def _worth(words: Span | None, finding: Finding | None) -> Worth:
    """The rules' judgement and reasons for a span's own words."""
    if words is None:
        return Worth(0.0, (), "unread")
    if finding is not None and finding.piece.head.doc is words.doc:
        piece = replace(finding.piece, first=words[0], last=words[-1])
        name = finding.speaker.name if finding.speaker is not None else None
        return judge(piece, quoted=finding.in_quotation, claimant=name, question=finding.question)
    head = words.root
    subject = next((c for c in head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    piece = Piece(head, words[0], words[-1], "main", None, subject)
    return judge(piece, quoted=False, claimant=None, question=words.sent.text.rstrip().endswith("?"))


class _ByPlace:
    """Findings by where they stand, to ask which one speaks for a span."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        rows = sorted(
            ((*f.parsed.bounds(f.piece.first, f.piece.last), i) for i, f in enumerate(findings)),
        )
        self._findings = findings
        self._rows = rows
        self._starts = [row[0] for row in rows]
        self._longest = max((end - start for start, end, _ in rows), default=0)

    def like(self, start: int, end: int) -> Finding | None:
        """The finding whose span is most like [start, end), if it shares half of the union."""
        best, likeness = None, _LIKE
        low = bisect_left(self._starts, start - min(self._longest, 2_000))
        for a, b, i in self._rows[low : bisect_left(self._starts, end)]:
            shared = min(b, end) - max(a, start)
            if shared > 0 and shared / (max(b, end) - min(a, start)) > likeness:
                best, likeness = self._findings[i], shared / (max(b, end) - min(a, start))
        return best


def passed_over(
    encoded: Encoded, blocks: Sequence[Block], offered: Sequence[tuple[int, int]], scores: Mapping[int, float]
) -> tuple[PassedOver, ...]:
    """The prose sentences in which nothing was offered, and what they are instead.

    `offered` are the offered spans in order; `scores` the best score of a span in a sentence, by its number.
    """
    prose = [(b.start, b.end) for b in blocks if b.kind in _PROSE]
    starts = [start for start, _ in prose]
    ends = [end for _, end in offered]
    found = []
    for number, (start, end) in enumerate(encoded.sentences):
        at = bisect_right(starts, start) - 1
        if at < 0 or start >= prose[at][1]:
            continue
        nearest = bisect_right(ends, start)
        if nearest < len(offered) and offered[nearest][0] < end:
            continue
        row = encoded.news[number]
        why = _WHY[int(row.argmax())]
        score = scores.get(number, min(0.3, float(row[0])))
        found.append(PassedOver(start, end, why, round(score, 3)))
    return tuple(found)
