"""The sentences of an article that were not offered as claims, a page at a time, each with why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.explaining import why_passed_over
from claims.models import ExtractionRun

from .marked_text import Span

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PassedSentence:
    start: int
    end: int
    text: str
    reason: str
    because: str

    @property
    def key(self) -> str:
        """Its name in the page, beside the numbers of the claims."""
        return f"p{self.start}"

    @property
    def span(self) -> Span:
        label = _("passed over: %(reason)s") % {"reason": self.reason}
        return Span(self.start, self.end, self.key, "passed", label)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """``counts`` is how many for each reason, in words, the most frequent first."""

    sentences: list[PassedSentence]
    counts: list[tuple[str, int]]
    total: int
    number: int
    pages: int


def passed_over(
    run: ExtractionRun | None, body: str, claims: Iterable[Span], *, order: str, number: int
) -> PassedOver:
    """Page ``number`` (from 1) of what ``run`` did not offer, but for what is marked as a claim by now."""
    rows = _unclaimed(run.passed_over if run else [], list(claims))
    rows.sort(key=(lambda row: (-row["score"], row["start"])) if order == "score" else _by_place)
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(max(number, 1), pages)
    shown = rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    reasons = Counter(str(row["reason"]) for row in rows)
    return PassedOver(
        sentences=[_sentence(row, body) for row in shown],
        counts=[(why_passed_over(reason)[0], count) for reason, count in reasons.most_common()],
        total=len(rows),
        number=number,
        pages=pages,
    )


def _by_place(row: Mapping[str, Any]) -> tuple[float, int]:
    return 0.0, row["start"]


def _unclaimed(rows: Sequence[Mapping[str, Any]], claims: Sequence[Span]) -> list[Mapping[str, Any]]:
    """Without those of which a claim covers half or more. One walk from left to right over both."""
    waiting = sorted(claims, key=lambda span: span.start)
    left, near, at = [], [], 0
    for row in sorted(rows, key=lambda row: row["start"]):
        while at < len(waiting) and waiting[at].start < row["end"]:
            near.append(waiting[at])
            at += 1
        near = [span for span in near if span.end > row["start"]]
        covered = max((min(row["end"], span.end) - max(row["start"], span.start) for span in near), default=0)
        if covered * 2 < row["end"] - row["start"]:
            left.append(row)
    return left


def _sentence(row: Mapping[str, Any], body: str) -> PassedSentence:
    reason, because = why_passed_over(str(row["reason"]))
    return PassedSentence(row["start"], row["end"], body[row["start"] : row["end"]], reason, because)
