"""Selectors and annotations of the W3C Web Annotation Data Model. Positions count code points."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claimtracker.kernel.moments import rfc3339

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


ANNO = "http://www.w3.org/ns/anno.jsonld"
# two words that are not of the model: which version the positions count into, what became of the words
CONTEXT_OF_OURS = {"version": "https://schema.org/version", "fate": "https://schema.org/status"}


@dataclass(frozen=True, slots=True)
class Text:
    """The text that annotations point into. ``source`` is where readers find it, ``version`` which of its
    versions ``body`` is, and ``seen_at`` when it was as it is."""

    body: str
    source: str
    version: int
    seen_at: datetime
    language: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One claim at one place. ``rating`` and ``check`` (an address) are given where a verdict on these very
    words is public."""

    id: str
    start: int
    end: int
    wording: str
    created_at: datetime
    rating: str = ""
    check: str = ""
    fate: str = ""


def annotation(text: Text, note: Note) -> dict[str, Any]:
    """The claim as a Web Annotation: it describes the words, and assesses them where they were checked."""
    bodies: list[dict[str, Any]] = [
        {
            "type": "TextualBody",
            "purpose": "describing",
            "format": "text/plain",
            "value": note.wording,
            **({"language": text.language} if text.language else {}),
        }
    ]
    if note.rating:
        bodies.append(
            {"type": "TextualBody", "purpose": "assessing", "format": "text/plain", "value": note.rating}
        )
    if note.check:
        bodies.append({"type": "SpecificResource", "purpose": "linking", "source": note.check})
    return {
        "id": note.id,
        "type": "Annotation",
        "motivation": "assessing" if note.rating else "describing",
        "created": rfc3339(note.created_at, to="seconds"),
        **({"fate": note.fate} if note.fate else {}),
        "body": bodies,
        "target": {
            "type": "SpecificResource",
            "source": text.source,
            "state": {
                "type": "TimeState",
                "sourceDate": rfc3339(text.seen_at, to="seconds"),
                "version": text.version,
            },
            "selector": [
                quote_selector(text.body, note.start, note.end),
                position_selector(note.start, note.end),
            ],
        },
    }


def collection(text: Text, notes: Sequence[Note], *, id: str, label: str) -> dict[str, Any]:
    """All of them as an AnnotationCollection with its one page."""
    page = {
        "id": f"{id}#page",
        "type": "AnnotationPage",
        "partOf": id,
        "startIndex": 0,
        "items": [annotation(text, note) for note in notes],
    }
    return {
        "@context": [ANNO, CONTEXT_OF_OURS],
        "id": id,
        "type": "AnnotationCollection",
        "label": label,
        "version": text.version,
        "total": len(notes),
        **({"first": page} if notes else {}),
    }
