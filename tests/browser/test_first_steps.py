"""The first steps of a new colleague, in a browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from claimtracker.accounts.models import FirstSteps


def test_opening_the_sheet_of_keys_ticks_its_line(desktop: Page) -> None:
    line = desktop.get_by_role("listitem").filter(has_text="Open the sheet of keys")
    expect(line.get_by_text("Done:")).to_have_count(0)
    with desktop.expect_response("**/first-steps/keys/"):
        desktop.keyboard.press("?")
    expect(desktop.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    desktop.goto("/")
    expect(line.get_by_text("Done:")).to_have_count(1)
    assert FirstSteps.objects.get().looked == ["keys"]


def test_the_list_is_put_away_without_script(no_script: Page) -> None:
    no_script.get_by_role("button", name="Put the list away").click()
    expect(no_script.get_by_role("heading", name="First steps")).to_have_count(0)
    no_script.get_by_label("Your account and settings").click()
    no_script.get_by_role("link", name="Help", exact=True).click()
    no_script.get_by_role("button", name="Show my first steps again").click()
    expect(no_script.get_by_role("heading", name="First steps")).to_be_visible()
