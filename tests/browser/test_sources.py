"""A cited page in the browser: the board waits for the copy, says what was found, and a copy runs nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reviews.models import SourceSnapshot
from tests import factories
from tests.browser.conftest import Open
from tests.support.cited_pages import QUOTE, cite, look, serve
from tests.support.cited_pages import server as server  # the fixture

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_board_tells_by_itself_when_the_words_are_found(open_page: Open, server) -> None:
    checker = factories.make_user(name="Mara Okafor")
    evidence = cite(server, checker)
    page = open_page(checker, f"/claims/{evidence.claim_id}/")
    expect(page.get_by_text("A copy of its page is being made")).to_be_visible()
    look(evidence.source)
    expect(page.get_by_text("Found on the page")).to_be_visible()
    page.get_by_role("link", name="Show where").click()
    expect(page.locator("mark#quotation")).to_have_text(QUOTE.rstrip("."))


def test_a_hostile_page_runs_nothing_when_its_copy_is_read(open_page: Open, server) -> None:
    checker = factories.make_user()
    serve(server, QUOTE, "<script>document.title = 'taken over'</script><img src=x onerror=alert(1)>")
    look(cite(server, checker).source)
    copy = SourceSnapshot.objects.get()
    page = open_page(checker, f"/snapshots/{copy.pk}/")
    assert "taken over" not in page.title()
    with page.expect_download() as download:
        page.get_by_role("link", name="The page itself").click()
    assert download.value.suggested_filename.startswith(f"copy-{copy.pk}-")
    assert "taken over" not in page.title()
