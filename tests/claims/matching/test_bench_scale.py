"""The bench of the search at any size measures what it says, on claims that are made like real ones."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection

from bench import matching_scale
from bench.matching_corpus import (
    CLOSENESS,
    FILES,
    QUERY_FILES,
    Corpus,
    MissingCorpus,
    choose_parents,
    made_texts,
    made_vectors,
    make_corpus,
    read_claims,
    read_queries,
)
from bench.matching_store import store_claims

PLACES = ["Lisbon", "Austin", "Kyiv", "Quito", "Oslo", "Perth"]
THINGS = ["schools", "roads", "vaccines", "rivers", "banks", "prisons", "farms"]


def embed(texts: Sequence[str]) -> np.ndarray:
    """Directions that the words choose: the same for the same text, nearer for shared words."""
    found = np.zeros((len(texts), 384), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in re.findall(r"\w+", text.lower()):
            found[row] += np.random.default_rng(sum(map(ord, word))).standard_normal(384)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty claims and twelve questions in the files of the real ones."""
    draw = random.Random(1)
    rows = [
        {
            "vclaim_id": f"v{number}",
            "title": f"Did {draw.choice(PLACES)} close its {draw.choice(THINGS)}?",
            "vclaim": f"The mayor of {draw.choice(PLACES)} closed {number},000 {draw.choice(THINGS)}.",
        }
        for number in range(60)
    ]
    for name, part in zip(FILES, (rows[:30], rows[30:]), strict=True):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in part))
    for name, part in zip(QUERY_FILES, (rows[:6], rows[6:12]), strict=True):
        (tmp_path / name).write_text("".join(f"q{n}\tHeard: {row['vclaim']}\n" for n, row in enumerate(part)))
    return tmp_path


def corpus_of(folder: Path, cache: Path, claims: int = 150) -> Corpus:
    real, queries = read_claims(folder), read_queries(folder)
    return make_corpus(real, queries, cache, claims=claims, asked=20, embed=embed, version="words")


def test_what_is_missing_is_named_and_nothing_is_started(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(matching_scale, "temporary_database", lambda **_: pytest.fail("started"))
    (folder / FILES[1]).unlink()
    with pytest.raises(MissingCorpus):
        read_claims(folder)
    assert matching_scale.main(["--claims", "100", "--data", str(folder)]) == 2
    printed = capsys.readouterr()
    assert str(folder / FILES[1]) in printed.err and "--data" in printed.err
    assert printed.out == ""


def test_made_claims_are_the_same_each_time_and_no_copies(folder: Path, tmp_path: Path):
    first, again = corpus_of(folder, tmp_path / "cache"), corpus_of(folder, tmp_path / "cache")
    assert (first.texts, first.titles, len(first.ids)) == (again.texts, again.titles, 150)
    assert np.array_equal(first.vectors, again.vectors)
    assert len(set(first.ids)) == 150
    assert set(first.texts[60:]) - set(first.texts[:60])


def test_fewer_claims_than_there_are_real_ones_are_a_sample_of_them(folder: Path, tmp_path: Path):
    known = {claim.external_id: claim.text for claim in read_claims(folder)}
    few = corpus_of(folder, tmp_path / "cache", claims=25)
    assert [known[each] for each in few.ids] == few.texts
    assert len(few.vectors) == 25


def test_words_of_made_claims_are_as_common_as_in_real_ones(folder: Path):
    real = [f"{claim.title}\n{claim.text}" for claim in read_claims(folder)]
    made = list(made_texts(real, choose_parents(len(real), 2_000)))
    before, after = (
        Counter(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))
        for texts in (real, made)
    )
    for word, often in before.most_common(15):
        assert after[word] / after.total() == pytest.approx(often / before.total(), rel=0.3)


def test_made_vectors_lie_as_near_to_their_parents_as_paraphrases():
    real = embed([f"text number {number}" for number in range(40)])
    parents = choose_parents(len(real), 500)
    made = made_vectors(real, parents).astype(np.float32)
    assert np.linalg.norm(made, axis=1) == pytest.approx(1, abs=2e-3)
    cosines = np.sum(made * real[parents[:, 0]], axis=1)
    assert CLOSENESS[0] - 0.01 <= cosines.min() < 0.78
    assert 0.92 < cosines.max() <= CLOSENESS[1] + 0.01
    assert (parents[:, 0] != parents[:, 1]).all()


@pytest.mark.django_db
def test_it_measures_the_real_search(folder: Path, tmp_path: Path):
    corpus = corpus_of(folder, tmp_path / "cache")
    store_claims(
        connection,
        ids=corpus.ids,
        titles=corpus.titles,
        texts=corpus.texts,
        vectors=corpus.vectors,
        model_version=matching_scale.MODEL,
    )
    found: dict[str, Any] = matching_scale.measure_search(corpus)
    assert found["recall_at_10"] > 0.95 and found["recall_at_10_real_queries"] > 0.95
    for name in ("hybrid", "lexical", "semantic"):
        assert 0 < found[f"{name}_p50_ms"] <= found[f"{name}_p95_ms"]
    exact = matching_scale.measure_exact_scan(corpus)
    assert 0 < exact["exact_scan_p50_ms"] <= exact["exact_scan_p95_ms"]
    assert matching_scale.measure_numpy(corpus)["numpy_p50_ms"] > 0


def test_recall_is_the_share_of_the_nearest_that_were_found():
    vectors = embed([f"text number {number}" for number in range(40)]).astype(np.float16)
    entries = np.arange(40) + 1_000
    nearest = entries[matching_scale.exact_ten(vectors, vectors[:1].astype(np.float32))[0]].tolist()
    assert nearest[0] == 1_000 and len(nearest) == 10
    half = [*nearest[:5], 7, 8, 9]
    asked = vectors[:1].astype(np.float32)
    assert matching_scale.recall(vectors, entries, asked, lambda _: nearest) == 1
    assert matching_scale.recall(vectors, entries, asked, lambda _: half) == 0.5
