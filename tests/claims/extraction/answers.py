"""Answers of an encoder that is sure of what a test tells it."""

from __future__ import annotations

import numpy as np

from claims.extraction.encoder.runtime import Encoded
from claims.extraction.sentences import split_sentences

TAGS = ("O", "B-content", "I-content", "B-source", "I-source", "B-cue", "I-cue")


def encoded(text: str, parts: list[tuple[str, str, str | None]]) -> Encoded:
    """What an encoder would answer that is sure of `parts`: role, words and the words of their cue."""
    sentences = split_sentences(text, 0, len(text))
    pieces = [(i, i + 1) for i, char in enumerate(text) if not char.isspace()]
    number = {start: i for i, (start, _) in enumerate(pieces)}
    tags = np.full((len(pieces), len(TAGS)), 0.01, np.float32)
    tags[:, 0] = 0.9
    links = np.zeros((len(pieces), len(pieces)), np.float32)
    for role, words, cue in parts:
        start = text.index(words)
        inside = [number[at] for at in range(start, start + len(words)) if at in number]
        tags[inside, 0] = 0.01
        tags[inside, TAGS.index(f"I-{role}")] = 0.9
        tags[inside[0], TAGS.index(f"I-{role}")], tags[inside[0], TAGS.index(f"B-{role}")] = 0.01, 0.9
        if cue is not None:
            links[inside, number[text.index(cue)]] = 9
    none = np.zeros((len(sentences), 1), np.float32)
    owner = tuple(next(i for i, s in enumerate(sentences) if s[0] <= a < s[1]) for a, _ in pieces)
    return Encoded(tuple(sentences), none, none, tuple(pieces), owner, tags, none, ((0, links),), none[:, 0])
