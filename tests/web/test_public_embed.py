"""The embed: small, framed by anybody, without script or cookie, and always as we say it today."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from claims.models import Claim
from tests import factories

pytestmark = pytest.mark.django_db


def test_anybody_may_frame_the_embed_and_nothing_else(client):
    publication = factories.make_publication()
    response = client.get(f"/fact-checks/{publication.slug}/embed/")
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy and "form-action 'none'" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in response
    assert "Set-Cookie" not in response and response["Cache-Control"] == "public, max-age=60"
    assert "<script" not in response.text and "style=" not in response.text
    assert response.text.count('<link rel="stylesheet"') == 1
    for address in (f"/fact-checks/{publication.slug}/", "/fact-checks/"):
        page = client.get(address)
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_it_shows_the_correction_and_the_retraction(client):
    first = factories.make_publication()
    address = f"/fact-checks/{first.slug}/embed/"
    page = client.get(address).text
    assert first.snapshot["summary"] in page and "Correction" not in page
    second = factories.make_correction(first, rating="true", note="The office revised it.")
    page = client.get(address).text
    assert "Change of verdict" in page and second.snapshot["summary"] in page
    assert first.snapshot["summary"] not in page
    factories.make_retraction(second)
    page = client.get(address).text
    assert "Retracted" in page and "It is not our finding any more." in page
    assert second.snapshot["summary"] not in page
    assert client.get("/fact-checks/nothing-here/embed/").status_code == 404


def test_the_page_offers_its_code_as_words_and_machines_find_it(client):
    publication = factories.make_publication()
    page = client.get(f"/fact-checks/{publication.slug}/").text
    assert "<iframe" not in page
    assert f"&lt;iframe src=&quot;{settings.SITE_URL}/fact-checks/{publication.slug}/embed/&quot;" in page
    (address,) = re.findall(r'type="application/json\+oembed"[^>]* href="([^"]+)"', page)
    answer = client.get(address.replace("&amp;", "&").removeprefix(settings.SITE_URL))
    facts = answer.json()
    assert (facts["version"], facts["type"]) == ("1.0", "rich")
    assert isinstance(facts["width"], int) and isinstance(facts["height"], int)
    assert f"/fact-checks/{publication.slug}/embed/" in facts["html"]
    assert answer["Access-Control-Allow-Origin"] == "*"


def oembed(client, address: str, **options):
    return client.get("/oembed", {"url": address, **options})


def test_oembed_answers_for_our_fact_checks_alone(client):
    publication = factories.make_publication()
    ours = publication.snapshot["url"]
    assert oembed(client, f"{ours}?version=1#why").status_code == 200
    assert oembed(client, ours, format="xml").status_code == 501
    small = oembed(client, ours, maxwidth="320", maxheight="200").json()
    assert (small["width"], small["height"]) == (320, 200)
    assert oembed(client, ours, maxwidth="x", maxheight="9" * 9).json()["width"] == 600
    wrong = (
        "",
        "x",
        "https://elsewhere.example/fact-checks/x/",
        f"{settings.SITE_URL}/corrections/",
        f"{settings.SITE_URL}/fact-checks/nothing/",
        f"{settings.SITE_URL}/claims/1/",
        "http://[",
        "javascript:1",
    )
    for address in wrong:
        refused = oembed(client, address)
        assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json"), address


def test_words_in_the_code_cannot_leave_their_attribute(client):
    claim = factories.make_claim()
    Claim.objects.filter(pk=claim.pk).update(text='12 of 13" onload="alert(1)')
    publication = factories.make_publication(claim=claim)
    html = oembed(client, publication.snapshot["url"]).json()["html"]
    assert 'onload="' not in html
    assert "&quot; onload=&quot;" in html
