"""Who the sources of an article's attributions are, by the fullest names that it gives."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from claims.extraction.attribution import note_subject
from claims.extraction.attributions_decoding import Act
from claims.extraction.parsing import Parsed
from claims.extraction.speakers import Discourse, Speaker

if TYPE_CHECKING:
    from spacy.tokens import Span as Words
    from spacy.tokens import Token

Span = tuple[int, int]


def speakers_of(
    text: str, acts: Sequence[Act], parsed: Sequence[Parsed], discourse: Discourse
) -> list[Speaker | None]:
    """The speaker of each act, None where it has no source; reads the article in order, as "he" asks for."""
    waiting = sorted({act.source for act in acts if act.source is not None})
    found: dict[Span, Speaker | None] = {}
    for piece in parsed:
        if piece.within is None:
            for sentence in piece.sentences():
                _read(sentence, piece, discourse, waiting, found)
    for source in waiting:
        if found.get(source) is None:
            found[source] = _by_words(text, source, discourse)
    return [found[act.source] if act.source is not None else None for act in acts]


def _read(
    sentence: Words,
    piece: Parsed,
    discourse: Discourse,
    waiting: Sequence[Span],
    found: dict[Span, Speaker | None],
) -> None:
    mentions = discourse.begin_sentence()
    start, end = piece.start_of(sentence[0]), piece.end_of(sentence[-1])
    heads: dict[int, Span] = {}
    for source in waiting[bisect_left(waiting, (start, start)) : bisect_right(waiting, (end, end))]:
        head = _head(source, sentence, piece)
        if head is not None and source not in found:
            heads[head.i] = source
    for token in sentence:
        if token.i in heads:
            speaker = discourse.resolve(token, piece)
            found[heads[token.i]] = speaker
            if speaker is not None:
                mentions.speakers.append(speaker)
        note_subject(token, piece, discourse, mentions)


def _head(source: Span, sentence: Words, piece: Parsed) -> Token | None:
    """The word that the source's other words hang on."""
    inside = [t for t in sentence if source[0] <= piece.start_of(t) < source[1] and not t.is_punct]
    numbers = {t.i for t in inside}
    tops = [t for t in inside if t.head.i not in numbers or t.head.i == t.i]
    named = [t for t in tops if t.pos_ in ("NOUN", "PROPN", "PRON")]
    return next(iter(named or tops), None)


def _by_words(text: str, source: Span, discourse: Discourse) -> Speaker | None:
    """A source that stands outside the parsed prose, as in a headline."""
    words = text[source[0] : source[1]]
    person = discourse.cast.person_called(words)
    if person is not None:
        return Speaker(person.name, person.places[0], person=True, gender=person.gender)
    return Speaker(words, source)
