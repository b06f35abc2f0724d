"""Conversations and news in a real browser: completing a name by keyboard, without script, on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from claimtracker.accounts.models import User
from reviews.actions.discussion import add_comment
from reviews.models import Comment, Notification
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]


def keep(page: Page, name: str) -> None:
    """A picture to look at, when a folder for them is named."""
    if folder := os.environ.get("SCREENS", ""):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_name_is_completed_by_keyboard_and_its_person_is_told(open_page: Open, checker: User) -> None:
    task = factories.make_taken_task(checker)
    factories.make_evidence(task.claim, checker)
    lena, other = factories.make_user(name="Lena Brandt"), factories.make_user(name="Leon Brock")
    page = open_page(checker, f"/claims/{task.claim_id}/")
    words = page.get_by_label("Your words").first
    words.press_sequentially("Who knows the office? @le")
    offered = page.get_by_role("listbox").get_by_role("option")
    expect(offered).to_have_count(2)
    keep(page, "names")
    words.press("ArrowDown")
    words.press("ArrowUp")
    words.press("Enter")
    expect(words).to_have_value("Who knows the office? @Lena Brandt ")
    page.get_by_role("button", name="Post it").click()
    expect(page.locator(".comment__text", has_text="Who knows the office?")).to_be_visible()
    assert Comment.objects.get().text == "Who knows the office? @Lena Brandt"
    notice = Notification.objects.get()
    assert (notice.user, notice.user != other) == (lena, True)
    page = open_page(lena)
    page.get_by_role("link", name="News for you").first.click()
    page.get_by_role("link", name="mentioned you").first.click()
    expect(page.locator(".comment__text", has_text="Who knows the office?")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "theme", "js"), [("desktop", "light", True), ("phone", "dark", True), ("phone", "light", False)]
)
def test_everything_fits_and_works_on_each_screen(
    open_page: Open, checker: User, size: str, theme: str, js: bool
) -> None:
    task = factories.make_taken_task(checker)
    evidence = factories.make_evidence(task.claim, checker, title="Audited accounts of the highways office")
    lena = factories.make_user(name="Lena Brandt")
    add_comment(task.claim, by=lena, text="The press release says something else.\n\nWhich one is audited?")
    first = add_comment(
        task.claim, by=lena, text="Page 14, @Mara Okafor: the line is net of grants.", evidence=evidence
    ).comment
    add_comment(task.claim, by=checker, text="Thank you, I add it.", parent=first)
    page = open_page(checker, f"/claims/{task.claim_id}/", size=size, theme=theme, js=js)
    fits(page)
    keep(page, f"claim-{size}-{theme}-{js}")
    page.goto(f"/claims/{task.claim_id}/discussion/")
    fits(page)
    keep(page, f"discussion-{size}-{theme}-{js}")
    answer = page.locator(".talk__answer").first
    answer.locator("summary").click()
    answer.get_by_label("Your words").fill("The ministry has both.")
    answer.get_by_role("button", name="Answer").click()
    expect(page.locator(".comment__text", has_text="The ministry has both.")).to_be_visible()
    page.goto("/notices/")
    fits(page)
    keep(page, f"notices-{size}-{theme}-{js}")
    page.goto("/notices/preferences/")
    fits(page)
    keep(page, f"preferences-{size}-{theme}-{js}")
    page.get_by_label("By e-mail: Somebody mentioned you").select_option("weekly")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("By e-mail: Somebody mentioned you")).to_have_value("weekly")


def fits(page: Page) -> None:
    """Nothing is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
