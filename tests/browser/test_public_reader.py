"""A reader's path, with JavaScript off as well: from the front page to a check, its claimant, a complaint and
the embed in somebody else's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reviews.models import Complaint
from tests import factories
from tests.browser.conftest import Open
from tests.support.cited_pages import serve
from tests.support.cited_pages import server as server  # the fixture
from tests.web.test_public_lists import publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("size", "js"), [("desktop", True), ("phone", False)])
def test_a_reader_finds_reads_and_complains(open_page: Open, size: str, js: bool) -> None:
    publication = publish("false", "Ann Lee", factories.make_topic("Roads"))
    publish("true", "Bo Li")
    page = open_page(None, "/fact-checks/", size=size, js=js)
    page.get_by_label("Rating").select_option("false")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".fact-list__item")).to_have_count(1)
    page.locator(".fact-list__title a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(publication.claim.text)
    page.get_by_role("link", name="Ann Lee").click()
    expect(page.get_by_role("img", name="False: 1")).to_be_visible()
    expect(page.get_by_role("row", name="False 1")).to_be_visible()
    expect(page.get_by_text("We give nobody a score")).to_be_visible()
    page.locator(".fact-list__title a").click()
    page.get_by_role("link", name="Tell us what is wrong").click()
    page.get_by_label("A fact in it is wrong").check()
    page.get_by_label("Say what, and how you know").fill("Table 4 says 1.8 million, not 1.7.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Thank you. An editor reads it.")).to_be_visible()
    expect(page.get_by_text(Complaint.objects.get().reference)).to_be_visible()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    if js:
        assert page.evaluate(wide) == 0
    assert not page.context.cookies()


def test_another_site_frames_the_embed_and_a_page_prints_whole(open_page: Open, live_server, server) -> None:
    publication = publish("false", "Ann Lee")
    path = f"/fact-checks/{publication.slug}/"
    page = open_page(None, path)
    page.emulate_media(media="print")
    expect(page.get_by_text(f"{path}?version=1").last).to_be_visible()
    expect(page.get_by_role("link", name="Tell us what is wrong")).to_be_hidden()
    expect(page.get_by_role("heading", name="Share")).to_be_hidden()
    page.emulate_media(media="screen")
    address = f"{live_server.url}{path}embed/"
    serve(server, f'<iframe src="{address}" width="600" height="300"></iframe>', path="/elsewhere")
    server.gives("/favicon.ico", b"")
    page.goto(server.url("/elsewhere"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text(publication.claim.text)
    expect(frame.get_by_role("link", name="Read the evidence")).to_be_visible()
