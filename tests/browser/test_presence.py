"""Two browsers at one claim."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import factories

from .conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_comes_second_reads_that_somebody_writes_already(open_page: Open) -> None:
    mara, imran = factories.make_user(name="Mara Okafor"), factories.make_user(name="Imran Qureshi")
    claim = factories.make_claim()
    first = open_page(mara, f"/claims/{claim.pk}/")
    expect(first.locator("[data-here][hx-trigger^='every 20s']")).to_have_count(1)
    first.locator("form[method=post] textarea").first.dispatch_event("input")
    first.evaluate("htmx.ajax('POST', location.pathname + 'here/', {source: '#here', swap: 'outerHTML'})")
    expect(first.locator("[data-here]")).to_have_count(1)
    second = open_page(imran, f"/claims/{claim.pk}/")
    expect(second.get_by_text("Mara Okafor is writing here")).to_be_visible()
