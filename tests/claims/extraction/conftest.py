"""The pipeline is loaded once for the whole folder; each article is read once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from claims.extraction import Extraction, extract
from claims.samples import load_samples

_CHECKOUT = Path(__file__).resolve().parents[3]
_SHARED_ARTICLE = _CHECKOUT.parent / "shared" / "data" / "news" / "coalition-talks.txt"


@pytest.fixture(autouse=True)
def _by_rules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests here are of the rules, the fallback; those marked `encoder` read as the product does."""
    if request.node.get_closest_marker("encoder") is None:
        monkeypatch.setenv("CLAIMTRACKER_ENCODER", "off")


@cache
def read(text: str) -> Extraction:
    """The extraction of a text, computed once in this process."""
    return extract(text)


@pytest.fixture(scope="session")
def extraction_of() -> Callable[[str], Extraction]:
    return read


@pytest.fixture(scope="session")
def our_talks() -> str:
    return next(sample.body for sample in load_samples() if sample.slug == "paris-coalition-talks")


@pytest.fixture(scope="session")
def published_talks() -> str | None:
    """The published article on the same talks, where the checkout has it beside it."""
    if not _SHARED_ARTICLE.is_file():
        return None
    with _SHARED_ARTICLE.open(encoding="utf-8", newline="") as file:
        return file.read()
