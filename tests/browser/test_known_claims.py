"""What was seen before, in a real browser: decided by keyboard, a family seen and left, an alert at home."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from claims.models import Claim, ClaimAlert, ClaimMatch, ClaimWatch
from claimtracker.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
CONTRADICTION = {"part": "number", "agrees": False, "here": "1,400", "there": "1,200"}


@pytest.fixture
def earlier(transactional_db: None) -> Claim:
    factories.make_scale()
    return factories.make_claim()


@pytest.fixture
def claim(earlier: Claim) -> Claim:
    """It was suggested that it is the same as an earlier one of ours, and perhaps as another publisher's."""
    claim = factories.make_claim()
    factories.make_strong_match(claim, other=earlier)
    known = factories.make_known_claim(publisher_name="Snopes", rating="Mostly False")
    factories.make_match(claim, known=known, reasons=[CONTRADICTION])
    return claim


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_suggestions_are_decided_by_keyboard_and_the_family_is_seen_and_left(
    open_page: Open, checker: User, claim: Claim, earlier: Claim
) -> None:
    page = open_page(checker, f"/claims/{claim.pk}/")
    first, second = page.locator(".match").all()
    expect(second.get_by_text("1,200 there, 1,400 here")).to_be_visible()
    press(page, "s")  # nothing is chosen yet: the key shows which it would act on
    expect(first).to_have_attribute("aria-current", "true")
    assert not ClaimMatch.objects.confirmed().exists()
    press(page, "s")
    expect(page.get_by_text("Kept: they are the same.")).to_be_visible()
    family = page.locator("#family")
    expect(family).to_contain_text(f"One of 2 claims of this meaning; the first is claim {earlier.pk}.")
    expect(family.get_by_role("link", name=earlier.text)).to_be_visible()

    press(page, "j", "d")
    expect(page.get_by_text("Kept: they are not the same.")).to_be_visible()
    expect(page.get_by_text("1 is not the same")).to_be_visible()

    page.get_by_text("Detach this claim").click()
    page.get_by_label("Why it is not the same").fill("Another year.")
    page.get_by_role("button", name="Detach the claim").click()
    expect(page.get_by_text("Detached.")).to_be_visible()
    expect(page.locator("#family")).to_have_count(0)
    claim.refresh_from_db()
    assert claim.canonical is None
    assert set(ClaimMatch.objects.values_list("state", flat=True)) == {"rejected"}


def test_a_watched_claim_that_appears_again_stands_at_home(
    open_page: Open, checker: User, earlier: Claim, run_jobs: Callable[..., int]
) -> None:
    page = open_page(checker, f"/claims/{earlier.pk}/")
    press(page, "w")
    expect(page.get_by_text("The Politics desk is told when this is said again.")).to_be_visible()
    assert ClaimWatch.objects.running().get().claim == earlier

    new = factories.make_claim()
    match = factories.make_match(new, other=earlier)
    page.goto(f"/claims/{new.pk}/")
    page.get_by_text("With a note").click()
    page.get_by_label("Note on the decision").fill("The same sum.")
    page.locator(f"#match-{match.pk} [data-row-key=s]").click()
    expect(page.get_by_text("Kept: they are the same.")).to_be_visible()
    match.refresh_from_db()
    assert match.note == "The same sum."
    run_jobs("claims.alert_watchers")

    page.goto("/")
    alerts = page.locator("#alerts")
    expect(alerts).to_contain_text("Said again")
    expect(page.locator(".nav__count--news")).to_contain_text("1")
    expect(alerts.get_by_role("link", name=new.appearances.get().version.article.title)).to_be_visible()
    alerts.get_by_role("button", name="Mark as seen").click()
    expect(page.locator("#alerts")).to_have_count(0)
    assert ClaimAlert.objects.get().seen_by == checker


def test_the_sheet_lists_the_keys_only_where_something_is_suggested(
    open_page: Open, checker: User, claim: Claim, earlier: Claim
) -> None:
    page = open_page(checker, f"/claims/{claim.pk}/")
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("It is the same", "It is different: not the same", "Watch the claim"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()
    page.goto(f"/claims/{earlier.pk}/")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).not_to_contain_text("It is the same")


def test_everything_works_without_script(
    open_page: Open, checker: User, claim: Claim, earlier: Claim
) -> None:
    page = open_page(checker, f"/claims/{claim.pk}/", js=False)
    page.locator(".match", has_text="Snopes").get_by_role("button", name="Not the same").click()
    expect(page.get_by_text("Kept: they are not the same.")).to_be_visible()
    page.get_by_text("Bring it together with another claim").click()
    page.get_by_label("The other claim").fill(str(earlier.pk))
    page.get_by_label("Why they are the same").fill("The same sum.")
    page.get_by_role("button", name="Bring them together").click()
    expect(page.get_by_text("Both are in one family now.")).to_be_visible()
    page.get_by_label(f"Claim {claim.pk} leaves").check()
    page.get_by_text("Split off the ticked claims").click()
    page.get_by_label("Why these are not the same as the others").fill("Another year.")
    page.get_by_role("button", name="Split them off").click()
    expect(page.get_by_text("They are a family of their own now.")).to_be_visible()


@pytest.mark.parametrize(("size", "theme"), [("phone", "dark"), ("desktop", "light")])
def test_every_page_fits_its_window(
    open_page: Open, claim: Claim, earlier: Claim, size: str, theme: str
) -> None:
    lead = factories.make_user("lead")
    for number in range(10):
        factories.make_another_appearance(earlier, site_name=f"A newspaper with quite a long name {number}")
    article = claim.appearances.get().version.article_id
    for path in (
        f"/claims/{claim.pk}/",
        f"/claims/{earlier.pk}/",
        f"/articles/{article}/",
        "/insight/matches/",
    ):
        page = open_page(lead, path, size=size, theme=theme)
        assert fits(page), path
        for details in page.locator("main details").all():
            details.evaluate("element => element.open = true")
        assert fits(page), f"{path} with everything open"
