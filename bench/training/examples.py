"""From corpora to tensors: one passage is one example, with a target for each question that it can answer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from bench.training.corpora import DebateSentence, TrainingArticle
from bench.training.network import NEWS, SPANS, TAGS, VOICES
from claims.extraction.encoder.passages import Passage, pack

NOTHING = -100  # what cross-entropy passes over
_CODES = {"O": "opinion", "P": "prediction", "I": "intention", "E": "experience", "Q": "question"}
_CODES |= {"R": "rhetoric", "S": "scene"}


@dataclass(slots=True)
class Example:
    """A passage and its targets, NOTHING where unknown.

    `links` is the first piece of a piece's cue, `voices` whose word a claim's piece is.
    """

    passage: Passage
    worth: list[int]
    news: list[int]
    tags: list[int]
    spans: list[int]
    links: list[int]
    voices: list[int]

    def __len__(self) -> int:
        return len(self.passage.ids)


def debate_example(tokenizer: Any, sentence: DebateSentence) -> Example | None:
    passages = list(pack(tokenizer, sentence.text, [(0, len(sentence.text))]))
    if not passages:
        return None
    size = len(passages[0].ids)
    blank = [NOTHING] * size
    return Example(passages[0], [sentence.label], [NOTHING], blank, blank, blank, blank)


def article_examples(tokenizer: Any, article: TrainingArticle, *, longest: int) -> Iterator[Example]:
    tags, governs = _character_tags(article)
    claims = _character_claims(article)
    for passage in pack(tokenizer, article.text, article.sentences, article.paragraph_ends, longest=longest):
        yield Example(
            passage,
            [NOTHING] * passage.sentences,
            [_news_target(article, passage.first_sentence + i) for i in range(passage.sentences)],
            _piece_targets(passage, tags, TAGS),
            _piece_targets(passage, claims, SPANS),
            _link_targets(passage, governs),
            _voice_targets(passage, article, claims),
        )


def _character_tags(
    article: TrainingArticle,
) -> tuple[list[tuple[str, int]] | None, dict[int, int]]:
    """For each character its role and its stretch's number; and for some the first one of their cue."""
    if article.annotated is None:
        return None, {}
    marks = [("O", 0)] * len(article.text)
    governs: dict[int, int] = {}
    number = 0
    for attribution in article.annotated.attributions:
        parts = (("content", attribution.content), ("source", attribution.source), ("cue", attribution.cue))
        cue = attribution.cue[0][0] if attribution.cue else None
        for role, spans in parts:
            for start, end in spans:
                number += 1
                marks[start:end] = [(role, number)] * (end - start)
                if cue is not None:
                    governs.update(dict.fromkeys(range(start, end), cue))
    return marks, governs


def _character_claims(article: TrainingArticle) -> list[tuple[str, int]] | None:
    if article.claims is None:
        return None
    marks = [("O", 0)] * len(article.text)
    for number, claim in enumerate(article.claims, 1):
        for at in range(claim["start"], claim["end"]):
            if marks[at][0] == "O":
                marks[at] = ("claim", number)
    return marks


def _piece_targets(passage: Passage, marks: list[tuple[str, int]] | None, names: Sequence[str]) -> list[int]:
    if marks is None:
        return [NOTHING] * len(passage.ids)
    targets = []
    before = ("O", 0)
    for member, (start, _) in zip(passage.sentence, passage.spans, strict=True):
        if member < 0:
            targets.append(NOTHING)
            continue
        role, number = marks[start]
        if role == "O":
            targets.append(0)
        else:
            targets.append(names.index(("I-" if (role, number) == before else "B-") + role))
        before = (role, number)
    return targets


def _link_targets(passage: Passage, governs: dict[int, int]) -> list[int]:
    where = {start: i for i, (start, _) in enumerate(passage.spans) if passage.sentence[i] >= 0}
    targets = []
    for member, (start, _) in zip(passage.sentence, passage.spans, strict=True):
        cue = governs.get(start) if member >= 0 else None
        targets.append(where.get(cue, NOTHING) if cue is not None else NOTHING)
    return targets


def _voice_targets(
    passage: Passage, article: TrainingArticle, claims: list[tuple[str, int]] | None
) -> list[int]:
    targets = [NOTHING] * len(passage.ids)
    if claims is None or article.claims is None:
        return targets
    for i, (member, (start, _)) in enumerate(zip(passage.sentence, passage.spans, strict=True)):
        if member >= 0 and claims[start][0] == "claim":
            author = article.claims[claims[start][1] - 1]["attribution"] == "author"
            targets[i] = VOICES.index("author" if author else "other")
    return targets


def _news_target(article: TrainingArticle, index: int) -> int:
    if article.claims is None:
        return NOTHING
    start, end = article.sentences[index]
    if any(min(end, c["end"]) - max(start, c["start"]) > 0 for c in article.claims):
        return NEWS.index("claim")
    for at, code in (article.codes or {}).items():
        if start <= at < end:
            return NEWS.index(_CODES[code])
    return NOTHING


def batches(
    examples: Sequence[Example], *, tokens: int, shuffle: random.Random | None
) -> list[list[Example]]:
    """Examples of like length together, at most `tokens` word pieces a batch with the padding counted."""
    order = list(examples)
    if shuffle is not None:
        shuffle.shuffle(order)
    order.sort(key=lambda e: len(e) + (shuffle.random() * 6 if shuffle is not None else 0))
    found: list[list[Example]] = []
    batch: list[Example] = []
    for example in order:
        if batch and max(len(example), max(map(len, batch))) * (len(batch) + 1) > tokens:
            found.append(batch)
            batch = []
        batch.append(example)
    if batch:
        found.append(batch)
    if shuffle is not None:
        shuffle.shuffle(found)
    return found


@dataclass(slots=True)
class Batch:
    ids: torch.Tensor
    mask: torch.Tensor
    sentence: torch.Tensor
    sentences: torch.Tensor
    worth: torch.Tensor
    news: torch.Tensor
    tags: torch.Tensor
    spans: torch.Tensor
    links: torch.Tensor
    voices: torch.Tensor


def collate(examples: Sequence[Example], device: str = "cpu") -> Batch:
    width = max(map(len, examples))
    most = max(e.passage.sentences for e in examples)
    within = [[m - e.passage.first_sentence if m >= 0 else -1 for m in e.passage.sentence] for e in examples]
    made = Batch(
        ids=_padded([e.passage.ids for e in examples], width, 0),
        mask=_padded([[1] * len(e) for e in examples], width, 0),
        sentence=_padded(within, width, -1),
        sentences=torch.arange(most),
        worth=_padded([e.worth for e in examples], most, NOTHING),
        news=_padded([e.news for e in examples], most, NOTHING),
        tags=_padded([e.tags for e in examples], width, NOTHING),
        spans=_padded([e.spans for e in examples], width, NOTHING),
        links=_padded([e.links for e in examples], width, NOTHING),
        voices=_padded([e.voices for e in examples], width, NOTHING),
    )
    return Batch(**{name: getattr(made, name).to(device) for name in Batch.__slots__})


def _padded(rows: Sequence[Sequence[int]], width: int, filler: int) -> torch.Tensor:
    return torch.tensor([[*row, *[filler] * (width - len(row))] for row in rows])
