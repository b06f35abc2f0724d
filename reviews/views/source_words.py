"""What is said of a cited page: whether the quotation stands there, and what to do when it does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import CARRIED

from ..models import Evidence, EvidenceChange, QuotationCheck, Source, SourceCheck
from ..selectors.sources import open_changes
from .quotation_words import QuotationLine, quotation_line

WAITS_FOR = timedelta(minutes=10)  # after this long a page need not ask every two seconds any more
Condition, Result, Kind = Source.Condition, QuotationCheck.Result, EvidenceChange.Kind


@dataclass(frozen=True, slots=True)
class PageLine:
    """``text`` says how it stands, ``advice`` what to do; ``passage`` is what the page says, in pieces
    of which some differ from the quotation."""

    tone: str
    icon: str
    text: str
    advice: str = ""
    link: str = ""
    link_label: str = ""
    passage: list[tuple[bool, str]] = field(default_factory=list)
    waits: bool = False
    change: EvidenceChange | None = None
    change_text: str = ""
    became: QuotationLine | None = None

    @property
    def shows_change(self) -> bool:
        """What the passage was and is stands at the change already."""
        return bool(self.change and self.became and self.became.runs)


def with_page_lines(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The evidence, each with the line about its page; nothing is said of what is withheld."""
    items = list(evidence)
    changes = open_changes(items)
    for item in items:
        item.page_line = page_line(item, changes.get(item.pk))
    return items


def changed_sources(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Of evidence with its page lines: what changed or went since it was cited, and nobody has looked."""
    return [item for item in evidence if item.page_line and item.page_line.change]


def page_line(item: Evidence, change: EvidenceChange | None = None) -> PageLine | None:
    source = item.source
    if item.is_withheld:
        return None
    if source.is_confidential:
        return PageLine(
            "", "lock-closed", _("Its page is never fetched, because the source is confidential.")
        )
    if not source.url:
        return PageLine(
            "", "information-circle", _("It has no address, so that nobody can compare the words.")
        )
    if not source.condition:
        young = timezone.now() - item.created_at < WAITS_FOR
        text = _("A copy of its page is being made …") if young else _("No copy of its page was made yet.")
        return PageLine("", "clock", text, waits=young)
    if source.last_snapshot_id is None:
        return PageLine(
            "amber", "exclamation-triangle", _("There is no copy of its page."), source.condition_message
        )
    return _of_copy(item, source, change)


def _of_copy(item: Evidence, source: Source, change: EvidenceChange | None) -> PageLine:
    check = item.last_quote
    said: dict[str, Any] = {"change": change, "change_text": _change_text(change) if change else ""}
    if check is not None and check.fate and check.since is not None:
        said["became"] = quotation_line(check)
    copy = reverse("reviews:snapshot", args=[source.last_snapshot_id])
    if not item.quotation:
        text = _(
            "A copy of its page is kept. Quote the passage that counts, and it is compared with the page."
        )
        return PageLine("", "document-duplicate", text, link=copy, link_label=_("Read the copy"), **said)
    if check is None:
        return PageLine("", "clock", _("The words are being looked for in its page …"), waits=True, **said)
    where = reverse("reviews:snapshot", args=[check.snapshot_id]) + f"?evidence={item.pk}#quotation"
    match check.result:
        case Result.FOUND:
            return _found(source, check, where, said)
        case Result.NEAR:
            return PageLine(
                "amber",
                "exclamation-triangle",
                _("Found with small differences"),
                _("Quote the page’s own words, or say in the note why yours differ."),
                where,
                _("Show where"),
                passage=pieces(item.quotation, check.exact),
                **said,
            )
        case Result.MISSING:
            nearest = pieces(item.quotation, check.exact) if check.exact else []
            return PageLine(
                "red",
                "x-circle",
                _("Not found on the page"),
                _("Check words and numbers against the page. It may have changed since, or need scripts."),
                copy,
                _("Read the copy"),
                passage=nearest,
                **said,
            )
    return PageLine(
        "",
        "question-mark-circle",
        _("Cannot be compared: the page is no text (a PDF, for example)."),
        _("A second person should look at the copy."),
        reverse("reviews:snapshot", args=[check.snapshot_id]),
        _("About the copy"),
        **said,
    )


def _found(source: Source, check: QuotationCheck, where: str, said: dict[str, Any]) -> PageLine:
    if check.fate and check.fate not in CARRIED:
        return PageLine(
            "amber",
            "exclamation-triangle",
            _("The words are on the page, but it may be another passage now"),
            _("See whether the page still says by them what it said."),
            where,
            _("Show where"),
            **said,
        )
    is_gone = source.condition == Condition.GONE
    text = _("Found in our copy; the page is gone") if is_gone else _("Found on the page")
    return PageLine("green", "check-circle", text, "", where, _("Show where"), **said)


def pieces(quotation: str, passage: str) -> list[tuple[bool, str]]:
    """The page's passage in pieces; True where it differs from the quotation."""
    quoted, there = quotation.split(), passage.split()
    matcher = SequenceMatcher(
        None, [_bare(word) for word in quoted], [_bare(word) for word in there], autojunk=False
    )
    found = []
    for kind, _first, _last, low, high in matcher.get_opcodes():
        if high > low:
            found.append((kind != "equal", " ".join(there[low:high])))
    return found


def condition_label(seen: Source | SourceCheck) -> tuple[str, str, str]:
    """Tone, icon and words for what a look found, or that there was none."""
    labels = {
        "": ("", "clock", _("Not looked at yet")),
        Condition.ALIVE: ("green", "check-circle", _("As it was")),
        Condition.CHANGED: ("amber", "exclamation-triangle", _("Page changed")),
        Condition.GONE: ("red", "x-circle", _("Page gone")),
        Condition.AWAY: ("", "clock", _("Did not answer")),
        Condition.REFUSED: ("", "minus-circle", _("Not kept")),
    }
    if isinstance(seen, Source) and seen.is_confidential:
        return "", "lock-closed", _("Never fetched")
    if isinstance(seen, Source) and not seen.url:
        return "", "book-open", _("No address")
    if isinstance(seen, Source) and seen.changed_at and seen.condition == Condition.ALIVE:
        return "amber", "exclamation-triangle", _("Changed since")
    if isinstance(seen, SourceCheck) and seen.condition == Condition.ALIVE:
        return "green", "check-circle", _("No change")
    return labels[seen.condition]


def _change_text(change: EvidenceChange) -> str:
    return {
        Kind.CHANGED: _("Since it was cited, the quoted words changed on the page."),
        Kind.VANISHED: _("Since it was cited, the quoted words vanished from the page."),
        Kind.GONE: _("Since it was cited, the page was taken down. Our copy stays."),
    }[Kind(change.kind)]


def _bare(word: str) -> str:
    return word.casefold().strip(".,;:!?“”\"'‘’()")
