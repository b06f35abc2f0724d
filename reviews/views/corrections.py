"""The corrections log, and what one check's page says of its own versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import conditional_page, require_safe

from ..models import Change, Publication
from ..models.basis import TextState
from ..models.publication import SAME_FINDING
from ..selectors.published import changes_page, version_dates
from .public_words import before_of, cached, title_of

TONES = {
    Change.RETRACTION.value: ("red", "x-circle"),
    Change.VERDICT_CHANGE.value: ("orange", "arrow-path"),
    Change.CORRECTION.value: ("amber", "pencil"),
}


@require_safe
@conditional_page
def log(request: HttpRequest) -> HttpResponse:
    page = changes_page(before=before_of(request))
    context = {
        "items": [_item(publication) for publication in page.publications],
        "older_url": f"?before={page.older}" if page.older else "",
        "newer": page.newer,
        "corrections_contact": settings.CORRECTIONS_CONTACT,
    }
    return cached(render(request, "public/corrections.html", context))


def version_context(publication: Publication, newest: int) -> dict[str, Any]:
    """What stands above and below a version: notices, corrections, the other side, departures."""
    snapshot = publication.snapshot
    versions = version_dates(publication.slug) if newest > 1 else []
    latest = versions[0] if versions else publication
    valid_until = date.fromisoformat(snapshot["valid_until"]) if snapshot.get("valid_until") else None
    return {
        "versions": versions,
        "changes": [version for version in versions if version.change not in SAME_FINDING],
        "rechecks": [version for version in versions if version.change == Change.RECHECKED],
        "is_same_since": is_same_since(versions, publication.number),
        "text": text_notice(publication) if publication.number == newest else None,
        "retraction": latest if latest.is_retraction else None,
        "is_retraction": publication.is_retraction,
        "replaced_by": next((v for v in versions if v.number == publication.number + 1), None),
        "valid_until": valid_until,
        "is_past_its_day": valid_until is not None and valid_until < timezone.localdate(),
        "what_would_change": snapshot.get("what_would_change", ""),
        "departures": snapshot.get("standards", []),
        "reply": _reply(snapshot),
        "corrections_contact": settings.CORRECTIONS_CONTACT,
    }


def text_notice(publication: Publication) -> dict[str, Any] | None:
    """What readers are told where the article changed under a check: that it did, never what a program takes
    for its new words."""
    since = publication.text_since
    if publication.is_retraction or since.version is None or not since.is_changed:
        return None
    return {"is_removed": since.state == TextState.REMOVED, "day": since.version.created_at}


def is_same_since(versions: list[Publication], number: int) -> bool:
    """Is everything after the version ``number`` a re-check, which found the same?"""
    later = [version for version in versions if version.number > number]
    return bool(later) and all(version.change == Change.RECHECKED for version in later)


def _reply(snapshot: dict[str, Any]) -> dict[str, Any] | None:
    facts = snapshot.get("right_of_reply")
    if not facts or facts["status"] == "not_asked":
        return None
    asked = facts.get("asked_at")
    return {
        **facts,
        "asked_on": parse_datetime(asked) if asked else None,
        "replies": [{**item, "day": parse_datetime(item["received_at"])} for item in facts["replies"]],
    }


def _item(publication: Any) -> dict[str, Any]:
    tone, icon = TONES.get(publication.change, ("", "information-circle"))
    return {
        "slug": publication.slug,
        "number": publication.number,
        "is_newest": not publication.is_superseded,
        "title": title_of(publication.snapshot),
        "published_at": publication.published_at,
        "kind": publication.get_change_display(),
        "tone": tone,
        "icon": icon,
        "note": publication.change_note,
    }
