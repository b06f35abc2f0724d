"""Words and times that public pages share."""

from __future__ import annotations

from typing import Any

from . import wording

FRESH_SECONDS = 60


def title_of(snapshot: dict[str, Any]) -> str:
    """The claim, in quotation marks only where these are the words that were said."""
    text = snapshot["claim"]["text"]
    return str(text) if is_reworded(snapshot) else wording.quoted(text)


def is_reworded(snapshot: dict[str, Any]) -> bool:
    return _bare(snapshot["claim"]["quote"]) != _bare(snapshot["claim"]["text"])


def _bare(text: str) -> str:
    """The words without what a sentence puts around them: case, quotation marks, full stop."""
    return " ".join(text.casefold().strip(" .“”\"'‘’«»").split())
