"""The claim workspace and the public pages in a real browser: two at once, no script, a phone, the dark."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from claimtracker.accounts.models import Role, User
from reviews.actions.assignment import release_task, take_task
from reviews.actions.publishing import publish_verdict
from reviews.models import Evidence, Publication, ReviewTask, Verdict
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
TAKE = re.compile("^Take ?:")  # a row's own button; "Take the next task" stands above the list


@pytest.fixture
def editor(transactional_db: None) -> User:
    return factories.make_user(Role.EDITOR, name="Priya Raman")


@pytest.fixture
def task(transactional_db: None) -> ReviewTask:
    factories.make_scale()
    return factories.make_task()


def fill_source(
    page: Page,
    title: str = "Road accounts",
    url: str = "https://stats.example/roads",
    publisher: str = "Audit office",
) -> None:
    page.get_by_label("Address").fill(url)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Publisher").fill(publisher)
    page.get_by_label("Refutes").check()
    page.get_by_label("Its exact words").fill("Roads: 1.7 million.")


def fill_verdict(page: Page) -> None:
    page.get_by_label("False", exact=False).first.check()
    page.get_by_label("In one or two sentences").fill("The accounts show a third of that.")
    page.get_by_label("Why", exact=True).fill("The audited accounts list the spending line by line.")


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


# --- two at once


def test_two_people_take_one_task_and_one_of_them_reads_who_has_it(
    open_page: Open, checker: User, task: ReviewTask
) -> None:
    mara, ben = open_page(checker, "/queue/"), open_page(factories.make_user(name="Ben Aslan"), "/queue/")
    mara.get_by_role("button", name=TAKE).click()
    expect(mara.get_by_text("The task is yours.")).to_be_visible()
    ben.get_by_role("button", name=TAKE).click()
    expect(ben.get_by_role("alert")).to_have_text("Mara has this task already.")
    expect(ben.get_by_role("heading", name="Queue")).to_be_visible()
    assert ReviewTask.objects.get().assignee == checker


def test_two_editors_decide_at_once_and_the_reason_of_the_second_is_kept(
    open_page: Open, checker: User, editor: User
) -> None:
    verdict = factories.make_submitted_verdict(checker)
    other = factories.make_user(Role.LEAD, name="Lena Kovač")
    first, second = (open_page(user, f"/claims/{verdict.claim_id}/") for user in (editor, other))
    first.get_by_role("button", name="Approve", exact=True).click()
    expect(first.get_by_text("Approved. It is not public yet.")).to_be_visible()
    second.get_by_text("Return it instead").click()
    second.get_by_label("What has to change").fill("Say whose counting we follow.")
    second.get_by_role("button", name="Return", exact=True).click()
    expect(second.get_by_text("This verdict is approved, not waiting for approval.").first).to_be_visible()
    expect(second.get_by_label("What has to change")).to_have_value("Say whose counting we follow.")
    verdict.refresh_from_db()
    assert (verdict.state, verdict.approver) == ("approved", editor)


def test_who_loses_the_task_while_writing_keeps_every_word(
    open_page: Open, checker: User, task: ReviewTask
) -> None:
    take_task(task, by=checker)
    page = open_page(checker, f"/claims/{task.claim_id}/")
    fill_verdict(page)
    release_task(task, by=checker)
    take_task(task, by=factories.make_user(name="Ben Aslan"))
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("alert").first).to_contain_text("Take the task first")
    expect(page.get_by_label("Why", exact=True)).to_have_value(
        "The audited accounts list the spending line by line."
    )
    assert not Verdict.objects.exists()


# --- nothing typed is lost


def test_a_source_is_added_beside_a_verdict_that_is_being_typed(
    open_page: Open, checker: User, task: ReviewTask
) -> None:
    take_task(task, by=checker)
    page = open_page(checker, f"/claims/{task.claim_id}/")
    fill_verdict(page)
    expect(page.locator("#findings")).to_contain_text("Add at least one source")
    fill_source(page)
    page.get_by_role("button", name="Add the source").click()
    expect(page.get_by_text("The source is on the board.")).to_be_visible()
    expect(page.get_by_label("In one or two sentences")).to_have_value("The accounts show a third of that.")
    expect(page.locator("#findings")).not_to_contain_text("Add at least one source")  # asked again by itself
    expect(page.get_by_label("Title")).to_have_value("")
    assert Evidence.objects.get().source.title == "Road accounts"


def test_a_mistake_in_a_source_is_shown_at_its_field_and_gets_the_focus(
    open_page: Open, checker: User, task: ReviewTask
) -> None:
    take_task(task, by=checker)
    page = open_page(checker, f"/claims/{task.claim_id}/")
    fill_source(page, title="", url="")
    page.get_by_label("Citation").fill("Road accounts, page 3")
    page.get_by_role("button", name="Add the source").click()
    expect(page.locator("#id_title_error")).to_have_text("Give the source's title.")
    expect(page.get_by_label("Title")).to_be_focused()
    expect(page.get_by_label("Publisher")).to_have_value("Audit office")
    expect(page.get_by_label("Refutes")).to_be_checked()
    page.get_by_label("Title").fill("Road accounts")
    page.get_by_role("button", name="Add the source").click()
    expect(page.get_by_text("The source is on the board.")).to_be_visible()


def test_a_closed_tab_loses_nothing(open_page: Open, checker: User, task: ReviewTask) -> None:
    take_task(task, by=checker)
    page = open_page(checker, f"/claims/{task.claim_id}/")
    fill_verdict(page)
    page.goto("/queue/")
    page.goto(f"/claims/{task.claim_id}/")
    expect(page.get_by_label("In one or two sentences")).to_have_value("The accounts show a third of that.")
    expect(page.get_by_text("Restored what you typed here")).to_be_visible()


def test_a_session_that_ended_meanwhile_keeps_the_words(
    open_page: Open, checker: User, task: ReviewTask
) -> None:
    take_task(task, by=checker)
    page = open_page(checker, f"/claims/{task.claim_id}/")
    fill_source(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Add the source").click()
    expect(page.locator("#toasts .alert")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Road accounts")
    assert not Evidence.objects.exists()


# --- without a script


def test_the_whole_path_works_without_javascript(
    open_page: Open, checker: User, editor: User, task: ReviewTask
) -> None:
    page = open_page(checker, "/queue/", js=False)
    page.get_by_role("button", name=TAKE).click()
    fill_source(page)
    page.get_by_role("button", name="Add the source").click()
    assert page.get_by_text("The source is on the board.").is_visible()
    fill_source(page, "Council minutes", "https://council.example/minutes", "City council")
    page.get_by_role("button", name="Add the source").click()
    assert page.get_by_text("The source is on the board.").is_visible()
    fill_verdict(page)
    page.get_by_role("button", name="Save the draft").click()
    assert page.get_by_label("Why", exact=True).input_value().startswith("The audited accounts")
    page.get_by_role("button", name="Send for approval").click()
    assert page.get_by_text("Proposed. A second person decides now.").is_visible()

    second = open_page(editor, "/queue/?show=second", js=False)
    second.get_by_role("button", name="Review").click()
    second.get_by_role("button", name="Approve and publish").click()
    assert second.get_by_text("Approved and published.").is_visible()
    publication = Publication.objects.get()

    reader = open_page(None, "/fact-checks/", js=False)
    reader.locator(".fact-list__title a").click()
    assert reader.url.endswith(f"/fact-checks/{publication.slug}/")
    assert reader.get_by_text("The accounts show a third of that.").is_visible()


# --- public pages under the content security policy


def test_the_claim_review_stands_in_the_page_and_the_policy_does_not_block_it(
    open_page: Open, checker: User, editor: User
) -> None:
    publication = publish_verdict(factories.make_approved_verdict(checker, editor), by=editor)
    page = open_page(None, f"/fact-checks/{publication.slug}/")  # a blocked resource fails the test by itself
    policy = page.request.get(page.url).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    block = page.evaluate("document.querySelector('script[type=\"application/ld+json\"]').textContent")
    assert json.loads(block) == publication.claim_review


def test_hostile_words_stay_words(open_page: Open, checker: User, editor: User) -> None:
    hostile = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    claim = factories.make_claim()
    type(claim).objects.filter(pk=claim.pk).update(text=f"{hostile} 12 of 13")
    task = factories.make_taken_task(checker, claim)
    factories.make_evidence(claim, checker, title=hostile, quotation=hostile, note=hostile)
    workspace = open_page(checker, f"/claims/{claim.pk}/")
    assert workspace.title() != "taken"
    release_task(task, by=checker)
    take_task(task, by=checker)
    verdict = factories.submit_verdict(
        task,
        by=checker,
        rating=factories.make_rating(),
        summary=hostile,
        rationale=f"{hostile} and four more words here",
    )
    approved = factories.approve_verdict(verdict, by=editor, revision=1)
    publication = publish_verdict(approved, by=editor)
    for path in ("/fact-checks/", f"/fact-checks/{publication.slug}/"):
        page = open_page(None, path)
        assert page.title() != "taken"
        expect(page.locator("main")).to_contain_text("</script><script>document.title")


# --- phone and dark


@pytest.mark.parametrize(("size", "theme"), [("phone", "light"), ("phone", "dark"), ("desktop", "dark")])
def test_every_page_fits_its_screen(
    open_page: Open, checker: User, editor: User, size: str, theme: str
) -> None:
    publication = publish_verdict(factories.make_approved_verdict(checker, editor), by=editor)
    taken, waiting = factories.make_taken_task(checker), factories.make_submitted_verdict(checker)
    factories.make_evidence(taken.claim, checker, url="https://stats.example/" + "a" * 300, title="T" * 120)
    pages = [
        (checker, "/queue/?show=all"),
        (checker, f"/claims/{taken.claim_id}/"),
        (editor, f"/claims/{waiting.claim_id}/"),
        (editor, f"/claims/{publication.claim_id}/"),
        (None, "/fact-checks/"),
        (None, f"/fact-checks/{publication.slug}/"),
        (None, "/about/methodology/"),
    ]
    for user, path in pages:
        page = open_page(user, path, size=size, theme=theme)
        assert fits(page), path
        background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        lightness = (
            sum(int(part) for part in background.removeprefix("rgb(").removesuffix(")").split(",")[:3]) / 3
        )
        assert (lightness < 80) == (theme == "dark"), (path, background)
        page.close()


def test_on_a_phone_the_verdict_comes_before_the_history(
    open_page: Open, checker: User, task: ReviewTask
) -> None:
    take_task(task, by=checker)
    page = open_page(checker, f"/claims/{task.claim_id}/", size="phone")
    tops = {
        name: page.get_by_role("heading", name=name, exact=True).bounding_box()["y"]
        for name in ("Evidence", "Verdict", "History")
    }
    assert tops["Evidence"] < tops["Verdict"] < tops["History"]
    box = page.get_by_role("button", name="Send for approval").bounding_box()
    assert box["height"] >= 44
