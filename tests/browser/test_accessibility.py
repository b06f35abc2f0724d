"""Every page and its main states as axe-core sees them (WCAG 2.2 AA and its best practices), at both widths
and in both themes; nothing is wider than a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab

from tests.support.newsroom import PAGES, Newsroom, Page, pages_of

from .conftest import Open
from .windows import SIZES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]

# what axe looks at again when the theme or the width changes
LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size", "label"]
NOT_OURS = {
    "api-reference": "#swagger-ui",  # Swagger UI nests its controls; the page around it is ours
}
EXCEPT = {
    ("api-reference", "landmark-one-main"),  # it is Swagger UI's
}
TOO_WIDE = {"api-reference"}
axe = Axe()


@pytest.fixture
def room(transactional_db: None, settings: Any, tmp_path: Any) -> Newsroom:
    settings.SNAPSHOT_DIR = str(tmp_path)
    room = Newsroom()
    room.grow(3)
    return room


def test_no_page_has_a_violation(room: Newsroom, open_page: Open) -> None:
    tabs: dict[str | None, Tab] = {}
    found = []
    for page in PAGES:
        tab = tabs.get(page.who) or open_page(room.person(page.who) if page.who else None, "/about/")
        tabs[page.who] = tab
        answer = tab.goto(page.address(room))
        assert answer and answer.status == 200, f"{page.name}: {tab.url}"
        found += look_at(tab, page)
    assert not found, "\n".join(found)


def look_at(tab: Tab, page: Page, state: str = "") -> list[str]:
    """Everything at a desk in the light; on a phone in the dark what can differ there."""
    name = f"{page.name} {state}".strip()
    found = violations(tab, page, f"{name}, desk, light")
    tab.set_viewport_size(SIZES["phone"])
    tab.evaluate("scrollTo(0, 0)")  # what lies under a bar that stays in place comes out as one scrolls
    tab.emulate_media(color_scheme="dark")
    found += violations(tab, page, f"{name}, phone, dark", LOOKS)
    too_wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if too_wide and page.name not in TOO_WIDE:
        found.append(f"{name}: {too_wide} pixels wider than the phone")
    tab.set_viewport_size(SIZES["desktop"])
    tab.emulate_media(color_scheme="light")
    return found


def violations(tab: Tab, page: Page, where: str, rules: list[str] | None = None) -> list[str]:
    """One line for each rule that is broken, with the first elements that break it."""
    # it would load the style sheets once more, into an inline element
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    tab.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => 0)))")
    context = {"exclude": [[NOT_OURS[page.name]]]} if page.name in NOT_OURS else None
    lines = []
    for broken in axe.run(tab, context=context, options=options).response["violations"]:
        if (page.name, broken["id"]) not in EXCEPT:
            nodes = [node["target"][0] for node in broken["nodes"]]
            lines.append(f"{where}: {broken['id']}: {broken['help']} {nodes[:4]} ({len(nodes)})")
    return lines


def press(keys: str) -> Callable[[Tab], None]:
    return lambda tab: tab.keyboard.press(keys)


def send_empty(form: str) -> Callable[[Tab], None]:
    def send(tab: Tab) -> None:
        tab.locator(form).evaluate("form => form.requestSubmit()")
        tab.locator(".field--error, .form-errors, .error, [aria-invalid=true]").first.wait_for()

    return send


def open_all(tab: Tab) -> None:
    tab.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")


STATES: list[tuple[str, str, Callable[[Tab], None]]] = [
    ("home", "with the sheet of keys", press("?")),
    ("home", "with the palette", press("Control+k")),
    (
        "home",
        "with the menu",
        lambda tab: tab.locator("[data-menu] > summary").first.click(),
    ),
    ("article", "with everything open", open_all),
    ("claim-research", "with everything open", open_all),
    ("claim-for-approval", "with everything open", open_all),
    ("claim-published", "with everything open", open_all),
    ("claim-disputed", "with everything open", open_all),
    ("queue-all", "with everything open", open_all),
    ("public-corrected", "with everything open", open_all),
    ("claim-research", "with a refused source", send_empty("form[action$='/evidence/']")),
    ("article-new", "refused", send_empty("main form[method=post]")),
    ("public-complain", "refused", send_empty("main form[method=post]")),
]


def test_no_main_state_has_a_violation(room: Newsroom, open_page: Open) -> None:
    found = []
    tabs: dict[str | None, Tab] = {}
    for name, state, bring_about in STATES:
        (page,) = pages_of(name)
        tab = tabs.get(page.who) or open_page(room.person(page.who) if page.who else None, "/about/")
        tabs[page.who] = tab
        tab.goto(page.address(room))
        bring_about(tab)
        found += look_at(tab, page, state)
    assert not found, "\n".join(found)
