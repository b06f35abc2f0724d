"""The bench of attributions counts right and says what is wrong with its arguments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.attribution import Tally, main, pair, score_article, source_is_right
from bench.training.brat import AnnotatedArticle, GoldAttribution
from claims.extraction.attributions import AttributionRelation

TEXT = '"The dam holds," said Ann Lee. Critics doubt that it does.'


def relation(content: str, source: str | None) -> AttributionRelation:
    start = TEXT.index(content)
    span = (TEXT.index(source), TEXT.index(source) + len(source)) if source else None
    return AttributionRelation(((start, start + len(content)),), span, None, "", "direct", None, 1.0)


def gold(content: str, source: str | None) -> GoldAttribution:
    found = relation(content, source)
    return GoldAttribution((found.source,) if found.source else (), (), found.content)


def test_each_content_is_matched_once_and_by_half_of_the_longer() -> None:
    assert pair([frozenset(range(10))], [frozenset(range(5)), frozenset(range(8))]) == [(0, 1)]
    assert pair([frozenset(range(10))], [frozenset(range(4))]) == []


def test_a_source_that_nobody_named_is_right_when_none_is_given() -> None:
    assert source_is_right(frozenset(), frozenset())
    assert not source_is_right(frozenset(), frozenset({1}))
    assert source_is_right(frozenset({1, 2, 3}), frozenset({3}))


def test_counts_by_kind() -> None:
    tally = Tally()
    article = AnnotatedArticle(
        "a.txt", TEXT, [gold('"The dam holds,"', "Ann Lee"), gold("that it does", "Critics")]
    )
    score_article(article, [relation("The dam holds", "Ann Lee"), relation("it does", None)], tally)
    direct, indirect = tally.counts["direct"].as_json(), tally.counts["indirect"].as_json()
    assert (direct["f1"], direct["source_accuracy"], direct["exact"]["f1"]) == (1.0, 1.0, 0.0)
    assert (indirect["recall"], indirect["source_accuracy"]) == (1.0, 0.0)


def test_a_folder_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a.txt").write_text(TEXT, encoding="utf-8")
    standoff = (
        "T1\tSource 21 28\tAnn Lee\nT2\tCue 16 20\tsaid\nT3\tContent 0 15\tx\nT4\tAttribution 16 20\tsaid\n"
    )
    standoff += "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n"
    (tmp_path / "attributions" / "a.ann").write_text(standoff, encoding="utf-8")
    assert main(["--polnear", str(tmp_path), "--rules"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["direct"]["recall"] == 1.0 and result["direct"]["source_accuracy"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--polnear", "nowhere"], "--polnear: there is no folder"),
        (["--polnear", ".", "--errors", "-1"], "--errors: must not be negative"),
        (["--polnear", ".", "--model", "nowhere"], "--model: there is no"),
    ],
)
def test_wrong_arguments_are_named(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert words in capsys.readouterr().err
