"""What the page of a draft shows: its text with marks, and remarks beside it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import states
from claims.draft_reading import bears_meaning
from claims.models import Draft

from .marked_text import Span, TextBlock, marked_blocks

ORDERS = ("danger", "text")
FALSE, DRIFT, FIGURE, UNSOURCED, RATED, WORDING, CLAIM = (
    "false",
    "drift",
    "figure",
    "unsourced",
    "rated",
    "wording",
    "claim",
)
# each kind with the look of its mark, the most dangerous first
TONES = {
    FALSE: "drift",
    DRIFT: "drift",
    FIGURE: "drift",
    UNSOURCED: "suggested",
    RATED: "review",
    WORDING: "confirmed",
    CLAIM: "confirmed",
}
CHIPS = {
    FALSE: ("red", "check-badge"),
    DRIFT: ("red", "exclamation-triangle"),
    FIGURE: ("red", "scale"),
    UNSOURCED: ("amber", "question-mark-circle"),
    RATED: ("blue", "check-badge"),
    WORDING: ("grey", "pencil"),
    CLAIM: ("grey", "document-magnifying-glass"),
}
RANKS = {kind: rank for rank, kind in enumerate(TONES)}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at. ``known`` are rated checks of the same; ``changes`` word by word from the
    transcript to the draft; ``figure`` the words of the draft that ``said`` has otherwise or not at all."""

    kind: str
    label: str
    start: int
    end: int
    text: str
    who: str = ""
    known: list[dict[str, Any]] = field(default_factory=list)
    said: str = ""
    changes: list[dict[str, str]] = field(default_factory=list)
    figure: str = ""
    key: int = 0

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.key, TONES[self.kind], self.label)

    @property
    def tone(self) -> str:
        return CHIPS[self.kind][0]

    @property
    def icon(self) -> str:
        return CHIPS[self.kind][1]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many remarks of a kind there are, and the key of the one that its count leads to."""

    kind: str
    words: str
    count: int
    first: int


@dataclass(frozen=True, slots=True)
class DraftPage:
    """``remarks`` in the order that is shown."""

    draft: Draft
    blocks: list[TextBlock]
    remarks: list[Remark]
    order: str

    @property
    def is_waiting(self) -> bool:
        return self.draft.state != states.LOOKED_UP

    @property
    def tally(self) -> list[Tally]:
        """Of each kind that there is, the most dangerous first."""
        found = []
        for kind, words in _WORDS.items():
            of_kind = [remark for remark in self.remarks if remark.kind == kind]
            if of_kind:
                found.append(Tally(kind, words(len(of_kind)), len(of_kind), of_kind[0].key))
        return found


_WORDS = {
    FALSE: lambda n: _("rated false already"),
    DRIFT: lambda n: ngettext("quotation not as it was said", "quotations not as they were said", n),
    FIGURE: lambda n: ngettext("figure not as in the transcript", "figures not as in the transcript", n),
    UNSOURCED: lambda n: ngettext("number without a source", "numbers without a source", n),
    RATED: lambda n: _("rated otherwise"),
    WORDING: lambda n: ngettext("quotation in other small words", "quotations in other small words", n),
    CLAIM: lambda n: ngettext("other claim", "other claims", n),
}


def draft_page(draft: Draft, *, order: str = "") -> DraftPage:
    """The remarks by danger, or as they stand in the text; their numbers are the same in both."""
    order = order if order in ORDERS else ORDERS[0]
    remarks = [*_quotations(draft), *_figures(draft), *_claims(draft)]
    remarks.sort(key=lambda remark: (remark.start, remark.end))
    numbered = [replace(remark, key=number) for number, remark in enumerate(remarks, 1)]
    blocks = marked_blocks(draft.body, [], [remark.span for remark in numbered])
    if order == ORDERS[0]:
        numbered.sort(key=lambda remark: (RANKS[remark.kind], remark.key))
    return DraftPage(draft, blocks, numbered, order)


def _claims(draft: Draft) -> list[Remark]:
    found = []
    for claim in draft.remarks.get("claims", []):
        known = claim["known"] or []
        if any(one.get("is_false") for one in known):
            kind, label = FALSE, _("Rated false already")
        elif known:
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
    found = []
    for one in draft.remarks.get("quotations", []):
        if one["found"] == "found":
            continue
        said, changes = one["said"], one["changes"]
        if not said:
            kind, label = DRIFT, _("Not in the transcript")
        elif not bears_meaning(changes):
            kind, label = WORDING, _("Not word for word what was said")
        else:
            kind, label = DRIFT, _("Something else was said")
        words = draft.body[one["start"] : one["end"]].rstrip(", ")  # the comma is the sentence's
        found.append(Remark(kind, label, one["start"], one["end"], words, said=said, changes=changes))
    return found


def _figures(draft: Draft) -> list[Remark]:
    """Figures that somebody is reported with and the transcript has otherwise, or not at all."""
    found = []
    for one in draft.remarks.get("figures", []):
        figure = draft.body[one["start"] : one["end"]]
        changes = []
        if one["instead"]:
            changes = [{"kind": "gone", "text": one["instead"]}, {"kind": "come", "text": figure}]
        label = _("Another figure was said") if one["instead"] else _("This figure is not in the transcript")
        first, last = one["within"]
        found.append(
            Remark(
                FIGURE,
                label,
                one["start"],
                one["end"],
                draft.body[first:last],
                who=one["claimant"],
                said=one["said"],
                changes=changes,
                figure=figure,
            )
        )
    return found
