"""What the encoder learns from: sentences of debates with three classes, articles with marked spans."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.training.brat import AnnotatedArticle, read_folder

_VERDICTS = {"-1": 0, "0": 1, "1": 2}
_LETTERS = {"N": 0, "U": 1, "C": 2}
LABELS = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class DebateSentence:
    text: str
    label: int
    debate: str
    origin: str


def claimbuster(folder: Path) -> Iterator[DebateSentence]:
    """The crowd's and the experts' sentences; where both judged one, the experts' word counts."""
    seen = set()
    for origin in ("groundtruth", "crowdsourced"):
        with (folder / "claimbuster" / f"{origin}.csv").open(encoding="utf-8", errors="replace") as file:
            for row in csv.DictReader(file):
                if row["Sentence_id"] in seen:
                    continue
                seen.add(row["Sentence_id"])
                yield DebateSentence(row["Text"], _VERDICTS[row["Verdict"]], row["File_id"], origin)


def own_debate_labels(folder: Path) -> Iterator[DebateSentence]:
    """Our labels for lines of CheckThat! transcripts, kept as {file: {line: N, U or C}} without the text."""
    labels = json.loads((LABELS / "debate_labels" / "labels.json").read_text(encoding="utf-8"))
    for place, lines in sorted(labels.items()):
        transcript = folder / place
        if not transcript.is_file():
            raise FileNotFoundError(f"there is no transcript {transcript}; --data must hold {place}")
        with transcript.open(encoding="utf-8", errors="replace") as file:
            for row in (line.rstrip("\n").split("\t") for line in file):
                if len(row) >= 4 and row[0] in lines:
                    yield DebateSentence(row[2].strip(), _LETTERS[lines[row[0]]], place, "own")


@dataclass(slots=True)
class TrainingArticle:
    """One article and what is known of it; `claims` and `codes` are None where nobody labelled its claims."""

    name: str
    text: str
    sentences: list[tuple[int, int]]
    paragraph_ends: set[int]
    annotated: AnnotatedArticle | None = None
    claims: list[dict[str, Any]] | None = None
    codes: dict[int, str] | None = None  # start of the sentence -> why it holds no claim


def news_articles(folder: Path, *, without: Iterable[str] = ()) -> Iterator[TrainingArticle]:
    """PolNeAR's training articles, with our claim labels where there are some."""
    claims, codes = news_labels("train")
    left_out = set(without)
    for annotated in read_folder(folder / "polnear" / "train"):
        if annotated.name not in left_out:
            article = split_article(annotated.name, annotated.text)
            article.annotated = annotated
            article.claims, article.codes = claims.get(annotated.name), codes.get(annotated.name)
            yield article


def news_labels(part: str) -> tuple[dict[str, list[dict[str, Any]]], dict[str, dict[int, str]]]:
    """Our labels of one part ("train", "dev", "test"): claims by file, reasons by file and sentence start."""
    gold = json.loads((LABELS / "news_gold" / f"{part}.json").read_text(encoding="utf-8"))
    reasons = LABELS / "news_gold" / f"{part}_reasons.json"
    codes = json.loads(reasons.read_text(encoding="utf-8")) if reasons.is_file() else {}
    return gold, {name: {int(at): code for at, code in found.items()} for name, found in codes.items()}


def split_article(name: str, text: str) -> TrainingArticle:
    """Sentences as the shipped reader cuts them, so that training sees what reading sees."""
    from claims.extraction.sentences import split_sentences

    sentences, ends = [], set()
    for line in re.finditer(r"[^\r\n]+", text):
        if line[0].strip():
            sentences.extend(split_sentences(text, line.start(), line.end()))
            ends.add(len(sentences) - 1)
    return TrainingArticle(name, text, sentences, ends)
