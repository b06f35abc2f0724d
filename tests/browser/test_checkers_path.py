"""The checker's path without a mouse: from home to a submitted verdict with two sources, in few keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from claimtracker.accounts.models import User
from reviews.actions.page_looks import LOOK_AT_PAGE
from reviews.models import Evidence, ReviewTask, Verdict
from tests import factories
from tests.browser.conftest import Open
from tests.support.cited_pages import QUOTE, page, serve
from tests.support.cited_pages import server as server  # the fixture

pytestmark = pytest.mark.django_db(transaction=True)
RunJobs = Callable[..., int]
HTML = ("Content-Type: text/html; charset=utf-8",)


class Keys:
    """What a person does at the keyboard, counted; typed words count once."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.count += 1

    def tab_to(self, name: str) -> None:
        for _ in range(6):
            if (
                self.page.evaluate(
                    "document.activeElement?.name || document.activeElement?.dataset.pickWords"
                )
                == name
            ):
                return
            self.press("Tab")
        raise AssertionError(f"{name} is more than six tabs away")


@pytest.fixture
def task(checker: User, server) -> ReviewTask:
    factories.make_scale()
    serve(server, QUOTE)
    server.gives("/minutes", page("Five million were planned.", title="Minutes"), headers=HTML)
    return factories.make_task()


def add_source(keys: Keys, url: str, stance: str, words: str, run_jobs: RunJobs) -> None:
    """The address field has the focus; so it has in the end, for the next one."""
    window = keys.page
    expect(window.locator("#id_url")).to_be_focused()
    keys.type(url)
    keys.press("Tab")  # what was typed is an address now
    expect(window.get_by_text("are on their way")).to_be_visible()
    run_jobs(LOOK_AT_PAGE)
    expect(window.get_by_text("A copy of the page is kept")).to_be_visible()
    keys.tab_to("stance")
    keys.press("Space", *["ArrowDown"] * ["supports", "refutes"].index(stance))
    keys.tab_to("quotation")
    keys.type(words)
    keys.press("Control+Enter")
    expect(window.locator("#evidence .evidence__quote", has_text=words)).to_be_visible()
    expect(window.locator("#id_url")).to_be_in_viewport()


def test_from_home_to_a_verdict_with_two_sources_by_keyboard_alone(
    open_page: Open, checker: User, task: ReviewTask, server, run_jobs: RunJobs
) -> None:
    window = open_page(checker)
    keys = Keys(window)
    keys.press("g", "q")
    window.wait_for_url("**/queue/")
    keys.press("j", "t")
    window.wait_for_url("**/claims/*/")
    keys.press("e")
    add_source(keys, server.url("/accounts"), "refutes", QUOTE, run_jobs)
    add_source(keys, server.url("/minutes"), "supports", "Five million were planned.", run_jobs)
    titles = list(Evidence.objects.order_by("id").values_list("source__title", "stance"))
    assert titles == [("Capital accounts", "refutes"), ("Minutes", "supports")]

    keys.press("Escape")  # out of the field
    keys.press("v")
    expect(window.locator("[name=rating]").first).to_be_focused()
    keys.press("Space", "ArrowDown", "ArrowDown")
    keys.tab_to("summary")
    keys.type("The accounts show a third of that.")
    keys.tab_to("rationale")
    keys.type("The audited accounts list the spending line by line.")
    expect(window.locator("#findings-said")).to_contain_text("to mend")
    keys.press("Control+Enter")
    expect(window.get_by_text("Proposed. A second person decides now.")).to_be_visible()
    verdict = Verdict.objects.get()
    assert (verdict.state, verdict.rating.slug, verdict.author) == ("submitted", "false", checker)
    assert keys.count <= 45


def test_the_sheet_names_the_keys_of_this_path(open_page: Open, checker: User) -> None:
    claim = factories.make_taken_task(checker).claim
    factories.make_scale()
    window = open_page(checker, f"/claims/{claim.pk}/")
    window.keyboard.press("?")
    sheet = window.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Add a source", "Write the verdict", "Send the form you are writing in", "Leave the field"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()
