"""Whatever a text holds, it is read and compared, and what is kept of it stays small."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.matching.agreement import compare, parts_of, sentence

_PIECES = st.sampled_from(
    [
        *(
            "1,200",
            "$5",
            "20%",
            "2015",
            "May",
            "March 3",
            "not",
            "never",
            "more",
            "rose",
            "Ann Lee",
            "#AbC",
            "@aB",
        ),
        *(
            "U.S.",
            "half",
            "million",
            "one",
            "(",
            '"',
            "—",
            "-",
            "\n",
            ".",
            "’s",
            "ß",
            "İ",
            "٣",
            "½",
            "²",
            "to",
        ),
        *("(@a)", "between", "and", "of", "the", "&amp;", "10^9", "1e999", "a.b.c", "http://x", "\x00"),
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(_PIECES, max_size=40).map(" ".join),
    st.lists(_PIECES, max_size=40).map("".join),
)


@settings(max_examples=150, deadline=None)
@given(_TEXTS, _TEXTS)
def test_any_two_texts_are_compared_through_json(here: str, there: str) -> None:
    ours, theirs = parts_of(here), parts_of(there)
    stored = json.loads(json.dumps(theirs, allow_nan=False))
    assert stored == theirs
    found = compare(ours, stored)
    assert all(math.isfinite(value) and 0 <= value <= 1 for value in found.vector())
    assert all(sentence(reason) for reason in found.reasons)


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_a_statement_never_contradicts_itself(text: str) -> None:
    assert [r for r in compare(parts_of(text), parts_of(text)).reasons if not r.agrees] == []


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "(", '"', "A", "A ", "1,", "not ", "— ", "(@", "#aB", "May ", "é", "&"]
)
def test_what_is_kept_of_a_long_text_stays_small(piece: str) -> None:
    long, longer = (parts_of(piece * length) for length in (20_000, 200_000))
    assert len(json.dumps(longer)) <= len(json.dumps(long)) + 10
    assert len(json.dumps(longer)) < 6_000
