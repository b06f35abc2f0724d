"""Sentences packed into passages of word pieces: what the encoder reads at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

CLS, SEP = 101, 102
LONGEST_PASSAGE = 160  # word pieces with the marks around them; attention and memory grow with its square


@dataclass(frozen=True, slots=True)
class Passage:
    """Word pieces of some sentences in a row.

    `ids`, `sentence` and `spans` have one entry a word piece: its number in the vocabulary, the index of its
    sentence in the whole text (-1 for the marks [CLS] and [SEP]) and its characters in the text.
    """

    ids: tuple[int, ...]
    sentence: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    first_sentence: int
    sentences: int


def pack(
    tokenizer: Any,
    text: str,
    sentences: Sequence[tuple[int, int]],
    paragraph_ends: Collection[int] = (),
    *,
    longest: int = LONGEST_PASSAGE,
    alone: bool = False,
) -> Iterator[Passage]:
    """The sentences of `text` in passages of at most `longest` word pieces, in order; each `alone` on demand.

    A passage ends with a paragraph where it can: a quotation and its speaker mostly share one. A paragraph's
    end is a [SEP] in the passage. A sentence longer than a passage is cut off at its length;
    the rest of it is read by nobody, and counts as nothing found.
    """
    encoded = tokenizer.encode_batch([text[a:b] for a, b in sentences], add_special_tokens=False)
    room = longest - 2
    whole = _paragraph_lengths([min(len(e.ids), room) for e in encoded], paragraph_ends)
    ids: list[int] = []
    members: list[int] = []
    spans: list[tuple[int, int]] = []
    first = 0
    for index, ((start, _), pieces) in enumerate(zip(sentences, encoded, strict=True)):
        opens = whole[index] if whole[index] <= room else 0
        if ids and (alone or len(ids) + max(len(pieces.ids), opens) + 1 > room):
            yield _passage(ids, members, spans, first, index)
            ids, members, spans, first = [], [], [], index
        ids.extend(pieces.ids[:room])
        members.extend([index] * len(pieces.ids[:room]))
        spans.extend((start + a, start + b) for a, b in pieces.offsets[:room])
        if index in paragraph_ends and len(ids) < room:
            ids.append(SEP)
            members.append(-1)
            spans.append((0, 0))
    if ids:
        yield _passage(ids, members, spans, first, len(sentences))


def _paragraph_lengths(sizes: Sequence[int], paragraph_ends: Collection[int]) -> list[int]:
    """For a sentence that opens a paragraph the word pieces of all of it, for the others 0."""
    found = [0] * len(sizes)
    first = 0
    for index, size in enumerate(sizes):
        found[first] += size
        if index in paragraph_ends:
            first = index + 1
    return found


def _passage(
    ids: list[int], members: list[int], spans: list[tuple[int, int]], first: int, until: int
) -> Passage:
    if ids[-1] == SEP:
        ids, members, spans = ids[:-1], members[:-1], spans[:-1]
    return Passage(
        (CLS, *ids, SEP),
        (-1, *members, -1),
        ((0, 0), *spans, (0, 0)),
        first_sentence=first,
        sentences=until - first,
    )
