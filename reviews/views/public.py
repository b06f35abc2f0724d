"""What anybody may read, without an account, a cookie or JavaScript."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from claimtracker.kernel.problems import problem

from ..claimreview import shortened
from ..models import Publication
from ..models.evidence import Stance
from ..reader_facts import rating_step
from ..selectors.public_lists import line_of, topics_of
from ..selectors.published import published_version
from . import wording
from .corrections import version_context
from .public_embed import frame_code, oembed_address
from .public_withheld import page_if_withheld, problem_if_withheld
from .public_words import cached, full_address, is_reworded, title_of

LONG_CLAIM = 110

# what could end a script element or open a comment in one, as JSON escapes
_ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


@require_safe
@conditional_page
@page_if_withheld
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    publication, newest = _asked(request, slug)
    return cached(render(request, "public/claim.html", check_context(publication, newest)))


def check_context(publication: Publication, newest: int) -> dict[str, Any]:
    """What the page of a check shows; ``publication`` may be one that is not saved, of a preview."""
    snapshot = publication.snapshot
    old = publication.number < newest
    return {
        "snapshot": snapshot,
        "publication": publication,
        "published_at": parse_datetime(snapshot["published_at"]),
        "newest": newest,
        "is_old": old,
        **version_context(publication, newest),
        "step": _step(snapshot),
        "is_long": len(snapshot["claim"]["text"]) > LONG_CLAIM,
        "shows_quote": is_reworded(snapshot),
        "title": title_of(snapshot),
        "quote": wording.quoted(snapshot["claim"]["quote"]),
        "groups": _evidence_groups(snapshot),
        "appearances": _appearances(snapshot["appearances"]),
        "complaint_days": settings.COMPLAINT_WORKING_DAYS,
        **_passing_on(publication),
        # an outdated rating must not be offered to search engines as ours
        "claim_review": "" if old or publication.is_retraction else json_ld(publication.claim_review),
    }


@require_safe
@conditional_page
@problem_if_withheld
def claim_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The ClaimReview object alone, for whoever reads it by machine."""
    publication, _newest = _asked(request, slug)
    if publication.is_retraction:
        return cached(
            problem(410, _("This fact check was retracted, so it describes no finding."), code="retracted")
        )
    response = JsonResponse(
        publication.claim_review,
        content_type="application/ld+json",
        json_dumps_params={"ensure_ascii": False},
    )
    return cached(response)


def json_ld(document: dict[str, Any]) -> SafeString:
    """JSON that is safe between script tags: no character of it can end the element."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - every character that HTML reads here is escaped


def _asked(request: HttpRequest, slug: str) -> tuple[Publication, int]:
    number = request.GET.get("version", "")
    if number and not re.fullmatch("[1-9][0-9]{0,8}", number):
        raise Http404
    found = published_version(slug, int(number) if number else None)
    if found is None:
        raise Http404
    return found


def _step(snapshot: dict[str, Any]) -> int | None:
    rating = snapshot["rating"]
    return rating_step(rating["value"], rating["worst"], rating["best"])


def _evidence_groups(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    titles = {
        Stance.SUPPORTS: _("Supports the claim"),
        Stance.REFUTES: _("Speaks against it"),
        Stance.CONTEXT: _("Context"),
    }
    groups = []
    for stance, title in titles.items():
        items = [_evidence(item) for item in snapshot["evidence"] if item["stance"] == stance.value]
        if items:
            groups.append({"stance": stance.value, "title": title, "items": items})
    return groups


def _evidence(item: dict[str, Any]) -> dict[str, Any]:
    source = item["source"]
    return {
        **item,
        "link": wording.safe_link(source["url"]),
        "accessed_at": parse_datetime(source["accessed_at"]) if source.get("accessed_at") else None,
        "copy": _copy(item.get("archive")),
        "archive_link": _archive_link(item),
    }


def _copy(archive: dict[str, Any] | None) -> dict[str, Any] | None:
    return {**archive, "taken_at": parse_datetime(archive["taken_at"])} if archive else None


def _archive_link(item: dict[str, Any]) -> str:
    """Where a reader may look for the page as it was: at a public archive, by its day and address."""
    address = wording.safe_link(item["source"]["url"])
    seen = (item.get("archive") or {}).get("taken_at") or item["source"].get("accessed_at")
    if not (address and seen and settings.ARCHIVE_LOOKUP_URL):
        return ""
    day = seen[:10].replace("-", "")
    return wording.safe_link(settings.ARCHIVE_LOOKUP_URL.replace("{day}", day).replace("{url}", address))


def _passing_on(publication: Publication) -> dict[str, Any]:
    """What readers take along: the topics, a citation of this version, ways to share without being followed,
    and the code of the embed."""
    snapshot = publication.snapshot
    line = line_of(publication.claim_id)
    address, words = snapshot["url"], _share_words(publication)
    return {
        "topics": topics_of(line) if line else snapshot.get("topics", []),
        "claimant_slug": line.claimant_slug if line else "",
        "citation": _citation(publication),
        "shares": [
            (_("E-mail"), f"mailto:?{_query(subject=words, body=address)}"),
            ("Bluesky", f"https://bsky.app/intent/compose?{_query(text=f'{words} {address}')}"),
            ("WhatsApp", f"https://wa.me/?{_query(text=f'{words} {address}')}"),
            ("Facebook", f"https://www.facebook.com/sharer/sharer.php?{_query(u=address)}"),
        ],
        "frame_code": frame_code(publication),
        "oembed_address": oembed_address(publication.slug),
        "embed_address": full_address("public_embed", publication.slug),
    }


def _share_words(publication: Publication) -> str:
    text = shortened(publication.snapshot["claim"]["text"], 160)
    if publication.is_retraction:
        return _("Retracted fact check: “%(claim)s”") % {"claim": text}
    return _("%(rating)s: “%(claim)s”") % {"rating": publication.snapshot["rating"]["label"], "claim": text}


def _citation(publication: Publication) -> str:
    """In one line, of exactly this version, whose address never shows another."""
    snapshot = publication.snapshot
    facts = {
        "publisher": settings.PUBLISHER_NAME,
        "day": date_format(timezone.localtime(publication.published_at), "j F Y"),
        "claim": snapshot["claim"]["text"].rstrip("."),
        "rating": snapshot["rating"]["label"],
        "n": publication.number,
        "address": f"{snapshot['url']}?version={publication.number}",
    }
    if publication.is_retraction:
        return _("%(publisher)s: “%(claim)s”. Fact check, retracted on %(day)s. %(address)s") % facts
    return (
        _("%(publisher)s: “%(claim)s”. Rated “%(rating)s”. Fact check, version %(n)s, %(day)s. %(address)s")
        % facts
    )


def _query(**words: str) -> str:
    return urlencode(words, quote_via=quote)


def _appearances(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each article, with what it says at each of its places once."""
    articles: dict[tuple[Any, ...], dict[str, Any]] = {}
    for facts in places:
        published = facts.get("published_at")
        article = articles.setdefault(
            tuple(facts.get(name) for name in ("article_title", "url", "site_name", "published_at")),
            {
                **facts,
                "link": wording.safe_link(facts["url"]),
                "published_at": parse_datetime(published) if published else None,
                "quotes": [],
            },
        )
        quote = wording.quoted(facts["quote"])
        if quote not in article["quotes"]:
            article["quotes"].append(quote)
    return list(articles.values())
