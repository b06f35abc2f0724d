"""A lost connection, a slow one and a second window: nothing that was typed is lost, and the page says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from claimtracker.accounts.models import User
from reviews.models import Evidence, ReviewTask, Verdict
from tests import factories
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)
NOT_SAVED = "Not saved: the server cannot be reached."
STRIP = "You are offline."
WHY = "The audited accounts list the spending line by line."


@pytest.fixture
def task(checker: User) -> ReviewTask:
    factories.make_scale()
    return factories.make_taken_task(checker)


@pytest.fixture
def page(open_page: Open, checker: User, task: ReviewTask) -> Page:
    return open_page(checker, f"/claims/{task.claim_id}/")


def fill_verdict(page: Page) -> None:
    page.get_by_label("False", exact=False).first.check()
    page.locator("#id_summary").fill("The accounts show a third of that.")
    page.locator("#id_rationale").fill(WHY)


def fill_source(page: Page) -> None:
    page.locator("#id_title").fill("Road accounts")
    page.locator("#id_publisher").fill("Audit office")
    page.locator("#id_citation").fill("Road accounts, page 3")
    page.get_by_label("Refutes").check()


def test_a_verdict_that_is_sent_offline_waits_and_goes_out_when_the_line_is_back(page: Page) -> None:
    fill_verdict(page)
    page.context.set_offline(True)
    expect(page.get_by_text(STRIP)).to_be_visible()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert").get_by_text(NOT_SAVED)).to_be_visible()
    expect(page.locator("#id_rationale")).to_have_value(WHY)
    assert not Verdict.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(page.get_by_text(STRIP)).to_be_hidden()
    assert Verdict.objects.get().rationale == WHY


def test_who_goes_on_writing_offline_sends_it_themselves(page: Page) -> None:
    fill_verdict(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("This is sent by itself")).to_be_visible()
    page.locator("#id_rationale").press("End")
    page.keyboard.type(" And more")
    expect(page.get_by_text("You went on writing")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text(STRIP)).to_be_hidden()
    assert not Verdict.objects.exists()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    assert Verdict.objects.get().rationale == f"{WHY} And more"


def test_a_tab_that_is_closed_offline_has_the_words_when_it_is_opened_again(
    page: Page, task: ReviewTask
) -> None:
    fill_verdict(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"/claims/{task.claim_id}/")
    expect(page.locator("#id_rationale")).to_have_value(WHY)
    expect(page.get_by_text("Restored what you typed here")).to_be_visible()


def test_a_source_that_is_sent_offline_waits_and_comes_onto_the_board(page: Page) -> None:
    fill_source(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Add the source").click()
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    expect(page.locator("#toasts .alert")).to_have_count(0)  # once is enough
    expect(page.locator("#id_title")).to_have_value("Road accounts")
    page.context.set_offline(False)
    expect(page.get_by_text("The source is on the board.")).to_be_visible()
    assert Evidence.objects.get().source.title == "Road accounts"


def test_a_source_that_waits_can_be_called_off_and_is_kept_as_a_draft(page: Page) -> None:
    fill_source(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Add the source").click()
    page.get_by_role("button", name="Do not send it").click()
    expect(page.get_by_text(NOT_SAVED)).to_be_hidden()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#id_title")).to_have_value("Road accounts")
    assert not Evidence.objects.exists()


def test_the_live_list_says_that_it_is_old_and_is_asked_again(page: Page) -> None:
    expect(page.locator("#findings-said")).to_contain_text("to mend")
    page.context.set_offline(True)
    page.locator("#id_summary").fill("The accounts show a third of that.")
    expect(page.get_by_text("This list is not up to date")).to_be_visible()
    expect(page.locator("#toasts .alert")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.get_by_text("This list is not up to date")).to_be_hidden()


def test_on_a_slow_line_the_list_ends_with_the_last_words(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 700, "downloadThroughput": 20_000, "uploadThroughput": 20_000}
    session.send("Network.emulateNetworkConditions", slow)
    summary = page.locator("#id_summary")
    for words in ("", "Too short", "The accounts show a third of that, and the plan was for more."):
        summary.fill(words)
        page.wait_for_timeout(600)  # longer than the list waits, shorter than its answer takes
    page.get_by_label("False", exact=False).first.check()
    page.locator("#id_rationale").fill(WHY)
    said = page.locator("#findings .check-error")
    expect(said).to_have_count(1)  # only the sources are missing
    expect(said).to_contain_text("Add at least one source")
    expect(summary).to_have_value("The accounts show a third of that, and the plan was for more.")


def test_two_windows_of_one_verdict_and_the_second_reads_what_the_first_saved(
    open_page: Open, checker: User, page: Page, task: ReviewTask
) -> None:
    phone = open_page(checker, f"/claims/{task.claim_id}/", size="phone")
    fill_verdict(page)
    phone.locator("#id_summary").fill("What I wrote on the train.")
    phone.get_by_role("button", name="Save the draft").click()
    expect(phone.get_by_text("The draft is saved.")).to_be_visible()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Other words were saved for this verdict").first).to_be_visible()
    expect(page.get_by_text("Saved meanwhile by you")).to_be_in_viewport()
    expect(page.get_by_text("What I wrote on the train.")).to_be_visible()
    expect(page.locator("#id_rationale")).to_have_value(WHY)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    assert Verdict.objects.get().rationale == WHY


def test_a_colleague_who_adds_the_same_source_reads_it_at_its_field(
    open_page: Callable[..., Page], page: Page, task: ReviewTask
) -> None:
    other = open_page(factories.make_user(name="Imran Qureshi"), f"/claims/{task.claim_id}/")
    other.get_by_text("Add a source").first.click()
    for window in (page, other):
        fill_source(window)
        window.locator("#id_note").last.scroll_into_view_if_needed()
        window.get_by_role("button", name="Add the source").click()
    expect(page.get_by_text("The source is on the board.")).to_be_visible()
    expect(other.get_by_text("This source is already on the board").first).to_be_visible()
    expect(other.locator("#id_citation")).to_have_value("Road accounts, page 3")


def test_who_writes_learns_that_a_colleague_changed_the_board_and_keeps_their_own_words(
    open_page: Open, page: Page, task: ReviewTask
) -> None:
    expect(page.locator("[data-here][hx-trigger^='every 20s']")).to_have_count(1)
    page.locator("#id_title").fill("Half a ti")
    factories.make_evidence(task.claim, factories.make_user(), title="Road accounts")
    page.evaluate("htmx.ajax('POST', location.pathname + 'here/', {source: '#here', swap: 'outerHTML'})")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator("#evidence .evidence__source")).to_have_text("Road accounts")
    expect(page.locator("#id_title")).to_have_value("Half a ti")
    expect(page.get_by_role("button", name="Show it")).to_be_hidden()
