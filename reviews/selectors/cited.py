"""What is said of a cited source: to the public, and to a colleague who may not see a confidential one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Evidence, Source

WITHHELD_TITLE = gettext_lazy("A source that we do not name")


def evidence_facts(item: Evidence) -> dict[str, Any]:
    """One piece of evidence as it is published. Of a confidential source only that there is one, its kind and
    its stance: its words could give it away too."""
    facts = {
        "stance": item.stance,
        "quotation": item.quotation,
        "note": item.note,
        "is_withheld": False,
        "source": _source(item.source),
        "archive": _archive(item),
    }
    return withheld_facts(facts) if item.source.is_confidential else facts


def withheld_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """The same piece of evidence with everything blanked but its stance and the kind of its source."""
    blank = dict.fromkeys(("publisher", "url", "citation", "interest_note"), "")
    source = {"title": str(WITHHELD_TITLE), "kind": facts["source"]["kind"], "accessed_at": None, **blank}
    return {**facts, "quotation": "", "note": "", "is_withheld": True, "source": source, "archive": None}


def withheld_from(evidence: Iterable[Evidence], user: Any) -> set[int]:
    """Of these pieces of evidence (ids), those whose confidential source ``user`` may not see."""
    secret = {item.pk: item.source_id for item in evidence if item.source.is_confidential}
    if not secret:
        return set()
    seen = set(Source.objects.visible_to(user).filter(pk__in=secret.values()).values_list("pk", flat=True))
    return {pk for pk, source_id in secret.items() if source_id not in seen}


def shown_to(evidence: Iterable[Evidence], user: Any) -> list[Evidence]:
    """The evidence with everything blanked that ``user`` may not see, so that no page can show it. Blanked
    rows have ``is_withheld`` set and are never saved."""
    items = list(evidence)
    hidden = withheld_from(items, user)
    for item in items:
        item.is_withheld = item.pk in hidden
        if item.is_withheld:
            item.quotation = item.note = ""
            item.source = Source(
                pk=item.source_id,
                title=_("A confidential source"),
                kind=item.source.kind,
                is_confidential=True,
                accessed_at=item.source.accessed_at,
            )
    return items


def _archive(item: Evidence) -> dict[str, Any] | None:
    """The copy that we keep of the page: its day and its hash, by which anybody can tell whether theirs is
    the same. That with the quoted words, else the newest. The copy is another's work and is not shown."""
    quote = item.basis_quote
    copy = quote.snapshot if quote else item.source.last_snapshot
    if copy is None:
        return None
    return {
        "taken_at": copy.taken_at.isoformat(),
        "sha256": copy.page_id,
        "media_type": copy.media_type,
        "has_quotation": quote is not None,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        # not served: selectors.withholding finds the source by it when it becomes confidential later
        "id": source.pk,
        "title": source.title,
        "publisher": source.publisher,
        "kind": source.kind,
        "url": source.url,
        "citation": source.citation,
        "interest_note": source.interest_note,
        "accessed_at": source.accessed_at.isoformat(),
    }
