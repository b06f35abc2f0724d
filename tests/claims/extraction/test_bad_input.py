"""Text that cannot be read is refused with a code and a sentence; odd text is survived."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.extraction import MAX_CODE_POINTS, Extraction, UnsupportedText, extract
from claims.extraction.cli import extraction_as_json
from claims.samples import load_samples

FRENCH = (
    "Le ministre de la Défense a déclaré mardi que les deux pays avaient signé un accord sur la pêche, "
    "après trois semaines de négociations difficiles à Bruxelles."
)
GERMAN = (
    "Die Zahl der Arbeitslosen ist im vergangenen Jahr um drei Prozent gesunken, sagte der Minister gestern."
)
RUSSIAN = "Министр сообщил во вторник, что безработица в стране снизилась на три процента."
CHINESE = "部长星期二表示，全国失业率下降了百分之三。"


@pytest.mark.parametrize(
    ("text", "name"), [(FRENCH, "French"), (GERMAN, "German"), (RUSSIAN, "Russian"), (CHINESE, "Chinese")]
)
def test_another_language_is_named_in_the_refusal(text: str, name: str) -> None:
    with pytest.raises(UnsupportedText) as refusal:
        extract(text)
    assert refusal.value.code == "language"
    assert name in str(refusal.value)


@pytest.mark.parametrize("text", ["", "   \n\t\r\n ", "\ufeff", "\u200b\n"])
def test_empty_text_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedText) as refusal:
        extract(text)
    assert refusal.value.code == "empty"


@pytest.mark.parametrize(
    "text", ["PK\x03\x04\x00\x00 word", "\x01\x02\x03\x04\x05\x06 abc", "\ufffd" * 40 + " abc"]
)
def test_binary_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedText) as refusal:
        extract(text)
    assert refusal.value.code == "binary"


def test_too_long_text_is_refused_and_the_limit_named() -> None:
    with pytest.raises(UnsupportedText) as refusal:
        extract("a " * (MAX_CODE_POINTS // 2 + 1))
    assert refusal.value.code == "too_long"
    assert f"{MAX_CODE_POINTS:,}" in str(refusal.value)


def test_text_of_the_full_length_is_read() -> None:
    padding = "\n" * (MAX_CODE_POINTS - 200)
    text = padding + "Police said 300 people were arrested in Leeds on Monday."
    claims = extract(text).claims
    assert [text[c.start : c.end] for c in claims] == ["300 people were arrested in Leeds on Monday"]


def test_one_endless_word_is_survived() -> None:
    assert extract("a" * 200_000 + " was said by the man").language == "en"


@pytest.mark.parametrize("text", ["Crime fell.", "Why?", "12 345", "!!!", "OK", "Ja."])
def test_short_text_is_given_the_benefit_of_the_doubt(text: str) -> None:
    assert extract(text).language == "en"


def test_positions_count_what_was_read_with_bom_and_carriage_returns(
    extraction_of: Callable[[str], Extraction], our_talks: str
) -> None:
    odd = "\ufeff" + our_talks.replace("\n", "\r\n")
    plain = extraction_of(our_talks).claims
    claims = extraction_of(odd).claims
    assert [c.quote for c in claims] == [c.quote for c in plain]
    assert all(odd[c.start : c.end] == c.quote for c in claims)


def test_characters_beyond_the_first_plane_count_once() -> None:
    text = "Weather 🌊🌊. Police said 300 people were evacuated from Leeds 🚓 on Monday."
    claims = extract(text).claims
    assert claims
    assert all(text[c.start : c.end] == c.quote for c in claims)


def test_the_same_text_gives_the_same_claims(our_talks: str) -> None:
    assert extract(our_talks) == extract(our_talks)


def test_a_claim_does_not_depend_on_what_was_read_before(our_talks: str) -> None:
    other = load_samples()[1].body
    before = extract(our_talks)
    extract(other)
    assert extract(our_talks) == before


def test_json_is_plain_and_complete(our_talks: str, extraction_of: Callable[[str], Extraction]) -> None:
    record = json.loads(json.dumps(extraction_as_json(extraction_of(our_talks))))
    assert set(record) == {"version", "language", "sentences", "claims"}
    for claim in record["claims"]:
        assert set(claim) == {
            *("text", "quote", "start", "end", "claimant", "claimant_span"),
            *("attribution", "kind", "score", "reasons", "rank", "changes", "parts"),
        }
        assert our_talks[claim["start"] : claim["end"]] == claim["quote"]
        assert (claim["claimant"] is None) == (claim["attribution"] == "author")


WORDS = st.sampled_from(
    [
        *(
            "Police",
            "said",
            "the",
            "minister",
            "told",
            "“",
            "”",
            '"',
            "'",
            "’",
            "[",
            "]",
            "(",
            ")",
            "…",
            "...",
            "–",
        ),
        *(
            "300",
            "people",
            "were",
            "killed",
            ",",
            ".",
            "?",
            ":",
            "according",
            "to",
            "Ann",
            "Lee",
            "she",
            "IS",
            "WHO",
        ),
        *(
            "£9.4m",
            "38%",
            "because",
            "although",
            "which",
            "\n",
            "\r\n",
            "\n\n",
            "\u00a0",
            "é",
            "🌊",
            "-",
            "and",
            "has",
        ),
    ]
)


@given(st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=120)))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_refused_or_gives_exact_spans(text: str) -> None:
    try:
        extraction = extract(text)
    except UnsupportedText as refusal:
        assert refusal.code in {"empty", "language", "binary"}
        return
    spans = [(c.start, c.end) for c in extraction.claims]
    assert len(set(spans)) == len(spans)
    assert spans == sorted(spans)
    for claim in extraction.claims:
        assert 0 <= claim.start < claim.end <= len(text)
        assert text[claim.start : claim.end] == claim.quote
        assert 0.0 <= claim.score <= 1.0
        assert claim.reasons
    for block in extraction.blocks:
        assert 0 <= block.start < block.end <= len(text)
