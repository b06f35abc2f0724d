"""By what a text is known again, in every process and however it is set."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.matching.fingerprints import (
    BANDS,
    METHOD,
    fingerprint_of,
    is_near_identical,
    likeness_of,
    shingles_of,
)

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "claims/samples/articles").glob("*.txt"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in SAMPLES}
STORY = TEXTS["tramway-budget"]


def as_another_outlet_prints_it(text: str) -> str:
    """Its own headline, byline and agency line, other quotation marks, the last fifth cut off."""
    paragraphs = [line for line in text.split("\n") if line.strip()][1:]
    kept = paragraphs[: max(3, len(paragraphs) * 4 // 5)]
    kept[0] = f"EASTMOUTH (Reuters) - {kept[0]}"
    body = "\n\n".join(kept).replace("“", '"').replace("”", '"').replace("’", "'")
    return (
        f"What the papers say today\n\nBy Staff and agencies\n\n{body}\n\n© Reuters. All rights reserved.\n"
    )


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_found_again_as_another_outlet_prints_it(name: str) -> None:
    text, copy = TEXTS[name], as_another_outlet_prints_it(TEXTS[name])
    assert set(fingerprint_of(text).bands) & set(fingerprint_of(copy).bands)
    assert is_near_identical(shingles_of(text), shingles_of(copy))


@pytest.mark.parametrize("name", TEXTS)
def test_another_text_is_not(name: str) -> None:
    for other, text in TEXTS.items():
        if other != name:
            assert not set(fingerprint_of(text).bands) & set(fingerprint_of(TEXTS[name]).bands)
            assert not is_near_identical(shingles_of(text), shingles_of(TEXTS[name]))


def test_half_of_a_story_is_the_story_and_one_quotation_is_not() -> None:
    half = STORY[: len(STORY) // 2]
    assert is_near_identical(shingles_of(STORY), shingles_of(half))
    quotation = STORY[: len(STORY) // 12]
    own = "\n".join(
        f"On day {n} the paper printed something else of its own about {n} trams." for n in range(40)
    )
    assert not is_near_identical(shingles_of(STORY), shingles_of(quotation + own))


def test_it_is_the_same_in_every_process() -> None:
    """No hash depends on Python's own, which is another in each process."""
    program = (
        "from claims.matching.fingerprints import fingerprint_of;"
        "print(fingerprint_of('The council cut its budget by 9 per cent in March.').bands)"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    first = fingerprint_of("The council cut its budget by 9 per cent in March.").bands[0]
    assert printed.pop().startswith(f"({first}, ")


def test_the_method_is_what_was_stored() -> None:
    """Stored bands are compared with new ones: whoever changes how they are made changes METHOD, and this."""
    made = fingerprint_of("The council cut its budget by 9 per cent in March.")
    assert (made.method, made.bands[:2]) == (METHOD, FIRST_BANDS)


FIRST_BANDS = (-9051721944104702770, -8727205172433022476)


@given(st.text(max_size=300))
def test_case_marks_and_white_space_do_not_count(text: str) -> None:
    plain = " ".join(text.split())
    assert fingerprint_of(text) == fingerprint_of(plain)
    assert fingerprint_of(f"“{plain}” …") == fingerprint_of(plain)


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_bands_fit_the_database_and_equal_texts_are_near_identical(one: str, other: str) -> None:
    for text in (one, other):
        bands = fingerprint_of(text).bands
        assert len(bands) in range(2 * BANDS + 1)
        assert list(bands) == sorted(set(bands))
        assert all(-(2**63) <= band < 2**63 for band in bands)
    mine, its = shingles_of(one), shingles_of(other)
    assert is_near_identical(mine, mine) == bool(len(mine))
    assert likeness_of(mine, its) == likeness_of(its, mine)


def test_a_text_without_words_is_like_nothing() -> None:
    assert fingerprint_of(" … !\n").bands == ()
    assert not is_near_identical(shingles_of(""), shingles_of(""))
    assert fingerprint_of("Yes.").bands == fingerprint_of("yes").bands != ()


def test_ten_times_the_text_takes_ten_times_the_time() -> None:
    text = "".join(f"Ward {n} spent {n * 7} pounds on roads and {n * 3} on schools. " for n in range(17_000))
    assert len(text) >= 900_000

    def seconds(length: int) -> float:
        began = time.process_time()
        fingerprint_of(text[:length])
        return time.process_time() - began

    short = min(seconds(90_000) for _ in range(3))
    assert min(seconds(900_000) for _ in range(3)) < 25 * short
