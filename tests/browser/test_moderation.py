"""Fifty things of every line of the moderators' home, cleared by the keyboard alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from claims.actions.check_requests import ask_for_check
from claims.actions.submitting import Sender
from claims.models import Article, CheckRequest, HeldUpdate, KnownClaim
from claimtracker import jobs
from claimtracker.accounts.models import ReadyReason, Role, User
from claimtracker.accounts.waiting_lines import lines
from claimtracker.jobs.models import Job
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.endpoints import disable_endpoint
from claimtracker.partners.models import WebhookEndpoint
from tests import factories
from tests.support.newsroom import Page as PageOf

from .conftest import Open
from .test_accessibility import look_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]

ARTICLES, UPDATES, REQUESTS, DEAD, ENDPOINTS = 16, 12, 12, 6, 4
REASON = {
    "claims.article.reject_selected": "An advertisement, not a report.",
    "claims.heldupdate.reject_selected": "It says nothing new.",
    "claims.checkrequest.decline_selected": "An opinion, which nobody can check.",
}
WORDS = (
    *("The harbour handled 4 million containers last year.", "Rents in the old town doubled in ten years."),
    *("No bridge of the river was inspected in 2024.", "Half of the city's buses run on electricity."),
    *("The hospital closed 120 beds in March.", "Unemployment fell below three percent in June."),
    *("The theatre got 9 million from the state.", "Every school has a nurse since September."),
    *("Crime at the station rose by forty percent.", "The forest lost 300 hectares to fire."),
    *("The airport pays no tax to the region.", "Farmers received two thirds of all subsidies."),
)


@pytest.fixture
def moderator(transactional_db: None) -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


@pytest.fixture
def fifty(moderator: User) -> None:
    """What waits: forty things that may be turned down, and ten that are only set going again."""
    for decision, text in REASON.items():
        ReadyReason.objects.create(decision=decision, text="Not this one.", position=1)
        ReadyReason.objects.create(decision=decision, text=text, position=2)
    partner = factories.make_partner("gazette", is_trusted=False)
    for _ in range(ARTICLES):
        factories.make_submission(partner)
    for number in range(UPDATES):
        article = factories.make_submission(factories.make_partner())
        factories.make_held_update(article, body=f"The council will build {number} bridges, it said.\n")
    sender = Sender("partner:wire", audit.partner_actor("partner:wire", "The Wire"))
    for words in WORDS[:REQUESTS]:
        ask_for_check(words, sender=sender)
    for number in range(DEAD):
        jobs.enqueue("claims.match_claim", number + 1)
    Job.objects.filter(kind="claims.match_claim").update(state="dead", attempt=5, cause="fault")
    for number in range(ENDPOINTS):
        endpoint = factories.make_endpoint(url=f"https://receiver.example/{number}")
        disable_endpoint(endpoint, reason="10 tries failed.", by=audit.SYSTEM)


class Keys:
    """A keyboard that counts, and the only way into the page."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def go(self, key: str) -> None:
        with self.page.expect_navigation():
            self.press(key)


def test_a_moderator_clears_fifty_mixed_items_by_keyboard_alone(
    open_page: Open, moderator: User, fifty: None, record_property: Callable[[str, object], None]
) -> None:
    page = open_page(moderator, "/admin/")
    assert sum(line.count for line in lines() if line.rows is not None) == 50
    keys, done, used = Keys(page), Counter[str](), Counter[str]()
    keys.go("n")
    while page.locator(".step").count():
        line, before = page.locator(".step__line strong").inner_text(), keys.count
        done[line] += 1
        assert sum(done.values()) <= 50, "an item came twice"
        can_be_turned_down = page.locator("[data-key=r]").count()
        decide(keys, reject=bool(can_be_turned_down) and done[line] % 2 == 0)
        used[line] += keys.count - before
    expect(page.get_by_text("Nothing waits any more.")).to_be_visible()
    check_what_was_decided(moderator)
    assert dict(done) == {
        **{"Held submissions": ARTICLES, "Held updates": UPDATES, "Requests for a check": REQUESTS},
        **{"Dead jobs": DEAD, "Webhook endpoints given up": ENDPOINTS},
    }
    each = ", ".join(f"{line}: {used[line] / done[line]:.1f}" for line in done)
    record_property("keys", f"{keys.count} for 50 items ({keys.count / 50:.2f} each): {each}")
    assert keys.count == 1 + 30 + 20 * 3, "one to begin, one to accept; to reject: R, a number, Ctrl+Enter"


def decide(keys: Keys, *, reject: bool) -> None:
    if not reject:
        keys.go("a")
        return
    keys.go("r")
    expect(keys.page.get_by_label("Reason", exact=False).and_(keys.page.locator("textarea"))).to_be_focused()
    keys.press("2")
    keys.go("Control+Enter")


def check_what_was_decided(moderator: User) -> None:
    half = {"accepted": 0.5, "rejected": 0.5}
    articles = Article.objects.filter(origin="partner:gazette")
    assert counted(articles) == {state: ARTICLES * share for state, share in half.items()}
    assert counted(HeldUpdate.objects) == {state: UPDATES * share for state, share in half.items()}
    assert counted(CheckRequest.objects) == {"accepted": REQUESTS / 2, "declined": REQUESTS / 2}
    assert set(articles.filter(state="rejected").values_list("intake_reason", flat=True)) == {
        REASON["claims.article.reject_selected"]
    }
    assert set(HeldUpdate.objects.filter(state="rejected").values_list("reason", flat=True)) == {
        REASON["claims.heldupdate.reject_selected"]
    }
    assert set(CheckRequest.objects.filter(state="declined").values_list("reason", flat=True)) == {
        REASON["claims.checkrequest.decline_selected"]
    }
    assert set(Job.objects.filter(kind="claims.match_claim").values_list("state", flat=True)) == {"queued"}
    assert WebhookEndpoint.objects.filter(is_active=True).count() == ENDPOINTS
    verbs = ("article.accepted", "article.rejected", "update.accepted", "update.rejected")
    verbs += ("request.accepted", "request.declined", "job.requeued", "webhook_endpoint.enabled")
    by_them = AuditEntry.objects.filter(verb__in=verbs, actor_ref=moderator.audit_actor.ref)
    assert by_them.count() == 50, "every decision stands in the audit, under their name"


def counted(rows: Any) -> dict[str, int]:
    return dict(Counter(rows.values_list("state", flat=True)))


def test_skip_home_and_the_sheet_of_keys(open_page: Open, moderator: User) -> None:
    partner = factories.make_partner(is_trusted=False)
    first, second = (factories.make_submission(partner) for _ in "ab")
    page = open_page(moderator, "/admin/")
    keys = Keys(page)
    keys.go("n")
    expect(page.get_by_role("heading", name=first.title)).to_be_visible()
    keys.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Accept", "Reject …", "Skip it: the next one", "The first page of the administration"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()
    keys.press("a")  # nothing acts behind an open sheet
    keys.press("Escape")
    keys.go("s")
    expect(page.get_by_role("heading", name=second.title)).to_be_visible()
    keys.go("s")
    expect(page.get_by_text("2 items that you skipped still wait.")).to_be_visible()
    keys.go("n")
    keys.go("h")
    expect(page.get_by_role("heading", name="Moderation")).to_be_visible()
    assert Article.objects.held().count() == 2


def test_a_list_is_decided_by_keys_and_undone(open_page: Open, moderator: User) -> None:
    for number in range(4):
        factories.make_known_claim(url=f"https://checks.example/{number}")
    page = open_page(moderator, "/admin/claims/knownclaim/")
    keys = Keys(page)
    for key in ("j", "x", "j", "j", "Shift+X"):
        keys.press(key)
    expect(page.locator(".action-counter")).to_contain_text("3 of 4 selected")
    keys.go("r")
    page.locator("textarea").fill("Not a check.")
    keys.go("Control+Enter")
    expect(page.locator(".messagelist")).to_contain_text("3 known claims withdrawn.")
    keys.go("z")
    expect(page.get_by_text("3 decisions undone.")).to_be_visible()
    assert not KnownClaim.objects.filter(withdrawn_at__isnull=False).exists()


def test_a_key_without_a_selection_acts_on_the_row(open_page: Open, moderator: User) -> None:
    held = [factories.make_submission(factories.make_partner(is_trusted=False)) for _ in range(3)]
    page = open_page(moderator, "/admin/claims/article/?state__exact=held")
    keys = Keys(page)
    keys.press("j")
    keys.press("j")
    keys.go("a")
    expect(page.get_by_text("1 submission accepted")).to_be_visible()
    assert Article.objects.get(state="accepted") == held[1], "the newest stands first"


def test_without_script_a_ready_reason_and_a_button_are_enough(open_page: Open, moderator: User) -> None:
    ReadyReason.objects.create(decision="claims.article.reject_selected", text="No article.")
    factories.make_submission(factories.make_partner(is_trusted=False))
    page = open_page(moderator, "/admin/", js=False)
    page.get_by_role("link", name="Next").click()
    page.get_by_role("button", name="Reject …").click()
    page.get_by_role("radio", name="No article.").check()
    page.get_by_role("button", name="Reject submissions").click()
    expect(page.get_by_text("Nothing waits any more.")).to_be_visible()
    assert Article.objects.get().intake_reason == "No article."


def test_a_number_is_a_number_once_something_is_written(open_page: Open, moderator: User) -> None:
    ReadyReason.objects.create(decision="claims.article.reject_selected", text="No article.")
    factories.make_submission(factories.make_partner(is_trusted=False))
    page = open_page(moderator, "/admin/")
    keys = Keys(page)
    keys.go("n")
    keys.go("r")
    page.keyboard.type("Sent 1 time too often")
    expect(page.locator("textarea")).to_have_value("Sent 1 time too often")


def test_no_page_on_the_way_has_a_violation(open_page: Open, moderator: User) -> None:
    for text in ("No article.", "An advertisement, not a report."):
        ReadyReason.objects.create(decision="claims.article.reject_selected", text=text)
    for _ in "ab":
        factories.make_submission(factories.make_partner(is_trusted=False))
    factories.make_known_claim()
    page = open_page(moderator, "/admin/")
    keys, found = Keys(page), []
    found += looked_at(page, "home")
    keys.press("?")
    found += looked_at(page, "the sheet of keys")
    keys.press("Escape")
    keys.go("n")
    found += looked_at(page, "an item")
    keys.go("r")
    found += looked_at(page, "its reason")
    keys.press("1")
    keys.go("Control+Enter")
    found += looked_at(page, "the next item, with what was decided")
    page.goto("/admin/claims/knownclaim/")
    for key in ("j", "x"):
        keys.press(key)
    found += looked_at(page, "a list with a selection")
    keys.go("r")
    page.locator("textarea").fill("Not a check.")
    keys.go("Control+Enter")
    found += looked_at(page, "a list with what can be undone")
    assert not found, "\n".join(found)


def looked_at(page: Page, where: str) -> list[str]:
    return look_at(page, PageOf(where, ""))
