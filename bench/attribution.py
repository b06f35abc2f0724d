"""How well the extractor finds who said what, against articles annotated with brat.

    python -m bench.attribution --polnear FOLDER

FOLDER holds `text/NAME.txt` and `attributions/NAME.ann` (or `NAME_ANNOTATOR.ann`): Source, Cue and Content.

A found content answers an annotated one when the tokens they share are at least half of the longer one's;
each answers at most one, the best pairs first. Pieces of one content (`"A," he said, "B"`) are one content.
`exact` asks for the same tokens. Kinds go by quotation marks: `direct` has all its words inside marks,
`mixed` some of them, `indirect` none; recall and sources are counted by the annotation's kind, precision by
the found content's. A source is right when it shares at least half of the shorter one's tokens with the
annotated one; where the annotation has no source, when none is given.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.training.brat import AnnotatedArticle, GoldAttribution, Span, read_folder
from claims.extraction.attributions import (
    KINDS,
    AttributionRelation,
    encode_blocks,
    find_attributions,
    kind_of_content,
)
from claims.extraction.blocks import find_blocks
from claims.extraction.encoder.runtime import MODEL_FILE, MODEL_FOLDER, available
from claims.extraction.model import EXTRACTOR_VERSION
from claims.extraction.quotes import find_quotations, lines_as_blocks

_TOKEN = re.compile(r"\w+|[^\w\s]")
Reader = Callable[[str], Sequence[AttributionRelation]]


@dataclass(slots=True)
class Count:
    """Counts of one kind; `sourced` are the answered annotations whose source is right."""

    gold: int = 0
    found: int = 0
    gold_answered: int = 0
    found_answering: int = 0
    gold_exact: int = 0
    found_exact: int = 0
    sourced: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "gold": self.gold,
            "found": self.found,
            **_scores(self.found_answering, self.found, self.gold_answered, self.gold),
            "source_accuracy": _share(self.sourced, self.gold_answered),
            "exact": _scores(self.found_exact, self.found, self.gold_exact, self.gold),
        }


@dataclass(slots=True)
class Tally:
    """Counts of everything and by kind, and the errors by class for whoever works on them."""

    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in ("all", *KINDS)})
    errors: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def count(self, kind: str, name: str, value: bool = True) -> None:
        for which in ("all", kind):
            setattr(self.counts[which], name, getattr(self.counts[which], name) + value)

    def note(self, error: str, weight: int, shown: dict[str, Any]) -> None:
        self.errors.setdefault(error, []).append({"tokens": weight, **shown})


class Tokens:
    """The tokens of a text, so that spans become sets of token numbers."""

    def __init__(self, text: str) -> None:
        self._at = [-1] * (len(text) + 1)
        for number, token in enumerate(_TOKEN.finditer(text)):
            for place in range(token.start(), token.end()):
                self._at[place] = number

    def within(self, spans: Iterable[Span]) -> frozenset[int]:
        """Numbers of the tokens that a span holds at least a part of."""
        return frozenset(n for start, end in spans for n in self._at[start:end] if n >= 0)


def pair(gold: Sequence[frozenset[int]], found: Sequence[frozenset[int]]) -> list[tuple[int, int]]:
    """Contents that answer each other, as indices into both, each at most once, the closest first."""
    holders: dict[int, list[int]] = {}
    for j, tokens in enumerate(found):
        for token in tokens:
            holders.setdefault(token, []).append(j)
    options = []
    for i, tokens in enumerate(gold):
        for j in {j for token in tokens for j in holders.get(token, ())}:
            share = len(tokens & found[j]) / max(len(tokens), len(found[j]))
            if share >= 0.5:
                options.append((-share, i, j))
    pairs: list[tuple[int, int]] = []
    left: set[int] = set()
    right: set[int] = set()
    for _, i, j in sorted(options):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j))
    return pairs


def source_is_right(gold: frozenset[int], found: frozenset[int]) -> bool:
    """Whether half of the shorter source is shared, or both have none."""
    if not gold or not found:
        return not gold and not found
    return 2 * len(gold & found) >= min(len(gold), len(found))


def score_article(article: AnnotatedArticle, relations: Sequence[AttributionRelation], tally: Tally) -> None:
    """Add one article's counts and errors to the tally."""
    text = article.text
    marked = [(q.outer_start, q.outer_end) for q in find_quotations(text, lines_as_blocks(text))]
    tokens = Tokens(text)
    wanted = [tokens.within(a.content) for a in article.attributions]
    offered = [tokens.within(r.content) for r in relations]
    kinds = [kind_of_content(text, a.content, marked) for a in article.attributions]
    theirs = [kind_of_content(text, r.content, marked) for r in relations]
    for kind in kinds:
        tally.count(kind, "gold")
    for kind in theirs:
        tally.count(kind, "found")
    pairs = pair(wanted, offered)
    for i, j in pairs:
        tally.count(kinds[i], "gold_answered")
        tally.count(theirs[j], "found_answering")
        same = wanted[i] == offered[j]
        tally.count(kinds[i], "gold_exact", same)
        tally.count(theirs[j], "found_exact", same)
        source = relations[j].source
        right = source_is_right(
            tokens.within(article.attributions[i].source), tokens.within([source] if source else [])
        )
        tally.count(kinds[i], "sourced", right)
        if not right:
            shown = {"gold": _shown(article, article.attributions[i]), "found": _words(text, relations[j])}
            tally.note(f"{kinds[i]}: wrong source", len(wanted[i]), shown)
    for i in set(range(len(wanted))) - {i for i, _ in pairs}:
        near = [_words(text, r) for r, t in zip(relations, offered, strict=True) if t & wanted[i]]
        missed: dict[str, Any] = {"gold": _shown(article, article.attributions[i]), "near": near}
        tally.note(f"{kinds[i]}: missed", len(wanted[i]), missed)
    for j in set(range(len(offered))) - {j for _, j in pairs}:
        near = [
            _shown(article, a) for a, t in zip(article.attributions, wanted, strict=True) if t & offered[j]
        ]
        tally.note(
            f"{theirs[j]}: not in the gold",
            len(offered[j]),
            {"found": _words(text, relations[j]), "near": near},
        )


def run(folder: Path, reader: Reader, *, errors: int = 0) -> dict[str, Any]:
    """Scores over every article of `folder`. Raises FileNotFoundError naming the part that is missing."""
    tally = Tally()
    seconds = 0.0
    articles = 0
    for article in read_folder(folder):
        began = time.perf_counter()
        relations = reader(article.text)
        seconds += time.perf_counter() - began
        score_article(article, relations, tally)
        articles += 1
    if not articles:
        raise FileNotFoundError(f"there is no .txt file in {folder / 'text'}; give a folder with articles")
    result: dict[str, Any] = {"extractor": EXTRACTOR_VERSION, "articles": articles}
    result |= {kind: count.as_json() for kind, count in tally.counts.items()}
    result["seconds"] = round(seconds, 2)
    if errors:
        result["errors"] = {
            name: {"count": len(found), "worst": sorted(found, key=lambda e: -e["tokens"])[:errors]}
            for name, found in sorted(tally.errors.items())
        }
    return result


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.attribution", description="Score who said what against brat annotations."
    )
    parser.add_argument(
        "--polnear", type=Path, required=True, metavar="DIR", help="folder with text/ and attributions/"
    )
    parser.add_argument(
        "--model", type=Path, default=MODEL_FOLDER, metavar="DIR", help="folder of the encoder's files"
    )
    parser.add_argument("--rules", action="store_true", help="leave the encoder out: the rules alone")
    parser.add_argument(
        "--errors", type=int, default=0, metavar="N", help="show the N longest errors by class"
    )
    options = parser.parse_args(arguments)
    if options.errors < 0:
        parser.error("--errors: must not be negative; give how many errors of each class to show")
    if options.model != MODEL_FOLDER and not available(options.model):
        parser.error(
            f"--model: there is no {MODEL_FILE} in {options.model}; give the model's folder or --rules"
        )
    reader = _rules if options.rules or not available(options.model) else _with_encoder(options.model)
    try:
        result = run(options.polnear, reader, errors=options.errors)
    except FileNotFoundError as error:
        parser.error(f"--polnear: {error}")
    except (ValueError, IndexError) as error:
        parser.error(
            f"--polnear: an annotation file cannot be read as brat standoff ({error}); mend the file"
        )
    sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    return 0


def _rules(text: str) -> Sequence[AttributionRelation]:
    return find_attributions(text, find_blocks(text))


def _with_encoder(folder: Path) -> Reader:
    def read(text: str) -> Sequence[AttributionRelation]:
        blocks = find_blocks(text)
        return find_attributions(text, blocks, encoded=encode_blocks(text, blocks, folder=folder))

    return read


def _shown(article: AnnotatedArticle, gold: GoldAttribution) -> dict[str, Any]:
    text = article.text
    return {
        "at": f"{article.name}:{gold.content[0][0]}",
        "content": [text[a:b] for a, b in gold.content],
        "source": [text[a:b] for a, b in gold.source],
        "cue": [text[a:b] for a, b in gold.cue],
    }


def _words(text: str, relation: AttributionRelation) -> dict[str, Any]:
    source = relation.source
    return {
        "content": [text[a:b] for a, b in relation.content],
        "source": text[source[0] : source[1]] if source else None,
        "cue": relation.cue_words,
        "score": round(relation.score, 2),
    }


def _scores(found_right: int, found: int, gold_right: int, gold: int) -> dict[str, float]:
    precision, recall = _share(found_right, found), _share(gold_right, gold)
    total = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "f1": round(2 * precision * recall / total, 4) if total else 0.0,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
