"""An article changes under a published check: from the first text to the correction that the partner is told
of, in real browsers, by the real jobs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from claims.models import Article, Claim
from claimtracker.accounts.models import Role, User
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from reviews.models import Publication, ReviewTask
from tests import factories
from tests.partners.receiver import Receiver, running_receiver

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
FIRST = """The council of Northfield met on Monday evening to talk about the budget of the coming year.

The city spent 40 million dollars on roads last year, the mayor Ann Lee said on Monday.

A second reading of the budget follows in the first week of December.
"""
NOTE = "The article says 12 million now."
SECOND = FIRST.replace("40 million", "12 million").replace("Monday evening", "Monday night")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with running_receiver() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, f"127.0.0.1:{running.port}")
        yield running


def send(key: str, body: str) -> None:
    """The partner sends its article, by the name that it has for it."""
    sent = {
        "external_id": "roads-1",
        "title": "Budget talks",
        "body": body,
        "url": "https://news.example/roads",
    }
    answer = Client().post(
        "/api/v1/articles",
        json.dumps(sent),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code in (200, 201), answer.content


def add_source(page: Page, title: str, publisher: str) -> None:
    page.get_by_label("Address").fill(f"https://stats.invalid/{title.split()[0].lower()}")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Publisher").fill(publisher)
    page.get_by_label("Refutes").check()
    page.get_by_role("button", name="Add the source").click()
    expect(page.get_by_text("The source is on the board.")).to_be_visible()


def propose(page: Page, rating: str, summary: str) -> None:
    page.get_by_label(rating, exact=False).first.check()
    page.get_by_label("In one or two sentences").fill(summary)
    page.get_by_label("Why", exact=True).fill("The audited accounts list the spending line by line.")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_text("Proposed. A second person decides now.")).to_be_visible()


def publish_first(desk: Page, second: Page, claim: Claim) -> None:
    desk.goto(f"/claims/{claim.pk}/")
    desk.get_by_role("button", name="Take", exact=False).first.click()
    desk.goto(f"/claims/{claim.pk}/")
    add_source(desk, "Road accounts", "Audit office")
    add_source(desk, "Council minutes", "City council")
    propose(desk, "False", "The accounts show 12 million.")
    second.goto(f"/claims/{claim.pk}/")
    second.get_by_role("button", name="Approve and publish").click()
    expect(second.get_by_text("Approved and published.")).to_be_visible()


def correct(desk: Page, second: Page, claim: Claim) -> None:
    """By two people: the claim in the words that the article has now, and what is found of them."""
    desk.goto(f"/claims/{claim.pk}/")
    expect(desk.locator(".word-diff del").first).to_have_text("40")
    expect(desk.locator(".word-diff ins").first).to_have_text("12")
    desk.get_by_role("button", name="Take", exact=False).first.click()
    desk.goto(f"/claims/{claim.pk}/")
    desk.get_by_text("Edit wording and speaker").click()
    desk.get_by_label("Claim", exact=True).fill("The city spent 12 million dollars on roads last year.")
    desk.get_by_role("button", name="Save the wording").click()
    propose(desk, "True", "The article was corrected, and says what the accounts show.")
    second.goto(f"/claims/{claim.pk}/")
    expect(second.get_by_label("Change of verdict")).to_be_checked()
    second.get_by_label("What changed, and why").fill(NOTE)
    second.get_by_role("button", name="Approve and publish").click()
    expect(second.get_by_text("Approved and published.")).to_be_visible()


def read_both_versions(open_page: Open, public: str) -> None:
    # a browser keeps a public page for a minute, so each reader has one of their own
    reader = open_page(None, public, js=False)
    expect(reader.get_by_text("The article was corrected, and says what the accounts show.")).to_be_visible()
    expect(reader.get_by_text("Text changed.")).to_have_count(0)
    expect(reader.get_by_role("heading", level=1)).to_contain_text("12 million")
    reader.goto(f"{public}?version=1")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("40 million")
    expect(reader.get_by_text("It is no longer our finding.")).to_be_visible()
    expect(reader.get_by_text("The accounts show 12 million.").first).to_be_visible()


def read_both_texts(desk: Page, article: Article) -> None:
    """The article's own versions, and what differs between them."""
    desk.goto(f"/articles/{article.pk}/versions/")
    desk.get_by_role("link", name="What changed").click()
    text = desk.get_by_role("region", name="The text")
    expect(text.locator("del").filter(has_text="40")).to_be_visible()
    expect(text.locator("ins").filter(has_text="12")).to_be_visible()
    desk.get_by_role("link", name="Read version 1").click()
    expect(desk.get_by_text("This is what the article said once.")).to_be_visible()
    expect(desk.locator("article.article-text")).to_contain_text("40 million")
    desk.get_by_role("link", name="Read the newest").click()
    expect(desk.locator("article.article-text")).to_contain_text("12 million")


def test_a_changed_number_becomes_a_correction_that_the_partner_is_told_of(
    open_page: Open, checker: User, run_jobs: Callable[..., int], receiver: Receiver
) -> None:
    factories.make_scale()
    partner = factories.make_partner()
    _row, key = factories.make_key(partner)
    receiver.secret = factories.make_endpoint(partner, url=receiver.url).secret
    send(key, FIRST)
    run_jobs()
    claim = Claim.objects.get(appearances__quote__contains="40 million")
    desk = open_page(checker, "/queue/", js=False)
    second = open_page(factories.make_user(Role.EDITOR, name="Priya Raman"), "/queue/", js=False)
    publish_first(desk, second, claim)
    run_jobs()
    public = f"/fact-checks/{Publication.objects.get().slug}/"
    expect(open_page(None, public, js=False).get_by_text("Text changed.")).to_have_count(0)

    send(key, SECOND)
    run_jobs()
    assert Article.objects.get().versions.count() == 2
    task = ReviewTask.objects.open().get()
    assert (task.kind, task.cause) == ("recheck", "article_changed")
    reader = open_page(None, public, js=False)
    expect(reader.get_by_text("Text changed.")).to_be_visible()
    expect(reader.get_by_text("The accounts show 12 million.").first).to_be_visible()

    correct(desk, second, claim)
    run_jobs()
    told = [message.event for message in receiver.received]
    assert [event["type"] for event in told if event] == [
        "claim.verdict_published",
        "claim.verdict_corrected",
    ]
    assert told[-1] and told[-1]["data"]["change_note"] == NOTE
    read_both_versions(open_page, public)
    read_both_texts(desk, Article.objects.get())
    answer = Client().get("/api/v1/publications", headers={"Authorization": f"Bearer {key}"}).json()
    newest = answer["results"][0]
    assert (newest["version"], newest["article_text"]["state"]) == (2, "same")
