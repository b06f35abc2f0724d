"""The palette and the page of search, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claimtracker.accounts.models import User
from tests import factories

from .conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)


def test_ctrl_k_goes_to_pages_and_to_what_is_found(open_page: Open, checker: User) -> None:
    article = factories.make_article("Harbour dues doubled in May, Ann Lee said.", title="Dues")
    claim = factories.make_claim("Harbour dues doubled in May", article=article)
    page = open_page(checker, "/")
    page.keyboard.press("Control+k")
    palette = page.get_by_label("A page, or words")
    expect(palette).to_be_focused()
    palette.fill("watched")
    expect(page.get_by_role("option", name="Watched sources")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/feeds/")
    page.keyboard.press("Control+k")
    page.get_by_label("A page, or words").fill("harb dou")
    hit = page.get_by_role("option", name="Harbour dues doubled in May")
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/claims/{claim.pk}/")
    page.keyboard.press("Control+k")
    page.get_by_label("A page, or words").fill("harbour")
    page.get_by_role("option", name="Search everything").click()
    page.wait_for_url("**/search/?q=harbour")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/claims/{claim.pk}/")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_label("A page, or words")).to_be_hidden()
