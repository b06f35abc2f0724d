"""Selectors of the W3C Web Annotation Data Model. Positions count code points."""

from __future__ import annotations

import unicodedata
from typing import Any

CONTEXT = 32  # code points on either side of the quotation
_JOINS = "\u200d"


def quote_selector(body: str, start: int, end: int) -> dict[str, Any]:
    """The exact words with a little of what stands around them, no letter cut from its accents."""
    first, last = max(0, start - CONTEXT), min(len(body), end + CONTEXT)
    while first < start and _goes_on(body, first):
        first += 1
    while last > end and _goes_on(body, last):
        last -= 1
    return {
        "type": "TextQuoteSelector",
        "exact": body[start:end],
        "prefix": body[first:start],
        "suffix": body[end:last],
    }


def position_selector(start: int, end: int) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def _goes_on(body: str, at: int) -> bool:
    """Whether what stands at ``at`` belongs to the letter before it."""
    if not 0 < at < len(body):
        return False
    here = body[at]
    return (
        here == _JOINS
        or body[at - 1] == _JOINS
        or unicodedata.category(here) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= here <= "\U0001f3ff"  # skin tones
    )
