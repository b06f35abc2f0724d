"""What every visit leaves on what was visited: how it went, and where it goes on."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from claimtracker.kernel.outbound_errors import NETWORK_AWAY

from ..models import Feed, FeedItem
from ..sources.visits import Came, Obstructed, Outcome, host_of
from .host_lanes import host_named, wake

MOST_HOPS = 5


def digest_of(came: Came) -> str:
    return hashlib.sha256(came.response.body).hexdigest()


def hop(visited: Feed | FeedItem, url: str, now: datetime) -> Obstructed | None:
    """Go on at ``url`` in the lane of its host, or stop where redirects do not end."""
    if visited.hops >= MOST_HOPS:
        return Obstructed(
            "too_many_redirects",
            _("The address was redirected more than %(most_hops)s times, in the end to %(url)s.")
            % {"most_hops": MOST_HOPS, "url": url[:200]},
            lasts=True,
        )
    visited.hops += 1
    visited.at_url, visited.host, visited.next_visit_at = url, host_named(host_of(url)), now
    visited.visited_at, visited.turns = now, 0
    wake([visited.host_id])
    return None


def succeed(visited: Feed | FeedItem, outcome: Outcome, now: datetime) -> None:
    _come_home(visited)
    visited.visited_at = visited.succeeded_at = now
    visited.failures, visited.code, visited.message = 0, "", ""
    if isinstance(outcome, Came):
        visited.etag, visited.last_modified = outcome.etag, outcome.last_modified


def fail(visited: Feed | FeedItem, obstacle: Obstructed, now: datetime, *, counts: bool = True) -> None:
    """Say what stood in the way. A host that asked to be left alone does not count against the page, nor does
    it that our own network was away."""
    _come_home(visited)
    visited.visited_at = visited.failed_at = now
    visited.failures += counts and obstacle.code != NETWORK_AWAY
    visited.code, visited.message = obstacle.code[:40], obstacle.message[:1000]


def _come_home(visited: Feed | FeedItem) -> None:
    """The next visit begins at the address itself."""
    if visited.at_url:
        visited.host = host_named(host_of(visited.url))
    visited.at_url, visited.hops, visited.turns = "", 0, 0
