"""From the queue to the public page without a mouse: one person proposes, another approves, readers read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from claimtracker.accounts.models import Role, User
from reviews.models import Evidence, Publication, ReviewTask, Verdict
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

SOURCES = (
    ("https://stats.example/roads", "Road accounts", "Audit office", "r", "Roads: 1.7 million."),
    ("https://council.example/minutes", "Council minutes", "City council", "s", "Five million were planned."),
)
STANCES = {"s": "supports", "r": "refutes"}


@pytest.fixture
def editor(transactional_db: None) -> User:
    return factories.make_user(Role.EDITOR, name="Priya Raman")


@pytest.fixture
def tasks(transactional_db: None) -> list[ReviewTask]:
    factories.make_scale()
    return [factories.make_task(factories.make_claim(score=score)) for score in (0.9, 0.6)]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus_by_tab(page: Page, name: str, limit: int = 60) -> None:
    """Press Tab until the control named ``name`` has the focus, as somebody without a mouse would."""
    for _ in range(limit):
        if page.evaluate("document.activeElement?.name || ''") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {name}")


def tab_to_button(page: Page, text: str, limit: int = 80) -> None:
    for _ in range(limit):
        found = page.evaluate(
            "document.activeElement?.matches('button, summary') && document.activeElement.textContent"
        )
        if found and text in found:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached the button {text}")


def add_source(page: Page, url: str, title: str, publisher: str, stance: str, words: str) -> None:
    focus_by_tab(page, "url")
    page.keyboard.type(url)
    press(page, "Tab")
    page.keyboard.type(title)
    press(page, "Tab")
    page.keyboard.type(publisher)
    focus_by_tab(page, "stance")
    # Space ticks the radio that has the focus, the arrows go on from there
    press(page, "Space", *(["ArrowDown"] if stance == "r" else []))
    focus_by_tab(page, "quotation")
    page.keyboard.type(words)
    tab_to_button(page, "Add the source")
    press(page, "Enter")
    expect(page.locator("#evidence .evidence__source", has_text=title)).to_be_visible()


def test_from_the_queue_to_the_public_page_by_keyboard_alone(
    open_page: Callable[..., Page], checker: User, editor: User, tasks: list[ReviewTask], live_server: Any
) -> None:
    page = open_page(checker, "/queue/")
    press(page, "j", "t")  # the next task is the most important one
    page.wait_for_url("**/claims/*/")
    task = ReviewTask.objects.get(state="taken")
    assert (task.pk, task.assignee) == (tasks[0].pk, checker)

    for source in SOURCES:
        add_source(page, *source)
    assert list(Evidence.objects.order_by("id").values_list("stance", flat=True)) == ["refutes", "supports"]

    focus_by_tab(page, "rating")
    press(page, "Space", "ArrowDown", "ArrowDown")  # True, Half true, False
    focus_by_tab(page, "summary")
    page.keyboard.type("The accounts show a third of that.")
    focus_by_tab(page, "rationale")
    page.keyboard.type("The audited accounts list the spending line by line.")
    expect(page.locator("#findings .check-error")).to_have_count(0)
    expect(page.locator("#findings .check-warning")).to_have_count(2)  # why it was chosen, the claimant asked
    tab_to_button(page, "Send for approval")
    press(page, "Enter")
    expect(page.get_by_text("Proposed. A second person decides now.")).to_be_visible()
    verdict = Verdict.objects.get()
    assert (verdict.state, verdict.rating.slug, verdict.author) == ("submitted", "false", checker)
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()

    second = open_page(editor, "/queue/?show=second")
    press(second, "j", "Enter")
    second.wait_for_url("**/claims/*/")
    press(second, "p")  # approve and publish; a dialog asks
    expect(second.get_by_role("dialog")).to_be_visible()
    tab_to_button(second, "Approve and publish", limit=6)
    press(second, "Enter")
    expect(second.get_by_text("Approved and published.")).to_be_visible()

    publication = Publication.objects.get()
    reader = open_page(None, f"/fact-checks/{publication.slug}/")
    expect(reader.locator(".ruling .rating")).to_have_text("False")
    expect(reader.get_by_text("The accounts show a third of that.")).to_be_visible()
    expect(reader.get_by_role("link", name="Road accounts")).to_have_attribute(
        "href", "https://stats.example/roads"
    )


def test_j_and_k_walk_the_queue_and_enter_opens(
    open_page: Callable[..., Page], checker: User, tasks: list[ReviewTask]
) -> None:
    page = open_page(checker, "/queue/")
    first, second = (page.locator(f"#task-{task.pk}") for task in tasks)
    press(page, "j")
    expect(first).to_have_attribute("aria-current", "true")
    press(page, "j")
    expect(second).to_have_attribute("aria-current", "true")
    press(page, "j")
    expect(second).to_have_attribute("aria-current", "true")  # the end of the list
    press(page, "k")
    expect(first).to_have_attribute("aria-current", "true")
    press(page, "Enter")
    page.wait_for_url(f"**/claims/{tasks[0].claim_id}/")


def test_t_takes_the_task_on_its_own_page_too(
    open_page: Callable[..., Page], checker: User, tasks: list[ReviewTask]
) -> None:
    page = open_page(checker, f"/claims/{tasks[1].claim_id}/")
    press(page, "t")
    expect(page.get_by_text("The task is yours.")).to_be_visible()
    assert ReviewTask.objects.get(state="taken").pk == tasks[1].pk


def test_a_letter_typed_into_a_field_takes_nothing(
    open_page: Callable[..., Page], checker: User, tasks: list[ReviewTask]
) -> None:
    page = open_page(checker, f"/claims/{tasks[0].claim_id}/")
    page.get_by_text("Dismiss this claim").click()
    page.get_by_label("Why this claim is dismissed").press_sequentially("taste")
    assert not ReviewTask.objects.filter(state="taken").exists()


def test_the_sheet_of_keys_names_those_of_the_page(
    open_page: Callable[..., Page], checker: User, tasks: list[ReviewTask]
) -> None:
    page = open_page(checker, "/queue/")
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Next, previous task", "Take the task and open it", "Go to the queue"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()


def test_t_without_a_chosen_row_chooses_the_first_and_then_takes_it(
    open_page: Callable[..., Page], tasks: list[ReviewTask]
) -> None:
    page = open_page(factories.make_user(), "/queue/")
    press(page, "t")
    expect(page.locator(f"#task-{tasks[0].pk}")).to_have_attribute("aria-current", "true")
    assert not ReviewTask.objects.filter(state="taken").exists()
    press(page, "t")
    expect(page.get_by_text("The task is yours.")).to_be_visible()
    assert ReviewTask.objects.get(state="taken") == tasks[0]
