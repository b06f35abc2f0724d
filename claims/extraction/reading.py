"""One pass over an article: parse its prose, find the speakers of its quotations and its pieces of fact."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.extraction.attribution import Frame, frames_in, inner_frame
from claims.extraction.model import Block
from claims.extraction.names import Cast, build_cast
from claims.extraction.parsing import Parsed
from claims.extraction.prose import parse_article
from claims.extraction.quotes import Quotation, find_quotations
from claims.extraction.speakers import Discourse, Speaker
from claims.extraction.splitting import Piece, pieces_of

if TYPE_CHECKING:
    from spacy.tokens import Span, Token


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of a sentence with everything that decides its fate."""

    piece: Piece
    parsed: Parsed
    speaker: Speaker | None
    in_quotation: bool
    cue: str
    question: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose words a quotation is, and the frame that says so."""

    speaker: Speaker | None
    cue: str
    stance: str


@dataclass(slots=True)
class Reading:
    """What a pass over the article yields."""

    findings: list[Finding]
    quotations: list[Quotation]
    sentences: int
    parsed: list[Parsed]
    cast: Cast
    discourse: Discourse


def read_article(text: str, blocks: Sequence[Block]) -> Reading:
    """Parse every prose block once and collect the pieces of fact in it. Linear in the length of the text."""
    quotations = find_quotations(text, blocks)
    parsed = parse_article(text, blocks, quotations)
    cast = build_cast(text, parsed)
    discourse = Discourse(text, cast)
    by_start = {q.outer_start: i for i, q in enumerate(quotations) if q.whole}
    voices = _Voices(blocks, quotations)
    narrative: list[_Told] = []
    for piece in (p for p in parsed if p.within is None):
        for sentence in piece.sentences():
            marks = _marks(sentence, piece, by_start)
            frames = frames_in(sentence, piece, discourse, marks)
            told = _Told(piece, sentence, frames, marks)
            narrative.append(told)
            voices.hear(told, discourse)
    findings = list(_narrative_findings(narrative))
    findings.extend(_quoted_findings(parsed, voices.known))
    sentences = len(narrative) + _extra_sentences(parsed)
    return Reading(findings, quotations, sentences, parsed, cast, discourse)


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence in the reporter's voice; `marks` maps the tokens that stand for quotations to them."""

    piece: Parsed
    sentence: Span
    frames: list[Frame]
    marks: dict[int, int]


class _Voices:
    """Whose words each quotation is: its own frame's, else the speech's that it carries on."""

    def __init__(self, blocks: Sequence[Block], quotations: Sequence[Quotation]) -> None:
        self.known: dict[int, Voice] = {}
        self._starts = [block.start for block in blocks]
        self._quotations = quotations
        self._last: Voice | None = None
        self._block_of_last = -2
        self._waiting: list[int] = []

    def hear(self, told: _Told, discourse: Discourse) -> None:
        """Take in the next sentence."""
        for index in dict.fromkeys(told.marks.values()):
            self._settle(index, _voice_of(index, told, discourse))
        frames = told.frames
        if not told.marks and frames and frames[0].speaker is not None and frames[0].stance != "belief":
            start = told.piece.start_of(told.sentence[0])
            self._remember(
                Voice(frames[0].speaker, frames[0].cue, "fact"), bisect_right(self._starts, start) - 1
            )

    def _settle(self, index: int, voice: Voice | None) -> None:
        quotation = self._quotations[index]
        carried = quotation.resumes or quotation.block - self._block_of_last in (0, 1)
        voice = voice or (self._last if carried else None)
        if voice is None:
            self._waiting.append(index)
            return
        self.known[index] = voice
        self._remember(voice, quotation.block)
        for waiting in self._waiting:
            if self._quotations[waiting].block == quotation.block:
                self.known[waiting] = voice
        self._waiting = []

    def _remember(self, voice: Voice, block: int) -> None:
        self._last, self._block_of_last = voice, block


def _marks(sentence: Span, piece: Parsed, by_start: dict[int, int]) -> dict[int, int]:
    return {t.i: by_start[piece.start_of(t)] for t in sentence if piece.start_of(t) in by_start}


def _voice_of(index: int, told: _Told, discourse: Discourse) -> Voice | None:
    """The nearest frame in the quotation's own sentence, or the person the sentence is about."""
    at = min(i for i, quotation in told.marks.items() if quotation == index)
    speaking = [f for f in told.frames if f.speaker is not None and f.stance not in ("belief", "concern")]
    if speaking:
        nearest = min(speaking, key=lambda f: (abs(f.verb.i - at), f.verb.i))
        return Voice(nearest.speaker, nearest.cue, nearest.stance)
    if all(t.i in told.marks or t.is_punct or t.is_space for t in told.sentence):
        return None
    subjects = [s for s in discourse.past[-1].subjects if s.person]
    return Voice(subjects[-1], "", "fact") if subjects else None


def _narrative_findings(narrative: Sequence[_Told]) -> Iterator[Finding]:
    speech: Frame | None = None  # the reported speech that a sentence may carry on
    carried = 0
    for before, told in zip([None, *narrative], narrative, strict=False):
        question = told.sentence.text.rstrip().endswith("?")
        if told.frames or told.marks:
            speech, carried = _backshifted_frame(told.frames), 0
        elif (
            before is None
            or before.piece is not told.piece
            or carried == 2
            or not _backshifted(told.sentence.root)
        ):
            speech = None
        else:
            carried += 1
        for fact in pieces_of(told.sentence, told.frames, told.marks):
            frame = fact.frame
            if frame is None and not told.frames and fact.role != "relative":
                frame = speech
            speaker = frame.speaker if frame is not None else None
            yield Finding(fact, told.piece, speaker, False, frame.cue if frame is not None else "", question)


def _backshifted(head: Token) -> bool:
    """ "had fallen", "would fall": the tense in which reported speech goes on without its frame."""
    return any(c.dep_ in ("aux", "auxpass") and c.lower_ in ("had", "would") for c in head.children)


def _backshifted_frame(frames: list[Frame]) -> Frame | None:
    """The sentence's speech, when what it reports stands in that tense."""
    for frame in frames:
        contents = [c for c in frame.verb.children if c.i in frame.content and c.dep_ == "ccomp"]
        if frame.speaker is not None and frame.stance == "fact" and any(_backshifted(c) for c in contents):
            return frame
    return None


def _quoted_findings(parsed: Sequence[Parsed], voices: dict[int, Voice]) -> Iterator[Finding]:
    for piece in parsed:
        if piece.within is None:
            continue
        voice = voices.get(piece.within, Voice(None, "", "fact"))
        for sentence in piece.sentences():
            question = sentence.text.rstrip().endswith("?")
            frames = _inner_frames(sentence)
            for fact in pieces_of(sentence, frames, {}):
                if fact.frame is not None and fact.frame.stance == "promise":
                    continue
                yield Finding(fact, piece, voice.speaker, True, voice.cue, question)


def _inner_frames(sentence: Span) -> list[Frame]:
    """Inside a quotation "I think that …" and "Mr X knows that …" only introduce their clause."""
    return [frame for token in sentence if (frame := inner_frame(token)) is not None]


def _extra_sentences(parsed: Sequence[Parsed]) -> int:
    """Sentences inside quotations beyond the first, which its own sentence already counts."""
    return sum(max(0, len(p.sentences()) - 1) for p in parsed if p.within is not None)
