"""Our seconds beside spaCy, the encoder and TF-IDF with logistic regression on the same sentences.

    python -m bench.throughput [--texts DIR] [--model DIR] [--rounds 3]

All in one process and by turns, medians of the rounds, everything loaded before. Peak memory and load seconds
come from a fresh process that loads and extracts. A measurement that cannot be made is null; stderr says why.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from claims.extraction import EXTRACTOR_VERSION, extract
from claims.extraction.encoder import runtime
from claims.extraction.parsing import load_pipeline
from claims.extraction.sentences import split_sentences

ROOT = Path(__file__).resolve().parent.parent
_FRESH = """
import json, resource, sys, time
began = time.perf_counter()
from claims.extraction.parsing import load_pipeline
from claims.extraction.encoder import runtime
from pathlib import Path
load_pipeline()
if runtime.available(Path(sys.argv[1])):
    runtime.load_encoder(Path(sys.argv[1]))
loaded = time.perf_counter() - began
from claims.extraction import extract
for text in json.load(sys.stdin):
    extract(text)
print(json.dumps([loaded, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def sentences_of(text: str) -> list[tuple[int, int]]:
    """The spans of all sentences, line by line."""
    lines = re.finditer(r"[^\n]+", text)
    return [span for line in lines for span in split_sentences(text, line.start(), line.end())]


def tfidf_reader(sentences: list[str]) -> Callable[[], object] | None:
    """A fitted word-count model that scores the sentences, or None where scikit-learn is missing."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError:
        sys.stderr.write("tfidf_seconds is null: install scikit-learn beside the product to measure it\n")
        return None
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
    model.fit(sentences, [any(map(str.isdigit, s)) ^ (i == 0) for i, s in enumerate(sentences)])
    return lambda: model.predict_proba(sentences)


def run(texts: list[str], model: Path, rounds: int) -> dict[str, Any]:
    """Every measurement, as the JSON's keys."""
    spans = [sentences_of(text) for text in texts]
    sentences = [text[a:b] for text, found in zip(texts, spans, strict=True) for a, b in found]
    nlp = load_pipeline()
    readers: dict[str, Callable[[], object] | None] = {
        "ours": lambda: [extract(text) for text in texts],
        "spacy": lambda: list(nlp.pipe(sentences, batch_size=64)),
        "encoder": None,
        "tfidf": tfidf_reader(sentences),
    }
    if runtime.available(model):
        readers["encoder"] = lambda: [
            runtime.encode(text, found, folder=model) for text, found in zip(texts, spans, strict=True)
        ]
    else:
        sys.stderr.write(f"encoder_seconds is null: there is no {runtime.MODEL_FILE} in --model\n")
    seconds = _by_turns({name: reader for name, reader in readers.items() if reader is not None}, rounds)
    ours, spacy, encoder = seconds["ours"], seconds["spacy"], seconds.get("encoder")
    both = None if encoder is None else spacy + encoder
    load, peak = _fresh(texts, model)
    return {
        "ours_seconds": round(ours, 3),
        "spacy_seconds": round(spacy, 3),
        "encoder_seconds": _rounded(encoder),
        "spacy_plus_encoder_seconds": _rounded(both),
        "tfidf_seconds": _rounded(seconds.get("tfidf")),
        "ratio_to_spacy_plus_encoder": _ratio(ours, both),
        "ratio_to_spacy": _ratio(ours, spacy),
        "ratio_to_encoder": _ratio(ours, encoder),
        "ratio_to_tfidf": _ratio(ours, seconds.get("tfidf")),
        "sentences": len(sentences),
        "sentences_per_second": round(len(sentences) / ours, 1),
        "peak_memory_mb": round(peak, 1),
        "load_seconds": round(load, 3),
        "extractor": EXTRACTOR_VERSION,
    }


def _by_turns(readers: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for turn in range(rounds + 1):  # the first is a warm-up
        for name in list(readers) if turn % 2 else list(readers)[::-1]:
            began = time.perf_counter()
            readers[name]()
            if turn:
                taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(found) for name, found in taken.items()}


def _fresh(texts: list[str], model: Path) -> tuple[float, float]:
    command = [sys.executable, "-c", _FRESH, str(model)]
    done = subprocess.run(
        command, cwd=ROOT, input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    load, peak = json.loads(done.stdout)
    return load, peak


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _ratio(ours: float, other: float | None) -> float | None:
    return round(ours / other, 3) if other else None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Time the extractor beside its parts.")
    parser.add_argument("--texts", type=Path, default=ROOT / "tests" / "gold" / "articles")
    parser.add_argument("--model", type=Path, default=runtime.MODEL_FOLDER)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    files = sorted(options.texts.glob("*.txt")) if options.texts.is_dir() else []
    if not files:
        parser.error(
            f"--texts: there are no .txt files in {options.texts}; give a folder that holds articles"
        )
    if options.rounds < 1:
        parser.error("--rounds: give a number of at least 1")
    texts = [path.read_text(encoding="utf-8") for path in files]
    sys.stdout.write(json.dumps(run(texts, options.model, options.rounds), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
