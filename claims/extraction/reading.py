"""One pass over an article: parse its prose, find the speakers of its quotations and the pieces of its facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Span

from claims.extraction.attribution import Frame, frames_in, inner_frame
from claims.extraction.model import Block
from claims.extraction.names import build_cast
from claims.extraction.parsing import Parsed, ParseText, parse, prepare
from claims.extraction.quotes import Quotation, find_quotations
from claims.extraction.speakers import Discourse, Speaker
from claims.extraction.splitting import Piece, pieces_of

_STAND_IN = "That"
_BULLET = re.compile(r"(?:[-*•‣▪◦–—·]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+")
_DATELINE = re.compile(
    r"[A-Z][A-Z .,'’-]{2,40}(?:\([A-Za-z ]+\)[ \t]*)?[ \t]*[—–-]{1,2}[ \t]+|[A-Z][A-Z .,'’-]{2,40}[ \t]*\([A-Za-z ]+\)[ \t]*[—–-]+[ \t]+"
)


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


def read_article(text: str, blocks: Sequence[Block]) -> Reading:
    """Parse every prose block once and collect the pieces of fact in it. Linear in the length of the text."""
    quotations = find_quotations(text, blocks)
    parsed = list(parse(_pieces_to_parse(text, blocks, quotations)))
    cast = build_cast(text, parsed)
    discourse = Discourse(text, cast)
    by_start = {q.outer_start: i for i, q in enumerate(quotations) if q.whole}
    voices: dict[int, Voice] = {}
    narrative: list[tuple[Parsed, Span, list[Frame], dict[int, int]]] = []
    lone: list[int] = []
    last: Voice | None = None
    block_of_last = -1
    for piece in (p for p in parsed if p.within is None):
        for sentence in piece.sentences():
            marks = _marks(sentence, piece, by_start)
            frames = frames_in(sentence, piece, discourse, marks)
            narrative.append((piece, sentence, frames, marks))
            for index in dict.fromkeys(marks.values()):
                voice = _voice_of(index, sentence, frames, marks, discourse)
                block = quotations[index].block
                if voice is None and last is not None and _may_carry(quotations[index], block, block_of_last):
                    voice = last
                if voice is None:
                    lone.append(index)
                    continue
                voices[index] = voice
                last, block_of_last = voice, block
                for waiting in lone:
                    if quotations[waiting].block == block:
                        voices.setdefault(waiting, voice)
                lone = [w for w in lone if w not in voices]
            if not marks and frames and frames[0].speaker is not None and frames[0].stance != "belief":
                last, block_of_last = (
                    Voice(frames[0].speaker, frames[0].cue, "fact"),
                    _block_at(blocks, piece, sentence),
                )
    findings = list(_narrative_findings(narrative))
    findings.extend(_quoted_findings(parsed, voices))
    extra = _extra_sentences(parsed)
    return Reading(findings, quotations, len(narrative) + extra)


def _pieces_to_parse(
    text: str, blocks: Sequence[Block], quotations: Sequence[Quotation]
) -> Iterator[tuple[ParseText, int | None]]:
    whole: dict[int, list[int]] = {}
    for index, quotation in enumerate(quotations):
        if quotation.whole:
            whole.setdefault(quotation.block, []).append(index)
    for number, block in enumerate(blocks):
        if block.kind not in ("paragraph", "list_item"):
            continue
        start = block.start
        lead = (_BULLET if block.kind == "list_item" else _DATELINE).match(text, start, block.end)
        if lead is not None and lead.end() < block.end:
            start = lead.end()
        inside = [i for i in whole.get(number, []) if quotations[i].outer_start >= start]
        stand_ins = [
            (quotations[i].outer_start, quotations[i].outer_end, _stand_in(text, quotations[i]))
            for i in inside
        ]
        yield prepare(text, start, block.end, stand_ins), None
        for i in inside:
            yield prepare(text, quotations[i].start, quotations[i].end), i


def _stand_in(text: str, quotation: Quotation) -> str:
    """A short quotation for the parser: it ends as the real one does, so that sentences still part there."""
    inner = text[quotation.start : quotation.end].rstrip()
    after = text[quotation.outer_end : quotation.outer_end + 3].lstrip()
    end = inner[-1:] if inner[-1:] in ".!?," else ""
    if end in (".", "!", "?") and after[:1].islower():
        end = ","
    return f'"{_STAND_IN}{end}"'


def _marks(sentence: Span, piece: Parsed, by_start: dict[int, int]) -> dict[int, int]:
    return {t.i: by_start[piece.start_of(t)] for t in sentence if piece.start_of(t) in by_start}


def _voice_of(
    index: int, sentence: Span, frames: list[Frame], marks: dict[int, int], discourse: Discourse
) -> Voice | None:
    """The nearest frame in the quotation's own sentence, or the person the sentence is about."""
    at = min(i for i, quotation in marks.items() if quotation == index)
    speaking = [f for f in frames if f.speaker is not None and f.stance not in ("belief", "concern")]
    if speaking:
        nearest = min(speaking, key=lambda f: (abs(f.verb.i - at), f.verb.i))
        return Voice(nearest.speaker, nearest.cue, nearest.stance)
    others = [t for t in sentence if t.i not in marks and not t.is_punct and not t.is_space]
    if not others:
        return None
    subjects = [s for s in discourse.past[-1].subjects if s.person]
    return Voice(subjects[-1], "", "fact") if subjects else None


def _may_carry(quotation: Quotation, block: int, block_of_last: int) -> bool:
    return quotation.resumes or block == block_of_last or block - block_of_last == 1


def _block_at(blocks: Sequence[Block], piece: Parsed, sentence: Span) -> int:
    start = piece.start_of(sentence[0])
    low, high = 0, len(blocks)
    while low < high:
        middle = (low + high) // 2
        if blocks[middle].start <= start:
            low = middle + 1
        else:
            high = middle
    return low - 1


def _narrative_findings(
    narrative: Sequence[tuple[Parsed, Span, list[Frame], dict[int, int]]],
) -> Iterator[Finding]:
    for piece, sentence, frames, marks in narrative:
        question = sentence.text.rstrip().endswith("?")
        for fact in pieces_of(sentence, frames, marks):
            frame = fact.frame
            speaker = frame.speaker if frame is not None else None
            yield Finding(fact, piece, speaker, False, frame.cue if frame is not None else "", question)


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
    return sum(max(0, len(list(p.sentences())) - 1) for p in parsed if p.within is not None)
