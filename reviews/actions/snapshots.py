"""Keeping a copy of a cited page: the slow part, which asks its host, fetches and stores.

A cited page is asked for in its host's turn, like the pages of watched sources (ADR 15). One request is one
look: where the host is busy, rests or redirects, the job comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.host_lanes import host_named, let_go, take_host
from claims.models import WebHost
from claims.sources.cited_page import CitedPage, Obstacle, UnreadablePage, fetch_cited_page
from claims.sources.quoting import Passage, find_quotation
from claims.sources.visits import Moved, host_of
from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.outbound import MOST_REDIRECTS, OutboundRefused

from .. import policies
from ..models import Evidence, Source, SourceSnapshot, StoredContent
from ..snapshot_store import snapshot_store
from .quotations import Became, what_became

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
    to be looked at any more."""
    if source.is_confidential or not source.url:
        return None
    url = source.next_url
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
        return _obstructed(source, obstacle, host)
    let_go(host, rest=None, message="")
    if isinstance(page, Moved):
        return _moved(source, page.url)
    return _seen(source, page)


def _seen(source: Source, page: CitedPage) -> Look:
    try:
        _refuse_when_full(len(page.body))
    except UnreadablePage as obstacle:
        return Look(obstacle=obstacle)
    text = page.text.encode() if page.text is not None else None
    return Look(
        page=page,
        stored_page=_store(page.body),
        stored_text=None if text is None else _store(text),
        passages=_passages(source, page.text),
        became=None if page.text is None else what_became(with_basis(source.evidence.all()), page.text),
    )


def _moved(source: Source, url: str) -> Look:
    if source.next_hops > MOST_REDIRECTS:
        why = _(
            "The address was redirected more than %(most_redirects)s times. Give the page's final address."
        ) % {"most_redirects": MOST_REDIRECTS}
        return Look(obstacle=UnreadablePage(Obstacle.REFUSED, "too_many_redirects", why))
    return Look(moved_to=url, again_at=timezone.now())


def _obstructed(source: Source, obstacle: UnreadablePage, host: WebHost) -> Look:
    asked = urlsplit(source.next_url)
    if asked.netloc != urlsplit(source.url).netloc:
        obstacle.message = _("The page redirects to %(hostname)s. %(message)s") % {
            "hostname": asked.hostname,
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


def _passages(source: Source, text: str | None) -> dict[int, Passage] | None:
    if text is None:
        return None
    quotations = source.evidence.exclude(quotation="").values_list("pk", "quotation")
    return {pk: find_quotation(quotation, text) for pk, quotation in quotations}


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
