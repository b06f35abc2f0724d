"""The admin in a browser: nothing on its pages may go against the Content-Security-Policy."""

from __future__ import annotations

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
