"""A source is watched in the browser: tried, watched, paused, ended, and one page of it fetched by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from claims.actions.host_lanes import VISIT
from claims.models import Article, Feed
from claimtracker.accounts.models import User
from tests.browser.conftest import Open
from tests.support.feeds import HTML, XML, lead, rss, run_dry, serve_stories, server, story, watched
from tests.support.hostile_server import HostileServer

__all__ = ["lead", "server"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


def press_on(page: Page, name: str, limit: int = 60) -> None:
    """Go to the link or button of this name with Tab, press Enter, and wait for the page that follows."""
    if page.evaluate("document.activeElement === document.body"):
        page.keyboard.press("Tab")  # the page's first link leads past the navigation
        page.keyboard.press("Enter")
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')") == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never reached {name}")


def type_into(page: Page, name: str, words: str) -> None:
    while page.evaluate("document.activeElement?.name") != name:
        page.keyboard.press("Tab")
    page.keyboard.type(words)


def is_sound(page: Page) -> bool:
    """Nothing to scroll sideways, one first heading, and a name for whatever can be pressed or filled."""
    return bool(
        page.evaluate(
            """() => {
                const nameless = [...document.querySelectorAll('main :is(a[href], button, input, select)')]
                    .filter((one) => one.type !== 'hidden' && one.checkVisibility())
                    .filter((one) => !(one.textContent.trim() || one.ariaLabel || one.labels?.length));
                const root = document.documentElement;
                return nameless.length === 0 && document.querySelectorAll('h1').length === 1
                    && root.scrollWidth <= root.clientWidth;
            }"""
        )
    )


def test_from_the_first_try_to_the_end_by_keyboard_alone(
    open_page: Open, run_jobs: Callable[..., int], server: HostileServer, lead: User
) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    page = open_page(lead, "/feeds/")
    press_on(page, "Watch a source")
    expect(page.get_by_label("Address")).to_be_visible()
    type_into(page, "url", server.url("/feed"))
    press_on(page, "Try it out")
    expect(page.get_by_text("It is being fetched")).to_be_visible()
    run_jobs(VISIT)
    expect(page.get_by_role("heading", name="What would come in")).to_be_visible()
    expect(page.get_by_role("link", name="Story 0")).to_be_visible()
    assert not Article.objects.exists() and is_sound(page)

    press_on(page, "Watch it from now on")
    expect(page.get_by_text("It is watched: its articles come in from now on.")).to_be_visible()
    run_jobs(VISIT)
    page.reload()
    expect(page.get_by_role("link", name="Report a")).to_be_visible()
    press_on(page, "Pause")
    expect(page.get_by_text("It is paused: nothing of it is asked for.")).to_be_visible()
    assert run_jobs(VISIT) == 0
    press_on(page, "Resume")
    expect(page.get_by_text("It is watched again.")).to_be_visible()

    press_on(page, "End watching")
    expect(page.get_by_text("1 article of it, with its versions")).to_be_visible()
    assert is_sound(page)
    press_on(page, "End watching")
    expect(page.get_by_text("Watching has ended. Its articles stay.")).to_be_visible()
    run_jobs(VISIT)
    assert Feed.objects.get().next_visit_at is None
    page.goto("/feeds/")
    expect(page.get_by_text("No source is watched yet")).to_be_visible()
    type_into(page, "show", "Ended")
    press_on(page, "Apply")
    press_on(page, "Aldermere News")
    press_on(page, "Report a")
    page.wait_for_url("**/articles/*/")


def test_a_page_that_stayed_out_is_fetched_with_one_tap(
    open_page: Open, run_jobs: Callable[..., int], server: HostileServer, lead: User
) -> None:
    link = server.gives("/a", status="403 Forbidden")
    server.gives("/feed", rss(link), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    server.gives("/a", story("Report a", "It costs 4 million."), headers=HTML)
    page = open_page(lead, f"/feeds/{feed.pk}/", size="phone", theme="dark")
    assert is_sound(page)
    page.get_by_role("button", name="Fetch it now").tap()
    expect(page.get_by_text("The page is asked for as soon as")).to_be_visible()
    run_jobs(VISIT)
    page.reload()
    expect(page.get_by_role("link", name="Report a")).to_be_visible()
