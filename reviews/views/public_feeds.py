"""Atom feeds of what is published: all of it, one claimant's, one topic's, and the corrections."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html, format_html_join
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from ..atom import CONTENT_TYPE, Entry, Feed, atom, tag_uri
from ..models import Publication, PublicCheck, PublicTopic
from ..selectors.public_lists import Wish, check_page, claimant_of, last_restriction
from ..selectors.published import changes_page
from .public_words import before_of, cached, full_address, title_of

SIZE = 50
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)  # the day in the names of the feeds themselves; it never moves


@require_safe
@conditional_page
def everything(request: HttpRequest) -> HttpResponse:
    title = _("Fact checks by %(publisher)s") % {"publisher": settings.PUBLISHER_NAME}
    return _checks(request, Wish(), title, "fact-checks", "public_feed", "public_index")


@require_safe
@conditional_page
def claimant(request: HttpRequest, slug: str) -> HttpResponse:
    name = claimant_of(slug)
    if name is None:
        raise Http404
    title = _("What %(name)s said, checked by %(publisher)s") % {
        "name": name,
        "publisher": settings.PUBLISHER_NAME,
    }
    wish = Wish(claimant=slug)
    return _checks(request, wish, title, f"claimants/{slug}", "public_claimant_feed", "public_claimant", slug)


@require_safe
@conditional_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(PublicTopic.objects.shown(), slug=slug)
    title = _("Fact checks on %(topic)s by %(publisher)s") % {
        "topic": found.name,
        "publisher": settings.PUBLISHER_NAME,
    }
    wish = Wish(topic=slug)
    return _checks(request, wish, title, f"topics/{slug}", "public_topic_feed", "public_topic", slug)


@require_safe
@conditional_page
def corrections(request: HttpRequest) -> HttpResponse:
    page = changes_page(before=before_of(request), size=SIZE)
    address = full_address("corrections_feed")
    feed = Feed(
        id=tag_uri(settings.SITE_URL, BEGAN, "corrections"),
        title=_("Corrections by %(publisher)s") % {"publisher": settings.PUBLISHER_NAME},
        subtitle=_("What we changed or took back after it was published."),
        url=address,
        page=full_address("corrections"),
        author=settings.PUBLISHER_NAME,
        updated=max((row.published_at for row in page.publications), default=BEGAN),
        entries=[_change(publication) for publication in page.publications],
        older=f"{address}?before={page.older}" if page.older else "",
    )
    return _answer(feed)


def _checks(
    request: HttpRequest, wish: Wish, title: str, name: str, feed_view: str, page_view: str, *args: str
) -> HttpResponse:
    page = check_page(wish, before=before_of(request), size=SIZE)
    address = full_address(feed_view, *args)
    feed = Feed(
        id=tag_uri(settings.SITE_URL, BEGAN, name),
        title=title,
        subtitle=_("What was said, what the evidence shows, and the rating that two people stand behind."),
        url=address,
        page=full_address(page_view, *args),
        author=settings.PUBLISHER_NAME,
        updated=max((line.changed_at for line in page.lines), default=BEGAN),
        entries=[_check(line) for line in page.lines],
        older=f"{address}?before={page.older}" if page.older else "",
    )
    return _answer(feed)


def _check(line: PublicCheck) -> Entry:
    snapshot = line.publication.snapshot
    claim = title_of(snapshot)
    if line.is_retracted:
        title, summary = _("Retracted: %(claim)s") % {"claim": claim}, line.publication.change_note
        html = _paragraphs(summary)
    else:
        title = f"{line.rating_label}: {claim}"
        summary = snapshot["summary"]
        html = _finding(line, claim)
    return Entry(
        id=tag_uri(settings.SITE_URL, line.first_published_at, f"fact-check/{snapshot['claim']['id']}"),
        title=title,
        url=snapshot["url"],
        published=line.first_published_at,
        updated=line.changed_at,
        summary=summary,
        html=html,
        language=line.language,
        topics=[(topic["slug"], topic["name"]) for topic in snapshot.get("topics", [])],
    )


def _finding(line: PublicCheck, claim: str) -> str:
    snapshot = line.publication.snapshot
    said_by = _("Said by %(name)s.") % {"name": line.claimant_name} if line.claimant_name else ""
    return format_html(
        "<blockquote><p>{}</p></blockquote><p>{}</p><p><strong>{}</strong> {}</p>{}",
        claim,
        said_by,
        _("Our rating: %(rating)s.") % {"rating": line.rating_label},
        snapshot["summary"],
        _paragraphs(snapshot["rationale"]),
    )


def _change(publication: Publication) -> Entry:
    snapshot: dict[str, Any] = publication.snapshot
    kind = publication.get_change_display()
    name = f"correction/{publication.public_id}"
    return Entry(
        id=tag_uri(settings.SITE_URL, publication.published_at, name),
        title=f"{kind}: {title_of(snapshot)}",
        url=snapshot["url"],
        published=publication.published_at,
        updated=publication.published_at,
        summary=publication.change_note,
        html=_paragraphs(publication.change_note),
        language=snapshot["claim"].get("language", ""),
    )


def _paragraphs(text: str) -> str:
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return format_html_join("", "<p>{}</p>", ((part,) for part in parts))


def _answer(feed: Feed) -> HttpResponse:
    response = HttpResponse(atom(feed), content_type=CONTENT_TYPE)
    # not older than before where the newest check was hidden: a copy that has it is out of date
    modified = max(feed.updated, last_restriction() or BEGAN)
    response["Last-Modified"] = http_date(modified.timestamp())
    return cached(response)
