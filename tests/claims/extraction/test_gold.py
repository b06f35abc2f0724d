"""Three articles that were labelled by hand before the extractor had seen them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.extraction import Tally, main, overlaps_by_half, run, same_claimant, score_article
from claims.extraction import Extraction

GOLD = Path(__file__).resolve().parents[2] / "gold"
LABELS = json.loads((GOLD / "claims.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(LABELS))
def test_labels_quote_their_article(name: str) -> None:
    text = (GOLD / "articles" / name).read_text(encoding="utf-8")
    for label in LABELS[name]:
        assert text[label["start"] : label["end"]] == label["words"]


@pytest.mark.parametrize("name", sorted(LABELS))
def test_most_labelled_claims_are_found(extraction_of: Callable[[str], Extraction], name: str) -> None:
    text = (GOLD / "articles" / name).read_text(encoding="utf-8")
    tally = score_article(LABELS[name], list(extraction_of(text).claims)).as_json()
    assert tally["recall"] >= 0.7, tally
    assert tally["precision"] >= 0.7, tally
    assert tally["claimant_accuracy"] >= 0.85, tally


def test_a_label_is_answered_once(extraction_of: Callable[[str], Extraction]) -> None:
    name = sorted(LABELS)[0]
    text = (GOLD / "articles" / name).read_text(encoding="utf-8")
    claims = list(extraction_of(text).claims)
    twice = score_article(LABELS[name], claims + claims)
    assert twice.found == score_article(LABELS[name], claims).found
    assert twice.offered == 2 * len(claims)


def test_nothing_offered_scores_nothing() -> None:
    tally = score_article(LABELS[sorted(LABELS)[0]], [])
    assert tally.found == 0
    assert tally.as_json()["f1"] == 0.0
    assert Tally().as_json()["recall"] == 0.0


def test_the_measures() -> None:
    assert overlaps_by_half((0, 10), (5, 100))
    assert not overlaps_by_half((0, 10), (6, 100))
    assert same_claimant("The Commission", "the commission")
    assert same_claimant("Dr Ann Lee", "Ann Lee")
    assert not same_claimant(None, "Ann Lee")


def test_the_bench_reads_a_gold_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Police said 300 people were arrested in Leeds on Monday.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    start = text.index("300")
    label = {
        "start": start,
        "end": len(text) - 2,
        "claimant": "Police",
        "attribution": "reported",
        "worth": 3,
    }
    gold = tmp_path / "gold.json"
    gold.write_text(json.dumps({"a.txt": [label]}), encoding="utf-8")
    assert run(gold, tmp_path)["total"]["recall"] == 1.0
    assert main(["--gold", str(gold), "--texts", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["claimant_accuracy"] == 1.0


def test_the_bench_names_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--gold", str(tmp_path / "none.json")])
    assert "--gold" in capsys.readouterr().err
