"""Words, times and answers that public pages share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language_info

from claims.models.claim import Attribution

from ..models import PublicCheck
from . import wording

FRESH_SECONDS = 60


def title_of(snapshot: dict[str, Any]) -> str:
    """The claim, in quotation marks only where these are the words that somebody said, and were printed as
    such: what is reported of somebody is no quotation of theirs."""
    text = str(snapshot["claim"]["text"])
    is_said = snapshot["attribution"] == Attribution.QUOTED and not is_reworded(snapshot)
    return wording.quoted(text) if is_said else text


def is_reworded(snapshot: dict[str, Any]) -> bool:
    return _bare(snapshot["claim"]["quote"]) != _bare(snapshot["claim"]["text"])


def cached(response: HttpResponse) -> HttpResponse:
    """Old versions too: what is said above them changes, and a source may have to be withheld at once."""
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def private(response: HttpResponse) -> HttpResponse:
    """The address is the key, or what is typed is somebody's own: into no cache, no search engine and no
    other site's log."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def before_of(request: HttpRequest) -> int | None:
    """Where a list goes on, by the address; what is no number begins at the newest."""
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None


def full_address(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(f"reviews:{name}", args=args)


def list_item(line: PublicCheck) -> dict[str, Any]:
    """One fact check in a list, as its newest version has it."""
    snapshot = line.publication.snapshot
    return {
        "slug": line.slug,
        "title": title_of(snapshot),
        "claimant": line.claimant_name,
        "claimant_slug": line.claimant_slug,
        "published_at": parse_datetime(snapshot["published_at"]),
        "version": snapshot["version"],
        "summary": "" if line.is_retracted else snapshot["summary"],
        "rating": line.rating_label,
        "step": line.rating_step,
        "is_retracted": line.is_retracted,
        "language": line.language,
    }


def language_name(code: str) -> str:
    """As its own speakers write it, the bare code for one that nobody has named here."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def _bare(text: str) -> str:
    """The words without what a sentence puts around them: case, quotation marks, full stop."""
    return " ".join(text.casefold().strip(" .“”\"'‘’«»").split())
