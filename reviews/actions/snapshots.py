"""Keeping a copy of a cited page: the slow part, which asks its host, fetches and stores.

A cited page is asked for in its host's turn, like the pages of watched sources (ADR 15). One request is one
look: where the host is busy, rests or redirects, the job comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.host_lanes import host_named, let_go, take_host
from claims.models import WebHost
from claims.sources.cited_page import CitedPage, Obstacle, UnreadablePage, fetch_cited_page
from claims.sources.quoting import Passage
from claims.sources.visits import Moved, host_of
from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel.content_store import ContentDamaged, ContentMissing
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.outbound import MOST_REDIRECTS, OutboundRefused

from .. import policies
from ..models import Evidence, PageLook, Source, SourceSnapshot, StoredContent
from ..snapshot_store import snapshot_store
from .quotations import Became, passage_of, what_became

LOOK = "reviews.look_at_source"
CHECK_QUOTATION = "reviews.check_quotation"
SOON_AGAIN = 3  # times in a row that a host may ask for rest and its page is looked at right after it
LONGEST_REST = timedelta(hours=1)  # that a look waits for; after a longer one it is looked at when it is due
FRESH_SECONDS = 3600  # a copy of this age is new enough for another quotation from the page


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that is on disk, and not named by a row yet."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a page brought: a page with its contents stored, what stood in the way, or where it is
    asked for next. Nothing of these while its host is busy. ``again_at`` is when the job comes back."""

    page: CitedPage | None = None
    stored_page: Stored | None = None
    stored_text: Stored | None = None
    obstacle: UnreadablePage | None = None
    passages: dict[int, Passage] | None = None
    became: dict[int, Became] | None = None
    moved_to: str = ""
    again_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether the page itself, or an obstacle, is known."""
        return self.page is not None or self.obstacle is not None


class Asked(Protocol):
    """Whose page is asked for: at ``next_url``, which after redirects is another address than ``url``."""

    @property
    def url(self) -> str: ...
    @property
    def next_url(self) -> str: ...
    @property
    def next_hops(self) -> int: ...


def ask_for_look(source: Source, evidence: Evidence | None = None) -> None:
    """Enqueue what a new piece of evidence needs: a look at its page, or only at the fresh copy. Nothing for
    a source that is confidential or has no address. Called inside the transaction of the change."""
    if source.is_confidential or not source.url:
        return
    fresh = (
        source.last_snapshot_id
        and source.checked_at
        and (timezone.now() - source.checked_at).total_seconds() < FRESH_SECONDS
    )
    if fresh and evidence is not None:
        jobs.enqueue(CHECK_QUOTATION, evidence.pk)
    else:
        jobs.enqueue(LOOK, source.pk)


@transaction.atomic
def ask_for_look_again(source: Source, *, by: User) -> None:
    """Look at a page now, because somebody wants to know. As who may protect the source. Not audited: nothing
    changes by asking. Raises NotPermitted or ActionRefused."""
    policies.can_protect_source(by, source).enforce()
    if source.is_confidential or not source.url:
        raise ActionRefused(
            _("This source is never fetched: it is confidential or has no address."), code="never_fetched"
        )
    jobs.enqueue(LOOK, source.pk)


def look_at(source: Source) -> Look | None:
    """Ask the page's host when it is free, store what came, find the quotations. Outside any transaction; a
    kill leaves the host's turn used up and at most contents that no row names. None for a source that is not
    to be looked at any more. A first look takes the copy that somebody was shown before they cited it."""
    if source.is_confidential or not source.url:
        return None
    look = (kept_look(source.url) if source.last_snapshot_id is None else None) or ask_page(source)
    if look.page is None:
        return look
    text, digest = look.page.text, look.stored_text.digest if look.stored_text else ""
    became = None if text is None else what_became(with_basis(source.evidence.all()), text)
    return replace(look, passages=_passages(source, text, digest), became=became)


def ask_page(asked: Asked) -> Look:
    """One request for a page, in its host's turn; what came is stored."""
    url = asked.next_url
    try:
        host = host_named(host_of(url))
    except OutboundRefused as refusal:
        return Look(obstacle=UnreadablePage(Obstacle.REFUSED, refusal.code, refusal.reason))
    come_back = take_host(host, lasts=settings.SNAPSHOT_SECONDS)
    if come_back is not None:
        return Look(again_at=come_back)
    try:
        page = fetch_cited_page(
            url, max_bytes=settings.SNAPSHOT_ITEM_BYTES, timeout=settings.SNAPSHOT_SECONDS
        )
    except UnreadablePage as obstacle:
        host = let_go(host, rest=obstacle.rest, message=obstacle.message)
        return _obstructed(asked, obstacle, host)
    let_go(host, rest=None, message="")
    return _moved(asked, page.url) if isinstance(page, Moved) else _came(page)


def kept_look(url: str) -> Look | None:
    """The copy that somebody's look brought within the hour, as a look of its own; None without one."""
    since = timezone.now() - timedelta(seconds=FRESH_SECONDS)
    rows = PageLook.objects.filter(url=url, page__isnull=False, answered_at__gte=since)
    row = rows.select_related("page", "text").order_by("-answered_at").first()
    if row is None or row.page is None:
        return None
    try:
        text = None if row.text_id is None else snapshot_store().get(row.text_id).decode()
    except (ContentMissing, ContentDamaged):
        return None
    page = CitedPage(
        url=row.page_url,
        media_type=row.media_type,
        charset=row.charset,
        title=row.title,
        body=b"",
        text=text,
        is_cut=row.is_cut,
        main_digest=row.main_digest,
        publisher=row.publisher,
    )
    return Look(
        page=page,
        stored_page=Stored(row.page.digest, row.page.size),
        stored_text=Stored(row.text.digest, row.text.size) if row.text else None,
    )


def named_content(stored: Stored) -> StoredContent:
    """The row of a content on disk, which keeps it there. Called inside a transaction."""
    return StoredContent.objects.get_or_create(digest=stored.digest, defaults={"size": stored.size})[0]


def _came(page: CitedPage) -> Look:
    try:
        _refuse_when_full(len(page.body))
    except UnreadablePage as obstacle:
        return Look(obstacle=obstacle)
    text = page.text.encode() if page.text is not None else None
    return Look(page=page, stored_page=_store(page.body), stored_text=None if text is None else _store(text))


def _moved(asked: Asked, url: str) -> Look:
    if asked.next_hops > MOST_REDIRECTS:
        why = _(
            "The address was redirected more than %(most_redirects)s times. Give the page's final address."
        ) % {"most_redirects": MOST_REDIRECTS}
        return Look(obstacle=UnreadablePage(Obstacle.REFUSED, "too_many_redirects", why))
    return Look(moved_to=url, again_at=timezone.now())


def _obstructed(asked: Asked, obstacle: UnreadablePage, host: WebHost) -> Look:
    now_at = urlsplit(asked.next_url)
    if now_at.netloc != urlsplit(asked.url).netloc:
        obstacle.message = _("The page redirects to %(hostname)s. %(message)s") % {
            "hostname": now_at.hostname,
            "message": obstacle.message,
        }
    is_soon = host.refusals <= SOON_AGAIN and host.free_at - timezone.now() <= LONGEST_REST
    return Look(obstacle=obstacle, again_at=host.free_at if obstacle.rest is not None and is_soon else None)


def text_of(snapshot: SourceSnapshot) -> str | None:
    """The words of a snapshot, None for one that cannot be read. Raises ContentMissing or ContentDamaged."""
    return None if snapshot.text_id is None else snapshot_store().get(snapshot.text_id).decode()


def with_basis(evidence: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Those whose passage is known to stand in a copy, with that copy."""
    return evidence.filter(basis_quote__isnull=False).select_related("basis_quote__snapshot")


def _passages(source: Source, text: str | None, digest: str) -> dict[int, Passage] | None:
    if text is None:
        return None
    return {item.pk: passage_of(item, text, digest) for item in source.evidence.exclude(quotation="")}


def _store(content: bytes) -> Stored:
    return Stored(snapshot_store().put(content), len(content))


def _refuse_when_full(coming: int) -> None:
    """Raise UnreadablePage when there is no room in the store. Workers side by side may pass it by one page
    each."""
    held = StoredContent.objects.aggregate(held=Sum("size"))["held"] or 0
    if held + coming > settings.SNAPSHOT_TOTAL_BYTES:
        raise UnreadablePage(
            Obstacle.REFUSED,
            "store_full",
            _("There is no room left for copies of pages. Ask who runs this site for more."),
        )
