"""Which verdicts are reviewed blind: the same answer for a claim whenever it is asked, and one that nobody
can guess without the key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence

_PURPOSE = b"claimtracker.blind-review"


def draw(key: str, name: str) -> float:
    """A number from 0 up to 1 that only who has ``key`` can tell, the same for the same ``name``."""
    secret = hmac.new(key.encode(), _PURPOSE, hashlib.sha256).digest()
    digest = hmac.new(secret, name.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def is_drawn(key: str, name: str, *, rate: float) -> bool:
    """Is ``name`` among the share ``rate`` (0 to 1) that is drawn? A higher rate keeps what a lower drew."""
    return draw(key, name) < rate


def topic_in(texts: Iterable[str], topics: Sequence[str]) -> str:
    """The first of ``topics`` that stands in one of ``texts`` as words, in any case; empty for none."""
    padded = [f" {_words(text)} " for text in texts]
    for topic in topics:
        wanted = _words(topic)
        if wanted and any(f" {wanted} " in text for text in padded):
            return topic
    return ""


def _words(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
