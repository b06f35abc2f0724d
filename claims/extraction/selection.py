"""The claims of an article as the encoder marks them, scored beside the rules, and why the rest is none."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims.extraction.attributions_claimants import AUTHOR, Claimant, Claimants
from claims.extraction.encoder.runtime import Encoded
from claims.extraction.locating import Locator
from claims.extraction.model import Attribution, Block, PassedOver, WhyNot
from claims.extraction.parsing import Parsed
from claims.extraction.reading import Finding, Reading
from claims.extraction.scoring import Signals, probability
from claims.extraction.spans import Measure, SpanFound, spans_in, tidy, words_of
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
_FAINTEST = 0.08  # the least that the words of a rules' piece must be marked, on average
_NEARLY = 0.1  # of the score, by which a whole piece may fall behind and still be taken
_A_SUBJECT = 12  # characters by which it may be longer: "they", "the mayor"
_LIKE_A_PIECE = 0.85  # of the union with a piece, under which a span is not one with loose ends
_LIKE = 0.5  # of the words shared, for a finding of the rules to speak for a span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be offered, with all that is known of it."""

    found: SpanFound
    parsed: Parsed | None
    words: Span | None
    finding: Finding | None
    worth: Worth
    voice: Claimant
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
    """Every span in the article's prose that the encoder marks or the rules cut out, scored, in order."""
    words = list(words_of(text, encoded))
    marked = spans_in(text, words, inside_from=curve["inside_from"])
    scorer = _Scorer(reading, encoded, voices, marked, curve)
    prose = [(b.start, b.end) for b in blocks if b.kind in _PROSE]
    starts = [start for start, _ in prose]
    spans = {(m.start, m.end): m for m in marked}
    measure = Measure(text, words)
    for finding in reading.findings:
        start, end = tidy(text, *finding.parsed.bounds(finding.piece.first, finding.piece.last))
        found = measure.of(start, end)
        if found is not None and found.mean >= _FAINTEST:
            spans.setdefault((start, end), found)
    made = []
    for _, found in sorted(spans.items()):
        at = bisect_right(starts, found.start) - 1
        if at >= 0 and found.start < prose[at][1]:
            made.append(scorer.weigh(found))
    return made


def chosen(weighed: Sequence[Candidate], cut: float) -> list[Candidate]:
    """Of candidates from `cut` on the best where they state the same fact, in order.

    A span that the rules cut out whole is taken for one that scores a little better but is none of theirs:
    it has its subject and leaves out "he added", and so stands alone.
    """
    kept: list[Candidate] = []
    taken: dict[int, list[Candidate]] = {}
    by_sentence: dict[int, list[Candidate]] = {}
    for candidate in weighed:
        by_sentence.setdefault(candidate.found.sentence, []).append(candidate)
    for candidate in sorted(weighed, key=lambda c: (-c.score, c.start, c.end)):
        if candidate.score < cut:
            break
        near = taken.setdefault(candidate.found.sentence, [])
        if not any(_same_fact(candidate, other) for other in near):
            rivals = [c for c in by_sentence[candidate.found.sentence] if _is_whole(c) and c.score >= cut]
            rivals = [c for c in rivals if not any(_same_fact(c, other) for other in near)]
            taken_instead = _whole_one(candidate, rivals)
            near += [candidate, taken_instead]
            kept.append(taken_instead)
    return sorted(kept, key=lambda c: (c.start, c.end))


def _whole_one(best: Candidate, rivals: Sequence[Candidate]) -> Candidate:
    """The candidate, or the span of a whole piece of fact that says the same; the score stays the best's."""
    if _is_whole(best):
        return best
    room = best.end - best.start + _A_SUBJECT
    fitting = [c for c in rivals if _same_fact(c, best) and c.end - c.start <= room]
    near = [c for c in fitting if c.score >= best.score - _NEARLY]
    if not near and best.signals.piece < _LIKE_A_PIECE:
        inside = [c for c in fitting if best.start <= c.start and c.end <= best.end]
        near = [c for c in inside if c.score >= best.score / 2]
    taken = max(near, key=lambda c: c.score, default=best)
    return replace(taken, score=best.score)


def _is_whole(candidate: Candidate) -> bool:
    return candidate.signals.piece > 0.999


def _same_fact(one: Candidate, other: Candidate) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= min(one.end - one.start, other.end - other.start)


class _Scorer:
    """Puts together what encoder and rules say of one article's spans."""

    def __init__(
        self,
        reading: Reading,
        encoded: Encoded,
        voices: Claimants,
        marked: Sequence[SpanFound],
        curve: Mapping[str, float],
    ) -> None:
        self._locator = Locator(reading.parsed, reading.quotations)
        self._findings = _ByPlace(reading.findings)
        self._encoded = encoded
        self._voices = voices
        self._marked = marked
        self._ends = [m.end for m in marked]
        self._curve = curve

    def weigh(self, found: SpanFound) -> Candidate:
        finding, likeness = self._findings.like(found.start, found.end)
        voice = self._voices.claimant_of((found.start, found.end), by_rules=_voice_by_rules(finding))
        if voice.name is None and finding is not None and finding.in_quotation:
            voice = _voice_by_rules(finding)
        located = self._locator.words(found.start, found.end)
        parsed, words = located if located is not None else (None, None)
        worth = _worth(words, finding, voice.name)
        signals = Signals(
            inside=found.mean,
            least=found.least,
            claim=float(self._encoded.news[found.sentence][0]),
            worth=float(self._encoded.worth[found.sentence][2]),
            rules=worth.score,
            excluded=float(bool(worth.excluded)),
            marked=self._likeness_to_marks(found.start, found.end),
            piece=likeness,
            words=found.words,
            number=float(any(reason.startswith("a number") for reason in worth.reasons)),
            quoted=float(voice.attribution == "quoted"),
            reported=float(voice.attribution == "reported"),
        )
        score = probability(signals, self._curve)
        return Candidate(found, parsed, words, finding, worth, voice, signals, score)

    def _likeness_to_marks(self, start: int, end: int) -> float:
        best = 0.0
        for at in range(bisect_right(self._ends, start), len(self._marked)):
            mark = self._marked[at]
            if mark.start >= end:
                break
            best = max(best, likeness((start, end), (mark.start, mark.end)))
        return best


def _voice_by_rules(finding: Finding | None) -> Claimant:
    """Whose word it is by the rules, for where the encoder hears nobody."""
    if finding is None or finding.speaker is None:
        return AUTHOR
    attribution: Attribution = "quoted" if finding.in_quotation else "reported"
    return Claimant(finding.speaker.name, finding.speaker.span, attribution, finding.cue)


def likeness(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Intersection over union of two spans."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0.0


def _worth(words: Span | None, finding: Finding | None, claimant: str | None) -> Worth:
    """The rules' judgement and reasons for a span's own words, said by `claimant` or nobody."""
    if words is None:
        return Worth(0.0, (), "unread")
    if finding is not None and finding.piece.head.doc is words.doc:
        piece = replace(finding.piece, first=words[0], last=words[-1])
        return judge(piece, quoted=finding.in_quotation, claimant=claimant, question=finding.question)
    head = words.root
    subject = next((c for c in head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    piece = Piece(head, words[0], words[-1], "main", None, subject)
    return judge(piece, quoted=False, claimant=claimant, question=words.sent.text.rstrip().endswith("?"))


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

    def like(self, start: int, end: int) -> tuple[Finding | None, float]:
        """The finding whose span is most like [start, end), if it shares half of the union, and how much."""
        best, most = None, 0.0
        low = bisect_left(self._starts, start - min(self._longest, 2_000))
        for a, b, i in self._rows[low : bisect_left(self._starts, end)]:
            here = likeness((start, end), (a, b))
            if here > most:
                best, most = self._findings[i], here
        return (best if most >= _LIKE else None), most


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
