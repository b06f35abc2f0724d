"""What became of the passages that are quoted from a page, between the copy where they were last known to
stand and a newer one. Reads contents of the store and changes no row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claims.anchoring import METHOD, Anchored, Passage, reanchor
from claims.models import CARRIED
from claims.sources.quoting import Found, around, find_quotation
from claims.sources.quoting import Passage as QuotedPassage
from claimtracker.kernel.content_store import ContentDamaged, ContentMissing

from ..models import Evidence, QuotationCheck
from ..snapshot_store import snapshot_store


@dataclass(frozen=True, slots=True)
class Became:
    """What became of the passage of an earlier check, ``since``, in the text of a newer copy; ``exact`` and
    what stands around it there."""

    since: int
    anchored: Anchored
    exact: str = ""
    prefix: str = ""
    suffix: str = ""

    @property
    def is_carried(self) -> bool:
        return self.anchored.fate in CARRIED


def passage_of(evidence: Evidence, text: str, digest: str) -> QuotedPassage:
    """Where its quotation stands in the text of a copy: where it was picked, if it was picked from this very
    text, since the same words may stand there twice; else where it is found."""
    quotation, start = evidence.quotation, evidence.place_start
    if start is not None and evidence.place_text == digest:
        end = start + len(quotation)
        if quotation and text[start:end] == quotation:
            return QuotedPassage(Found.FOUND, start, end, **around(text, start, end), similarity=1.0)
    return find_quotation(quotation, text)


def what_became(evidence: Iterable[Evidence], text: str) -> dict[int, Became]:
    """Evidence id → what became of its passage in ``text``; nothing where no copy is known to hold it, or
    its copy is lost or is this one. Each needs ``basis_quote`` and its snapshot."""
    by_text: dict[str, list[tuple[int, QuotationCheck]]] = defaultdict(list)
    for item in evidence:
        basis = item.basis_quote
        if basis is not None and basis.end > basis.start and basis.snapshot.text_id is not None:
            by_text[basis.snapshot.text_id].append((item.pk, basis))
    found: dict[int, Became] = {}
    for digest, passages in by_text.items():
        found |= _in_one(digest, passages, text)
    return found


def fate_facts(became: Became | None) -> dict[str, object]:
    """The columns of a check that say it."""
    if became is None:
        return {}
    anchored = became.anchored
    return {
        "since_id": became.since,
        "fate": anchored.fate.value,
        "score": anchored.score,
        "runner_up": anchored.runner_up,
        "method": METHOD,
        "why": anchored.why[:300],
    }


def place_facts(became: Became) -> Mapping[str, object]:
    """Where it stands now, in the columns of a check."""
    anchored = became.anchored
    return {
        "start": anchored.start or 0,
        "end": anchored.end or 0,
        "exact": became.exact,
        "prefix": became.prefix,
        "suffix": became.suffix,
    }


def _in_one(digest: str, passages: list[tuple[int, QuotationCheck]], text: str) -> dict[int, Became]:
    try:
        former = snapshot_store().get(digest).decode()
    except (ContentMissing, ContentDamaged):
        return {}
    if former == text:
        return {}
    try:
        anchored = reanchor(former, text, [Passage(basis.start, basis.end) for _pk, basis in passages])
    except ValueError:  # a quotation of signs alone holds no words that could be found again
        return {}
    return {pk: _placed(basis, each, text) for (pk, basis), each in zip(passages, anchored, strict=True)}


def _placed(basis: QuotationCheck, anchored: Anchored, text: str) -> Became:
    if anchored.start is None or anchored.end is None:
        return Became(basis.pk, anchored)
    return Became(basis.pk, anchored, **around(text, anchored.start, anchored.end))
