"""What the page of a draft shows: its text with marks, and remarks beside it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import states
from claims.models import Draft

from .marked_text import Span, TextBlock, marked_blocks

RATED, DRIFT, UNSOURCED, CLAIM = "rated", "drift", "unsourced", "claim"
# which one a claim is listed under, the gravest first; the look of its mark
TONES = {RATED: "review", DRIFT: "drift", UNSOURCED: "suggested", CLAIM: "confirmed"}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at. ``known`` are rated checks of the same; ``changes`` word by word from the
    transcript to the draft."""

    kind: str
    label: str
    start: int
    end: int
    text: str
    who: str = ""
    known: list[dict[str, Any]] = field(default_factory=list)
    said: str = ""
    changes: list[dict[str, str]] = field(default_factory=list)
    key: int = 0

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.key, TONES[self.kind], self.label)


@dataclass(frozen=True, slots=True)
class DraftPage:
    draft: Draft
    blocks: list[TextBlock]
    remarks: list[Remark]

    @property
    def is_waiting(self) -> bool:
        return self.draft.state != states.LOOKED_UP

    def count(self, kind: str) -> int:
        return sum(remark.kind == kind for remark in self.remarks)

    @property
    def tally(self) -> list[tuple[str, str, int]]:
        """(kind, words, number) of each that there is, the gravest first."""
        counts = {kind: self.count(kind) for kind in (RATED, DRIFT, UNSOURCED, CLAIM)}
        words = {
            RATED: _("rated already"),
            DRIFT: _("not as in the transcript"),
            UNSOURCED: ngettext("number without a source", "numbers without a source", counts[UNSOURCED]),
            CLAIM: ngettext("other claim", "other claims", counts[CLAIM]),
        }
        return [(kind, words[kind], count) for kind, count in counts.items() if count]


def draft_page(draft: Draft) -> DraftPage:
    remarks = [*_quotations(draft), *_claims(draft)]
    remarks.sort(key=lambda remark: (remark.start, remark.end))
    numbered = [replace(remark, key=number) for number, remark in enumerate(remarks, 1)]
    blocks = marked_blocks(draft.body, [], [remark.span for remark in numbered])
    return DraftPage(draft, blocks, numbered)


def _claims(draft: Draft) -> list[Remark]:
    found = []
    for claim in draft.remarks.get("claims", []):
        known = claim["known"] or []
        if known:
            kind, label = RATED, _("A check of this is known")
        elif claim["unsourced"]:
            kind, label = UNSOURCED, _("A number without a source")
        else:
            kind, label = CLAIM, _("A checkable claim")
        who, text = claim["claimant"], claim["text"]
        found.append(Remark(kind, label, claim["start"], claim["end"], text, who=who, known=known))
    return found


def _quotations(draft: Draft) -> list[Remark]:
    """Those that are not what the transcript has."""
    labels = {
        "near": _("Not word for word what was said"),
        "missing": _("Something else was said"),
        "": _("Not in the transcript"),
    }
    found = []
    for one in draft.remarks.get("quotations", []):
        if one["found"] == "found":
            continue
        label = labels[one["found"] if one["said"] else ""]
        words = draft.body[one["start"] : one["end"]]
        said, changes = one["said"], one["changes"]
        found.append(Remark(DRIFT, label, one["start"], one["end"], words, said=said, changes=changes))
    return found
