"""A source by its address alone: title and copy come while one types, and words are picked from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from claimtracker.accounts.models import User
from reviews.actions.page_looks import LOOK_AT_PAGE
from reviews.models import Evidence, ReviewTask
from tests import factories
from tests.browser.conftest import Open
from tests.support.cited_pages import QUOTE, serve
from tests.support.cited_pages import server as server  # the fixture

pytestmark = pytest.mark.django_db(transaction=True)
RunJobs = Callable[..., int]
PASTE = "value => navigator.clipboard.writeText(value)"
TWICE = "Roads rose by 4% again."


@pytest.fixture
def task(checker: User, server) -> ReviewTask:
    factories.make_scale()
    serve(server, QUOTE, TWICE, "In between stands something else.", TWICE)
    return factories.make_taken_task(checker)


def paste(page: Page, words: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(PASTE, words)
    page.keyboard.press("Control+v")


def test_title_and_copy_arrive_while_one_types_on(
    open_page: Open, checker: User, task: ReviewTask, server, run_jobs: RunJobs
) -> None:
    page = open_page(checker, f"/claims/{task.claim_id}/")
    page.keyboard.press("e")
    expect(page.get_by_label("Address")).to_be_focused()
    paste(page, server.url("/accounts"))
    expect(page.get_by_text("are on their way")).to_be_visible()
    note = page.locator("#id_note")
    note.focus()
    page.keyboard.type("What I am wri")
    run_jobs(LOOK_AT_PAGE)
    expect(page.get_by_text("A copy of the page is kept")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Capital accounts")
    expect(page.get_by_label("Publisher")).to_have_value("127.0.0.1")
    page.keyboard.type("ting")
    expect(note).to_be_focused()
    expect(note).to_have_value("What I am writing")


def test_a_title_that_somebody_typed_stays(
    open_page: Open, checker: User, task: ReviewTask, server, run_jobs: RunJobs
) -> None:
    page = open_page(checker, f"/claims/{task.claim_id}/")
    page.get_by_label("Address").fill(server.url("/accounts"))
    page.get_by_label("Title", exact=True).fill("My own title")
    expect(page.get_by_text("are on their way")).to_be_visible()
    run_jobs(LOOK_AT_PAGE)
    expect(page.get_by_label("Publisher")).to_have_value("127.0.0.1")
    expect(page.get_by_label("Title", exact=True)).to_have_value("My own title")


def test_words_are_picked_from_the_copy_by_keys_alone(
    open_page: Open, checker: User, task: ReviewTask, server, run_jobs: RunJobs
) -> None:
    page = open_page(checker, f"/claims/{task.claim_id}/")
    page.keyboard.press("e")
    paste(page, server.url("/accounts"))
    expect(page.get_by_text("are on their way")).to_be_visible()
    run_jobs(LOOK_AT_PAGE)
    pick = page.get_by_role("link", name="Pick the words from the copy")
    expect(pick).to_be_visible()
    for _ in range(12):  # what arrives meanwhile may take the place of what has the focus
        if pick.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(pick).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    words = dialog.locator("[data-copy-text]")
    expect(words).to_be_focused()
    before = words.inner_text()
    page.keyboard.type("nothing of this is written")
    page.keyboard.press("Backspace")
    assert words.inner_text() == before
    # the second of the two, which its place tells apart
    page.keyboard.press("Control+End")
    while not words.evaluate("() => document.getSelection().toString().trimStart().startsWith('Roads rose')"):
        page.keyboard.press("Shift+ArrowUp")
        page.keyboard.press("Shift+Home")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+End")
    expect(dialog.locator("[data-picked]")).to_contain_text(TWICE)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    quotation = page.get_by_label("Its exact words")
    expect(quotation).to_be_focused()
    expect(quotation).to_have_value(TWICE)
    page.get_by_label("Refutes").check()
    page.get_by_role("button", name="Add the source").click()
    expect(page.get_by_text("The source is on the board.")).to_be_visible()
    run_jobs()
    expect(page.get_by_text("Found on the page")).to_be_visible()
    check = Evidence.objects.get().last_quote
    assert check is not None
    assert (check.exact, "something else" in check.prefix) == (TWICE, True)


def test_words_are_picked_with_the_mouse_and_found_by_searching(
    open_page: Open, checker: User, task: ReviewTask, server, run_jobs: RunJobs
) -> None:
    page = open_page(checker, f"/claims/{task.claim_id}/")
    page.get_by_label("Address").fill(server.url("/accounts"))
    page.get_by_label("Title", exact=True).focus()
    expect(page.get_by_text("are on their way")).to_be_visible()
    run_jobs(LOOK_AT_PAGE)
    page.get_by_role("link", name="Pick the words from the copy").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Quote these words")).to_be_disabled()
    dialog.get_by_role("searchbox").fill("131.2m")
    page.keyboard.press("Enter")
    expect(dialog.locator("mark")).to_have_text("131.2m")
    dialog.locator("mark").click(click_count=3)
    dialog.get_by_role("button", name="Quote these words").click()
    expect(page.get_by_label("Its exact words")).to_have_value(QUOTE)


def test_a_wrong_number_is_told_with_the_page_s_own_words(
    open_page: Open, checker: User, task: ReviewTask, server, run_jobs: RunJobs
) -> None:
    page = open_page(checker, f"/claims/{task.claim_id}/", size="phone")
    page.get_by_label("Address").fill(server.url("/accounts"))
    page.get_by_label("Its exact words").fill(QUOTE.replace("131", "181"))
    expect(page.get_by_text("are on their way")).to_be_visible()
    run_jobs(LOOK_AT_PAGE)
    page.get_by_label("Refutes").check()
    page.get_by_role("button", name="Add the source").click()
    expect(page.get_by_text("These words are not in the copy of the page.").first).to_be_visible()
    page.get_by_role("button", name="Quote the page’s words and add it").click()
    expect(page.get_by_text("The source is on the board.")).to_be_visible()
    assert Evidence.objects.get().quotation == QUOTE.rstrip(".")
