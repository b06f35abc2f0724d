"""Why a claim is one, its changed words and what was passed over, as people meet them in a browser."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from claims.actions.extraction import record_extraction
from claims.models import Article, Claim
from claimtracker.accounts.models import User
from reviews.actions.rereading import reread_version
from tests.support.council_story import LEFT, SPENT, make_story, story_reading
from tests.support.readings import NEW

from .conftest import Open

HOPE = "The mayor hopes that volunteers will step in."


@pytest.fixture
def story(checker: User) -> Article:
    article = make_story()
    version = article.versions.select_related("article__desk").get()
    with transaction.atomic():
        record_extraction(version, analysis=story_reading(version))
    return article


def fits(page: Page) -> bool:
    """Nothing hangs out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
def test_a_sentence_that_was_passed_over_becomes_a_claim(
    open_page: Open, checker: User, story: Article, js: bool
) -> None:
    page = open_page(checker, f"/articles/{story.pk}/", js=js)
    expect(page.locator("#passed-over")).to_have_count(0)
    page.get_by_role("link", name="Show what was passed over").click()
    item = page.locator(".passed__item", has_text=HOPE)
    expect(item).to_contain_text("Intention: what somebody plans or promises")
    item.get_by_role("button", name="Mark as claim").click()
    expect(page.locator("li.claim-card", has_text=HOPE)).to_contain_text("Confirmed")
    expect(page.locator(".passed__item", has_text=HOPE)).to_have_count(0)
    assert Claim.objects.get(state="confirmed").appearances.get().quote == HOPE
    page.get_by_role("link", name="Hide").click()
    expect(page.locator("#passed-over")).to_have_count(0)


def test_what_was_passed_over_is_reached_by_keyboard(open_page: Open, checker: User, story: Article) -> None:
    page = open_page(checker, f"/articles/{story.pk}/")
    page.get_by_role("link", name="Show what was passed over").focus()
    page.keyboard.press("Enter")
    button = page.locator(".passed__item", has_text=HOPE).get_by_role("button", name="Mark as claim")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("li.claim-card", has_text=HOPE)).to_be_visible()


def test_changed_words_are_read_without_a_mouse(open_page: Open, checker: User, story: Article) -> None:
    claim = Claim.objects.get(appearances__quote=SPENT)
    page = open_page(checker, f"/claims/{claim.pk}/", js=False)
    heading = page.get_by_role("heading", level=1)
    assert heading.locator("mark").all_inner_texts() == ["Eastmouth council", "it", "in 2025"]
    lines = page.locator(".changes li").all_inner_texts()
    assert "We" in lines[0]
    assert "Eastmouth council" in lines[0]
    assert "pronoun" in lines[0]
    expect(page.locator(".context mark")).to_have_text(SPENT)
    expect(page.locator(".why")).to_contain_text("about 91 were judged worth checking")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_fits_a_phone(open_page: Open, checker: User, story: Article, theme: str) -> None:
    version = story.versions.select_related("article__desk").get()
    reread_version(version, analysis=story_reading(version, SPENT, LEFT, by=NEW))
    page = open_page(checker, f"/articles/{story.pk}/?passed=1", size="phone", theme=theme)
    for summary in page.locator("details.claim-card__why > summary, .rail__withdrawn > summary").all():
        if summary.is_visible():
            summary.click()
    expect(page.get_by_text(f"Re-read by {NEW}")).to_be_visible()
    expect(page.get_by_text("“several hundred”: 200 to 900 members of staff")).to_be_visible()
    assert fits(page)
    page.goto(f"/claims/{Claim.objects.get(appearances__quote=LEFT).pk}/")
    expect(page.locator(".why")).to_contain_text("200 to 900")
    assert fits(page)


def test_the_rail_does_not_make_the_page_longer_than_its_text(
    open_page: Open, checker: User, story: Article
) -> None:
    """Words for screen readers that stand in what scrolls must not stretch the page around it."""
    page = open_page(checker, f"/articles/{story.pk}/?passed=1")
    for summary in page.locator("details.claim-card__why > summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollHeight") < 1100
