"""A reporter with ten minutes left: from the home page to the claims of a pasted story in three actions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from claimtracker.accounts.models import Role
from tests import factories

from .conftest import Open

STORY = (
    "Council closes four libraries\n\n"
    "By Nora Field\n\n"
    "Eastmouth council voted by 31 to 22 on Tuesday to close four of its eleven libraries.\n\n"
    "“The city spent £9.4m more than it received last year,” the treasurer Helen Marsh said. "
    "She said that reserves had fallen from £27m to £11m in three years."
)


class Person:
    """Acts on the page, and counts: a click, a key or a paste is one action."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def clicks(self, name: str) -> None:
        self.actions += 1
        self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name)).first.click()

    def presses(self, key: str) -> None:
        self.actions += 1
        self.page.keyboard.press(key)

    def pastes(self, text: str) -> None:
        """Into whatever has the focus: looking for the field first would be one action more."""
        self.actions += 1
        self.page.keyboard.insert_text(text)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_pasted_story_has_its_claims_on_the_screen_in_three_actions(
    open_page: Open, run_jobs: Callable[..., int], size: str
) -> None:
    reporter = Person(open_page(factories.make_user(Role.REPORTER), size=size))
    page = reporter.page
    reporter.clicks("New article")
    expect(page.get_by_label("Text", exact=False).first).to_be_visible()
    reporter.pastes(STORY)
    reporter.clicks("Find the claims")
    expect(page.get_by_role("heading", name="Council closes four libraries")).to_be_visible()
    run_jobs("claims.extract_article")
    # nobody reloads: the page asks by itself
    expect(page.locator(".claim-card").first).to_be_visible(timeout=15_000)
    expect(page.locator("[data-article-text] mark").first).to_be_visible()
    assert reporter.actions <= 3


def test_by_keys_alone_it_is_three_as_well(open_page: Open, run_jobs: Callable[..., int]) -> None:
    reporter = Person(open_page(factories.make_user(Role.REPORTER)))
    page = reporter.page
    reporter.presses("n")
    page.wait_for_url("**/articles/new/")
    reporter.pastes(STORY)
    reporter.presses("Control+Enter")
    expect(page.get_by_role("heading", name="Council closes four libraries")).to_be_visible()
    run_jobs("claims.extract_article")
    expect(page.locator(".claim-card").first).to_be_visible(timeout=15_000)
    assert reporter.actions <= 3
