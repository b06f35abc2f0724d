"""The queue without a mouse: filter, select, take, undo, and one's place in the list kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from claimtracker.accounts.models import Role
from reviews.models import ReviewTask
from tests import factories

from .conftest import session_cookie

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def tasks(transactional_db: None) -> list[ReviewTask]:
    factories.make_desk("politics")
    return [factories.make_task(factories.make_claim(score=score)) for score in (0.95, 0.9, 0.85, 0.8, 0.3)]


def test_a_checkers_morning_without_a_mouse(open_page: Open, tasks: list[ReviewTask]) -> None:
    page = open_page(factories.make_user(name="Mara Okafor"), "/queue/?show=all")
    row = [page.locator(f"#task-{task.pk}") for task in tasks]

    press(page, "/")  # into the query; a completion by the arrows
    page.keyboard.type("sco")
    expect(page.get_by_role("option", name="score:>0.7")).to_be_visible()
    press(page, "ArrowDown", "Enter")
    expect(page.locator("#q")).to_have_value("score:>0.7 ")
    page.keyboard.type("city")
    press(page, "Enter")
    expect(page.get_by_role("link", name="“city” (remove)")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(4)

    press(page, "j", "x", "j", "j", "Shift+X")  # the first to the third
    expect(page.get_by_text("3 selected")).to_be_visible()
    press(page, "Escape", "k", "x", "j", "x")  # the second and the third
    expect(page.get_by_text("2 selected")).to_be_visible()
    press(page, "a")
    expect(page.get_by_text("2 tasks are yours now.")).to_be_visible()
    expect(row[2]).to_have_attribute("aria-current", "true")  # one's place in the list
    expect(row[2].locator("a.row__title")).to_be_focused()
    assert ReviewTask.objects.filter(state="taken").count() == 2

    press(page, "z")
    expect(page.get_by_text("Undone: 2 tasks are as they were.")).to_be_visible()
    assert not ReviewTask.objects.filter(state="taken").exists()

    press(page, "k", "a")  # one alone
    expect(page.get_by_text("1 task is yours now.")).to_be_visible()
    expect(row[1]).to_contain_text("Taken by you")
    press(page, "Enter")
    page.wait_for_url("**/claims/*/")
    page.go_back()
    expect(row[1].locator("a.row__title")).to_be_focused()
    press(page, "r")
    expect(page.get_by_text("1 task is back in the queue.")).to_be_visible()
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Take it, or all selected ones, and stay here")).to_be_visible()


def test_keys_pressed_before_the_scripts_have_arrived_are_not_lost(
    open_page: Open, tasks: list[ReviewTask]
) -> None:
    page = open_page(factories.make_user(name="Mara Okafor"), "/queue/?show=all")
    held: list[Route] = []
    page.route("**/js/app*.js", lambda route: held.append(route))

    def arrive_late(*keys: str) -> None:
        page.goto("/queue/?show=all", wait_until="commit")
        expect(page.locator(f"#task-{tasks[-1].pk}")).to_be_visible()
        press(page, *keys)
        held.pop().continue_()

    arrive_late("j", "j", "x")
    expect(page.locator(f"#task-{tasks[1].pk}")).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("1 selected")).to_be_visible()
    arrive_late("j")  # from one's place in the list
    expect(page.locator(f"#task-{tasks[2].pk} a.row__title")).to_be_focused()
    arrive_late("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    arrive_late("/", "s", "c", "o")
    expect(page.locator("#q")).to_have_value("sco")
    press(page, "r")
    expect(page.locator("#q")).to_have_value("scor")


def test_a_row_that_went_away_gives_its_place_to_the_next_and_new_ones_wait(
    open_page: Open, tasks: list[ReviewTask]
) -> None:
    page = open_page(factories.make_user(), "/queue/?show=takeable")
    press(page, "j", "j", "a")
    expect(page.get_by_text("1 task is yours now.")).to_be_visible()
    expect(page.locator(f"#task-{tasks[1].pk}")).to_have_count(0)
    expect(page.locator(f"#task-{tasks[2].pk} a.row__title")).to_be_focused()
    factories.make_task(factories.make_claim(score=0.99))
    page.evaluate("htmx.trigger('#queue-news', 'queue:ask')")
    expect(page.get_by_role("link", name="1 new task")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(4)
    page.get_by_role("link", name="1 new task").click()
    expect(page.locator("[data-row]")).to_have_count(5)


def test_ones_place_is_not_that_of_the_next_person_in_this_browser(
    open_page: Open, tasks: list[ReviewTask], live_server: Any
) -> None:
    page = open_page(factories.make_user(name="Mara Okafor"), "/queue/?show=all")
    press(page, "j", "j", "j")
    expect(page.locator(f"#task-{tasks[2].pk}")).to_have_attribute("aria-current", "true")
    page.context.add_cookies([session_cookie(factories.make_user(name="Ines Duarte"), live_server.url)])
    page.goto("/queue/?show=all")
    expect(page.get_by_text("Ines Duarte").first).to_be_attached()
    expect(page.locator("[data-row][aria-current]")).to_have_count(0)


def test_everything_works_without_script(open_page: Open, tasks: list[ReviewTask]) -> None:
    page = open_page(factories.make_user(Role.LEAD), "/queue/?show=all&q=city", js=False)
    for task in tasks[:2]:
        page.locator(f"#task-{task.pk} .row__check").check()
    page.locator("#bulk button[value=take]").click()
    expect(page.get_by_text("2 tasks are yours now.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 2 tasks are as they were.")).to_be_visible()
    page.locator("#q").fill("stat:queued city")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="state:queued").click()
    expect(page.get_by_role("link", name="State: waiting (remove)")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_pages_fit_their_screen_with_everything_open(
    open_page: Open, tasks: list[ReviewTask], size: str
) -> None:
    page = open_page(factories.make_user(Role.LEAD), "/queue/?show=all&q=stat:x kind:research", size=size)
    page.locator(f"#task-{tasks[0].pk} .row__check").check()
    for name in ("Give to…", "Deadline…", "Dismiss…", "Add a filter", "Save view"):
        page.locator("summary", has_text=name).click()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, name
        page.locator("summary", has_text=name).click()
