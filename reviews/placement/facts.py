"""What routing knows of a claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """``words`` are the claim's wording and exact words, ``headlines`` those above them, both searchable
    (words.searchable).

    ``desks`` (ids), ``languages`` and ``partners`` (slugs) are those of the articles where it stands;
    ``home`` is the desk of the first. ``outlets``, ``asked_by`` and ``newest`` count for the whole family:
    who carried it, which partners sent it, when it last appeared; so does ``requested_by``, the partners
    that asked for its check.
    """

    claim_id: int
    home: int
    words: str = ""
    headlines: str = ""
    claimant: str = ""
    kind: str = ""
    score: float = 0.0
    signs: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    desks: frozenset[int] = frozenset()
    outlets: frozenset[str] = frozenset()
    asked_by: frozenset[str] = frozenset()
    requested_by: frozenset[str] = frozenset()
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class TopicWords:
    """A topic by the words that a claim or its headline has. ``harm`` is from 0 to 1."""

    topic_id: int
    name: str
    words: tuple[str, ...] = field(default=())
    harm: float = 0.0
    harm_label: str = ""
