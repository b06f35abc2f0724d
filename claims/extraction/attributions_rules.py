"""Acts of attribution by rules alone: frames of reported speech, and whose words a quotation is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.extraction.attribution import Frame, frames_in
from claims.extraction.attributions_decoding import Act
from claims.extraction.parsing import Parsed
from claims.extraction.quotes import Quotation
from claims.extraction.speakers import Discourse, Speaker, noun_phrase

if TYPE_CHECKING:
    from spacy.tokens import Span as Words

Span = tuple[int, int]

_SURE = 0.6  # nothing measures how sure a rule is


@dataclass(slots=True)
class _Hearing:
    """What the rules have found up to here; `last` is the act that spoke last and the block it did so in."""

    quotations: Sequence[Quotation]
    acts: list[tuple[Act, Speaker | None]] = field(default_factory=list)
    last: tuple[Act, int] | None = None

    def add(self, act: Act, speaker: Speaker | None) -> Act:
        self.acts.append((act, speaker))
        return act


def acts_by_rules(
    quotations: Sequence[Quotation], parsed: Sequence[Parsed], discourse: Discourse
) -> list[tuple[Act, Speaker | None]]:
    """The acts in the article's prose with their speakers, ordered by where their contents begin."""
    by_start = {q.outer_start: i for i, q in enumerate(quotations) if q.whole}
    heard = _Hearing(quotations)
    for piece in parsed:
        if piece.within is not None:
            continue
        for sentence in piece.sentences():
            marks = {t.i: by_start[piece.start_of(t)] for t in sentence if piece.start_of(t) in by_start}
            _hear(sentence, piece, discourse, marks, heard)
    found = [(act, speaker) for act, speaker in heard.acts if act.content]
    for act, _ in found:
        act.content.sort()
    return sorted(found, key=lambda pair: pair[0].content[0])


def _hear(
    sentence: Words, piece: Parsed, discourse: Discourse, marks: dict[int, int], heard: _Hearing
) -> None:
    told: list[tuple[Frame, Act]] = []
    for frame in frames_in(sentence, piece, discourse, marks):
        act = Act(_content(frame.content, piece, sentence, marks, heard.quotations), None, None, _SURE)
        act.source, act.cue = _named_by(frame, piece), piece.bounds(frame.verb, frame.verb)
        told.append((frame, heard.add(act, frame.speaker)))
    speaking = [(f, a) for f, a in told if f.speaker is not None and f.stance not in ("belief", "concern")]
    for at, index in sorted(marks.items()):
        quotation = heard.quotations[index]
        outer = quotation.outer_start, quotation.outer_end
        if any(outer in act.content for _, act in told):
            owner = next(act for _, act in told if outer in act.content)
        elif speaking:
            owner = min(speaking, key=lambda pair: (abs(pair[0].verb.i - at), pair[0].verb.i))[1]
        else:
            owner = _carrier(quotation, sentence, piece, discourse, marks, heard)
        if outer not in owner.content:
            owner.content.append(outer)
        heard.last = owner, quotation.block
    if speaking and not marks:
        block = next((q.block for q in heard.quotations if q.outer_start > piece.start_of(sentence[0])), -1)
        heard.last = speaking[0][1], block


def _carrier(
    quotation: Quotation,
    sentence: Words,
    piece: Parsed,
    discourse: Discourse,
    marks: dict[int, int],
    heard: _Hearing,
) -> Act:
    """The act of a quotation that its sentence gives to nobody: the speech before, or the one it is about."""
    alone = all(t.i in marks or t.is_punct or t.is_space for t in sentence)
    last = heard.last
    if last is not None and (quotation.resumes or (alone and quotation.block - last[1] in (0, 1))):
        return last[0]
    subjects = [s for s in discourse.past[-1].subjects if s.person] if not alone else []
    speaker = subjects[-1] if subjects else None
    return heard.add(Act([], speaker.span if speaker is not None else None, None, _SURE / 2), speaker)


def _named_by(frame: Frame, piece: Parsed) -> Span | None:
    if frame.speaker is None or frame.named is None:
        return None
    return piece.bounds(*noun_phrase(frame.named))


def _content(
    indices: Iterable[int],
    piece: Parsed,
    sentence: Words,
    marks: dict[int, int],
    quotations: Sequence[Quotation],
) -> list[Span]:
    """The places of the tokens, runs as one; a token that stands for a quotation gives all of it."""
    found: list[Span] = []
    before = -2
    for index in sorted(indices):
        token = sentence.doc[index]
        if index in marks:
            quotation = quotations[marks[index]]
            found.append((quotation.outer_start, quotation.outer_end))
            before = -2
            continue
        if token.is_space:
            continue
        start, end = piece.bounds(token, token)
        only_marks = all(sentence.doc[i].is_punct for i in range(before + 1, index))
        if before >= 0 and index - before <= 3 and only_marks:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
        before = index
    return found
