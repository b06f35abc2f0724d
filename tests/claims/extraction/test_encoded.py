"""Articles as the product reads them: the shipped encoder with the rules beside it."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.extraction import Tally, score_article
from claims.extraction import EXTRACTOR_VERSION, Extraction, UnsupportedText, extract
from claims.extraction.checkworthiness import score_sentences, threshold
from claims.extraction.encoder.runtime import (
    MODEL_FOLDER,
    EncoderUnavailable,
    available,
    calibration,
    encode,
)
from claims.extraction.wording import tidied
from tests.claims.extraction.expected import PUBLISHED_LEADING, overlaps_by_half, span_of

pytestmark = pytest.mark.encoder

GOLD = Path(__file__).resolve().parents[2] / "gold"
LABELS = json.loads((GOLD / "claims.json").read_text(encoding="utf-8"))
ARTICLE = (
    "Council loses millions over waste contract\n\n"
    "The council lost £33 million on a waste contract in 2023, Ida Long, the city's auditor, said on "
    "Tuesday. "
    "“Nobody read the lease before it was signed,” Long said. “I think it is a disgrace.”\n\n"
    "Residents will get their money back by May, the mayor promised. Was anybody warned?\n"
)


@cache
def read(text: str) -> Extraction:
    return extract(text, published=datetime.date(2024, 3, 15))


def test_the_model_is_there_and_small() -> None:
    assert available()
    assert EXTRACTOR_VERSION.startswith("reader-")
    own = sum(path.stat().st_size for path in MODEL_FOLDER.iterdir())
    assert own <= 60_000_000
    assert (MODEL_FOLDER / "CARD.md").is_file()


def test_a_claim_is_told_whole() -> None:
    claim = next(c for c in read(ARTICLE).claims if "33 million" in c.quote)
    assert (claim.claimant, claim.attribution) == ("Ida Long", "reported")
    assert ARTICLE[claim.start : claim.end] == claim.quote
    assert claim.kind == "quantity"
    assert [(q.low, q.high) for q in claim.parts.quantities] == [(33e6, 33e6)]
    assert 0.5 < claim.score <= 1
    assert claim.reasons
    assert read(ARTICLE).model == calibration()["model"]


def test_ranks_follow_the_scores() -> None:
    claims = sorted(read(ARTICLE).claims, key=lambda claim: claim.rank)
    assert [claim.rank for claim in claims] == list(range(1, len(claims) + 1))
    assert [claim.score for claim in claims] == sorted((c.score for c in claims), reverse=True)


def test_what_is_no_claim_says_why() -> None:
    reasons = {ARTICLE[p.start : p.end]: p.reason for p in read(ARTICLE).passed_over}
    assert reasons["Was anybody warned?"] == "question"
    assert reasons["Residents will get their money back by May, the mayor promised."] in (
        "intention",
        "prediction",
    )


def test_the_same_text_gives_the_same_claims() -> None:
    assert extract(ARTICLE) == extract(ARTICLE)


@pytest.mark.parametrize("name", sorted(LABELS))
def test_labelled_articles(name: str) -> None:
    text = (GOLD / "articles" / name).read_text(encoding="utf-8")
    tally = score_article(LABELS[name], list(read(text).claims)).as_json()
    assert tally["f1"] >= 0.7, tally
    assert tally["claimant_accuracy"] >= 0.85, tally


def test_the_labelled_articles_together() -> None:
    total = Tally()
    for name, labels in LABELS.items():
        text = (GOLD / "articles" / name).read_text(encoding="utf-8")
        total.add(score_article(labels, list(read(text).claims)))
    assert total.as_json()["f1"] >= 0.75, total.as_json()
    assert total.as_json()["tight_recall"] >= 0.7, total.as_json()


def test_the_published_article_yields_its_leading_claims(published_talks: str | None) -> None:
    if published_talks is None:
        pytest.skip("the published article is not beside this checkout")
    claims = read(published_talks).claims
    for expected in PUBLISHED_LEADING:
        span = span_of(published_talks, expected.words)
        found = [c for c in claims if overlaps_by_half((c.start, c.end), span)]
        assert found, expected.words
        assert expected.claimant in {c.claimant for c in found}, expected.words


def test_single_sentences_are_ranked() -> None:
    worth, greeting = score_sentences(
        ["We cut unemployment from 9 percent to 4 percent in two years.", "Thank you all for coming tonight."]
    )
    assert worth > threshold() > greeting
    assert score_sentences([]) == []


def test_a_sentence_is_judged_by_itself() -> None:
    sentences = [
        "Exports fell by 12 percent last year.",
        "I love this town.",
        "Crime doubled under his watch.",
    ]
    together = score_sentences(sentences)
    for sentence, score in zip(sentences, together, strict=True):
        assert score_sentences([sentence])[0] == pytest.approx(
            score, abs=0.08
        )  # 8-bit sums depend on company


def test_without_the_model_the_rules_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMTRACKER_ENCODER", "off")
    assert not available()
    by_rules = extract(ARTICLE)
    assert by_rules.model == ""
    assert any("33 million" in claim.quote for claim in by_rules.claims)
    assert 0 <= score_sentences(["Exports fell by 12 percent last year."])[0] <= 1


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable):
        encode("A sentence.", [(0, 11)], folder=tmp_path)


PIECES = st.sampled_from(
    [
        "Police said 300 people were arrested in Leeds on Monday. ",
        "“We lost half of our members,” she said, “and nobody asked why.” ",
        "“Taxes rose by 8 percent… and wages fell",
        '"[He] lied," according to a report by the ministry. ',
        "\n\n",
        "\r\n",
        "– Rents doubled;\n",
        "Mr. O’Neill",
        " (see below) ",
        "…”",
        "🙂\u200f",
        "[",
        "1. ",
        "Ünïcödé said that GDP shrank in 2020? ",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, min_size=1, max_size=14).map("".join) | st.text(max_size=300))
def test_for_any_text_spans_quote_it(text: str) -> None:
    try:
        found = extract(text, published=datetime.date(2020, 5, 5))
    except UnsupportedText:
        return
    spans = [(claim.start, claim.end) for claim in found.claims]
    assert len(set(spans)) == len(spans)
    assert spans == sorted(spans)
    for claim in found.claims:
        assert 0 <= claim.start < claim.end <= len(text)
        assert text[claim.start : claim.end] == claim.quote
        assert 0 <= claim.score <= 1
        if claim.claimant_span is not None:
            assert 0 <= claim.claimant_span[0] < claim.claimant_span[1] <= len(text)
        for change in claim.changes:
            assert 0 <= change.start <= change.end <= len(claim.text)
        parts = (*claim.parts.quantities, *claim.parts.dates, *claim.parts.names)
        assert all(claim.start <= part.start < part.end <= claim.end for part in parts)
    for sentence in found.passed_over:
        assert 0 <= sentence.start < sentence.end <= len(text)
        assert not any(start < sentence.end and sentence.start < end for start, end in spans)


def test_a_long_text_is_read_whole_and_once() -> None:
    text = "\n".join(f"The council spent £{n} million on roads in {1900 + n}." for n in range(1, 400))
    found = read(text)
    assert len(found.claims) + len(found.passed_over) >= 398  # the first line is taken for a headline
    assert max(claim.start for claim in found.claims) > len(text) * 0.9
    assert tidied(found.claims[0].quote)
