"""Ready words beside a reason: a click puts them into the field; without script they are there to read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claimtracker.accounts.models import Role, User
from reviews.actions.ratings import save_reason
from reviews.models import Verdict
from tests import factories
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Say who counted, and over which period."


@pytest.fixture
def verdict(checker: User) -> Verdict:
    lead = factories.make_user(Role.LEAD)
    save_reason(None, by=lead, text=WORDS)
    save_reason(None, by=lead, text="Name the primary source.")
    return factories.make_submitted_verdict(checker)


def test_a_pick_fills_the_field_and_keeps_what_was_typed(open_page: Open, verdict: Verdict) -> None:
    page = open_page(factories.make_user(Role.EDITOR), f"/claims/{verdict.claim_id}/")
    page.get_by_text("Return it instead").click()
    reason = page.get_by_label("What has to change")
    pick = page.get_by_role("button", name=WORDS)
    pick.click()
    expect(reason).to_have_value(WORDS)
    expect(reason).to_be_focused()
    pick.click()
    expect(reason).to_have_value(WORDS)  # not twice
    page.get_by_role("button", name="Name the primary source.").press("Enter")
    expect(reason).to_have_value(f"{WORDS}\nName the primary source.")
    page.get_by_role("button", name="Return", exact=True).click()
    expect(page.get_by_role("button", name="Return", exact=True)).to_have_count(0)
    verdict.refresh_from_db()
    assert (verdict.state, verdict.return_reason) == ("returned", f"{WORDS}\nName the primary source.")


def test_without_a_script_they_are_there_to_read(open_page: Open, verdict: Verdict) -> None:
    page = open_page(factories.make_user(Role.EDITOR), f"/claims/{verdict.claim_id}/", js=False)
    page.get_by_text("Return it instead").click()
    assert page.get_by_text(WORDS).is_visible()
    assert page.get_by_role("button", name=WORDS).count() == 0
