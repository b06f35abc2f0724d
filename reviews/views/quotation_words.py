"""What is said of a passage that is quoted from a page, and of what became of it since an earlier copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from claims.anchoring import Fate
from claims.word_diff import Run, word_diff

from ..models import QuotationCheck

Result = QuotationCheck.Result


@dataclass(frozen=True, slots=True)
class QuotationLine:
    """``runs`` are the passage then and now, word by word, where it differs; ``then_url`` is the earlier
    copy."""

    check: QuotationCheck
    tone: str
    icon: str
    label: str
    why: str = ""
    runs: list[Run] = field(default_factory=list)
    then_url: str = ""
    then_at: datetime | None = None
    now_url: str = ""
    now_at: datetime | None = None


def quotation_line(check: QuotationCheck) -> QuotationLine:
    tone, icon, label = _label(check)
    since = check.since if check.fate else None
    now_url = _place(check) if check.end else ""
    if since is None:
        return QuotationLine(check, tone, icon, label, now_url=now_url, now_at=check.checked_at)
    differs = check.fate in {Fate.REWORDED, Fate.REMOVED}
    now = check.exact if check.fate == Fate.REWORDED else ""
    return QuotationLine(
        check,
        tone,
        icon,
        label,
        why=check.why if differs else "",
        runs=word_diff(since.exact, now) if differs else [],
        then_url=_place(since),
        then_at=since.checked_at,
        now_url=now_url if check.fate != Fate.REMOVED else "",
        now_at=check.checked_at,
    )


def _label(check: QuotationCheck) -> tuple[str, str, str]:
    match check.fate:
        case Fate.UNCHANGED:
            return "green", "check-circle", _("Unchanged")
        case Fate.MOVED:
            return "green", "check-circle", _("At another place of the page, in the same words")
        case Fate.REWORDED:
            return "amber", "exclamation-triangle", _("Text changed")
        case Fate.REMOVED:
            return "red", "x-circle", _("No longer on the page")
    return {
        Result.FOUND: ("green", "check-circle", _("Found on the page")),
        Result.NEAR: ("amber", "exclamation-triangle", _("Found with small differences")),
        Result.MISSING: ("red", "x-circle", _("Not found on the page")),
        Result.UNREADABLE: ("", "question-mark-circle", _("Cannot be compared")),
    }[Result(check.result)]


def _place(check: QuotationCheck) -> str:
    return reverse("reviews:snapshot", args=[check.snapshot_id]) + f"?evidence={check.evidence_id}#quotation"
