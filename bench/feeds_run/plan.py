"""Which sites there are, what each of their addresses answers, and what should become of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

# what an address does; a good one comes in, at once or in the end
GOOD = frozenset({"good", "slow_once", "busy_once", "failed_once", "moved"})
BAD_PAGES = {
    "wall": "paywalled",
    "missing": "not_found",
    "notice": "error_page",
    "blank": "empty",
    "huge": "too_large",
    "loop": "too_many_redirects",
    "hang": "timeout",
}
BAD_FEEDS = {
    "broken": "broken_xml",
    "away": "site_error",
    "huge": "too_large",
    "loop": "too_many_redirects",
    "hang": "timeout",
    "page": "other_kind",
}
MIXED = (
    "wall",
    "missing",
    "slow_once",
    "notice",
    "busy_once",
    "huge",
    "failed_once",
    "loop",
    "moved",
    "hang",
    "blank",
)


@dataclass
class Page:
    path: str
    does: str
    text: str
    times: int = 0  # how often it was asked for


@dataclass
class PlannedFeed:
    """``does`` begins with the second request: a trial sees it well, or nobody would watch it."""

    number: int
    host: str
    does: str
    pages: list[Page] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    times: int = 0

    @property
    def path(self) -> str:
        return f"/{self.number}/feed.xml"

    @property
    def cited_path(self) -> str:
        return f"/{self.number}/accounts"

    @property
    def is_bad(self) -> bool:
        return self.does in BAD_FEEDS


def plan(feeds: int, items: int) -> list[PlannedFeed]:
    """Every tenth feed fails; every fifth lists pages that do; now and then two share a host, list a page
    of each other, or the same words stand under two addresses."""
    planned = []
    kinds = list(BAD_FEEDS)
    for number in range(feeds):
        shares = number % 20 == 19
        host = host_of(number - 1 if shares else number)
        does = kinds[number // 10 % len(kinds)] if number % 10 == 3 else "etag" if number % 4 == 0 else "good"
        feed = PlannedFeed(number, host, does)
        for item in range(items):
            action = MIXED[item // 2 % len(MIXED)] if number % 5 == 2 and item % 2 == 1 else "good"
            feed.pages.append(Page(f"/{number}/{item}", action, f"Report {number}-{item}"))
        if number % 10 == 6 and items > 1:  # the second is a copy of the first
            feed.pages[1] = Page(f"/{number}/1", "good", feed.pages[0].text)
        planned.append(feed)
    for feed, other in pairwise(planned):
        if feed.number % 10 == 0 and not other.is_bad and other.pages[0].does == "good":
            feed.also.append(f"http://{other.host}:{{port}}{other.pages[0].path}")
    return planned


def host_of(number: int) -> str:
    return f"127.20.{number // 200}.{number % 200 + 1}"


def good_texts(planned: list[PlannedFeed]) -> set[str]:
    return {page.text for feed in planned if not feed.is_bad for page in feed.pages if page.does in GOOD}


def bad_pages(planned: list[PlannedFeed]) -> Iterator[tuple[PlannedFeed, Page, str]]:
    for feed in planned:
        if not feed.is_bad:
            for page in feed.pages:
                if page.does in BAD_PAGES:
                    yield feed, page, BAD_PAGES[page.does]
