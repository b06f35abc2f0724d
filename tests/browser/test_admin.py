"""The admin in a browser: nothing on its pages may go against the Content-Security-Policy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from claims.models import Article
from claimtracker.accounts.models import Role, User
from tests import factories

from .conftest import Open


@pytest.fixture
def moderator(transactional_db: None) -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_submission_is_rejected_from_the_moderators_home(
    open_page: Open, moderator: User, theme: str
) -> None:
    held = factories.make_submission(factories.make_partner(is_trusted=False))
    page = open_page(moderator, "/admin/", theme=theme)
    page.get_by_role("link", name="Held submissions").click()
    page.get_by_role("link", name=held.title).click()
    expect(page.get_by_text("The city spent")).to_be_visible()
    page.get_by_role("button", name="Reject …").click()
    page.get_by_label("Reason").fill("Only a headline.")
    page.get_by_role("button", name="Reject submissions").click()
    expect(page.get_by_text("1 submission rejected.")).to_be_visible()
    assert Article.objects.get().state == "rejected"


@pytest.mark.parametrize(
    "path",
    [
        *("accounts/user/add/", "accounts/membership/add/", "partners/partner/add/", "partners/apikey/add/"),
        *("partners/webhookendpoint/add/", "reviews/ratingscale/add/", "reviews/routingrule/add/"),
        *("jobs/job/", "ledger/auditentry/", "reviews/publication/", "claims/claim/?q=roads"),
    ],
)
def test_forms_and_lists_break_no_policy(open_page: Open, moderator: User, path: str) -> None:
    factories.make_claim()
    page = open_page(moderator, f"/admin/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_person_is_chosen_from_a_list_that_searches(open_page: Open, moderator: User) -> None:
    factories.make_user(name="Ada Quist")
    page = open_page(moderator, "/admin/accounts/membership/add/")
    page.locator(".field-user .select2-selection").click()
    page.locator(".select2-search__field").fill("quist")
    page.get_by_role("option", name="Ada Quist").click()
    expect(page.locator(".field-user .select2-selection")).to_contain_text("Ada Quist")


def test_a_partner_s_slug_comes_from_its_name_and_its_key_is_selected_by_a_click(
    open_page: Open, moderator: User
) -> None:
    page = open_page(moderator, "/admin/partners/partner/add/")
    page.get_by_label("Name").press_sequentially("The River Gazette")
    expect(page.get_by_label("Slug")).to_have_value("the-river-gazette")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Issue a key").click()
    page.get_by_label("Label").fill("import")
    page.get_by_label("send articles").check()
    page.get_by_role("button", name="Issue an API key").click()
    key = page.locator(".secret")
    key.click()
    assert page.evaluate("getSelection().toString()").strip() == key.inner_text()


def test_every_column_of_the_held_list_is_seen_on_a_small_laptop(open_page: Open, moderator: User) -> None:
    desk = factories.make_desk("world", name="International affairs and trade")
    partner = factories.make_partner("the-river-gazette-of-the-north", is_trusted=False, desk=desk)
    factories.make_submission(partner, title="The council will build a bridge over the river in the spring")
    page = open_page(moderator, "/admin/")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("link", name="Held submissions").click()
    results = page.locator("#changelist .results")
    expect(results.get_by_role("link", name="The council will build")).to_be_visible()
    assert results.evaluate("box => box.scrollWidth <= box.clientWidth")
    title = results.locator("td, th").filter(has_text="The council will build").bounding_box()
    assert title and title["width"] > 150, "the title has room to be read"


@pytest.mark.parametrize(("theme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(28, 32, 34)")])
def test_the_api_s_documentation_follows_the_theme(open_page: Open, theme: str, ground: str) -> None:
    page = open_page(None, "/api/docs/reference/", theme=theme)
    expect(page.get_by_role("heading", name="Claimtracker partner API")).to_be_visible()
    expect(page.locator("html")).to_have_css("background-color", ground)
    page.get_by_role("link", name="Back to Claimtracker").click()
    expect(page).to_have_title(re.compile("Claimtracker"))
