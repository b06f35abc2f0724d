"""Packing sentences for the encoder, its spans, its score and the benches around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from bench.checkworthiness import BadTable, average_precision, main, read_table
from claims.extraction.checkworthiness import calibrated
from claims.extraction.encoder.passages import LONGEST_PASSAGE, SEP, pack
from claims.extraction.encoder.runtime import MODEL_FOLDER, Encoded
from claims.extraction.scoring import Signals, probability
from claims.extraction.sentences import split_sentences
from claims.extraction.spans import claim_spans, tidy

TEXT = "Rents rose by 8 percent. Nobody said why.\nThe mayor left."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))


def sentences(text: str) -> list[tuple[int, int]]:
    return split_sentences(text, 0, text.index("\n")) + split_sentences(text, text.index("\n") + 1, len(text))


def test_word_pieces_keep_their_places(tokenizer: Tokenizer) -> None:
    (passage,) = pack(tokenizer, TEXT, sentences(TEXT), {1})
    words = [TEXT[a:b] for m, (a, b) in zip(passage.sentence, passage.spans, strict=True) if m >= 0]
    assert words[:5] == ["Rents", "rose", "by", "8", "percent"]
    assert passage.sentences == 3
    assert list(passage.ids).count(SEP) == 2  # the paragraph's end and the passage's


def test_a_sentence_alone_is_a_passage(tokenizer: Tokenizer) -> None:
    passages = list(pack(tokenizer, TEXT, sentences(TEXT), alone=True))
    assert [p.first_sentence for p in passages] == [0, 1, 2]


def test_no_passage_is_too_long(tokenizer: Tokenizer) -> None:
    text = " ".join(["word"] * 1_000)
    passages = list(pack(tokenizer, text, [(0, len(text)), (0, 4), (5, 9)]))
    assert all(len(p.ids) <= LONGEST_PASSAGE for p in passages)
    assert sum(p.sentences for p in passages) == 3


def encoded(text: str, inside: dict[str, float], begins: tuple[str, ...] = ()) -> Encoded:
    """An encoder's answer with one word piece a word, marked as told."""
    pieces, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        pieces.append((at, at + len(word)))
        at += len(word)
    rows = []
    for a, b in pieces:
        p = inside.get(text[a:b], 0.05)
        begin = p if text[a:b] in begins else 0.0
        rows.append([1 - p, begin, p - begin])
    count = len(pieces)
    return Encoded(
        ((0, len(text)),),
        np.ones((1, 3), np.float32) / 3,
        np.ones((1, 8), np.float32) / 8,
        tuple(pieces),
        (0,) * count,
        np.zeros((count, 7), np.float32),
        np.array(rows, np.float32),
        (),
        np.zeros(count, np.float32),
    )


def test_marked_words_become_spans() -> None:
    text = "Long said rents rose sharply , and wages fell badly there"
    marks = dict.fromkeys(("rents", "rose", "sharply", "wages", "fell", "badly"), 0.9)
    found = claim_spans(text, encoded(text, marks))
    assert [text[s.start : s.end] for s in found] == ["rents rose sharply", "wages fell badly"]
    assert found[0].mean == pytest.approx(0.9)


def test_a_beginning_parts_two_claims() -> None:
    text = "rents rose sharply wages fell badly"
    found = claim_spans(text, encoded(text, dict.fromkeys(text.split(), 0.9), begins=("wages",)))
    assert [text[s.start : s.end] for s in found] == ["rents rose sharply", "wages fell badly"]


@pytest.mark.parametrize(
    ("text", "cut", "expected"),
    [
        ("“Rents rose,” he said", "Rents rose,”", "Rents rose"),
        ("rents [in Leeds] rose.", "in Leeds] rose.", "[in Leeds] rose"),
        ('a "broad agreement" now', 'a "broad agreement', 'a "broad agreement"'),
        ("in the U.S. today", "in the U.S.", "in the U.S."),
    ],
)
def test_edges_are_tidied(text: str, cut: str, expected: str) -> None:
    start = text.index(cut)
    low, high = tidy(text, start, start + len(cut))
    assert text[low:high] == expected


def test_the_score_is_a_probability_that_follows_its_signals() -> None:
    curve = {"inside": 1.0, "offset": -0.5}
    weak, strong = (Signals(p, p, 0.5, 0.5, 0.5, 0, 1, 1, 8, 0, 0, 0) for p in (0.2, 0.9))
    assert 0 < probability(weak, curve) < probability(strong, curve) < 1
    assert calibrated(0.5, 1.0, 0.0) == pytest.approx(0.5)
    assert 0 < calibrated(0.0, 1.2, 0.1) < calibrated(1.0, 1.2, 0.1) < 1


def test_average_precision_takes_ties_together() -> None:
    assert average_precision([0.9, 0.8, 0.1], [True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([0.5, 0.5], [True, False]) == pytest.approx(0.5)
    assert average_precision([0.5], [False]) == 0.0


def test_the_bench_names_what_is_wrong_with_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.tsv"
    table.write_text("Sentence\tclass_label\nA.\tYes\n", encoding="utf-8")
    with pytest.raises(BadTable, match="no column Text"):
        read_table(table)
    table.write_text("Text\tclass_label\nA.\tperhaps\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["--tsv", str(table)])
    assert "line 2: class_label is 'perhaps'; write Yes or No" in capsys.readouterr().err


@pytest.mark.encoder
def test_the_bench_scores_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "t.tsv"
    rows = [
        "Text\tclass_label",
        "Inflation rose to 9 percent last year, the highest in 40 years.\tYes",
        "Thank you very much.\tNo",
    ]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert main(["--tsv", str(table)]) == 0
    printed = capsys.readouterr().out
    for key in ("f1", "precision", "recall", "average_precision", "n", "seconds", "sentences_per_second"):
        assert f'"{key}"' in printed
    assert '"average_precision": 1.0' in printed
