"""Atom feeds, the sitemaps and robots.txt, read by parsers."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.utils import timezone

from claims.models import Claim
from reviews.atom import Entry, Feed, atom, tag_uri
from reviews.models import PublicCheck
from tests import factories
from tests.web.test_public_lists import claimant_address, publish

pytestmark = pytest.mark.django_db

A = "{http://www.w3.org/2005/Atom}"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
N = "{http://www.google.com/schemas/sitemap-news/0.9}"


def read(response) -> ET.Element:
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in response
    return ET.fromstring(response.content)  # noqa: S314 - it is what we wrote


def check(feed: ET.Element) -> list[ET.Element]:
    """Raise AssertionError where RFC 4287 asks for something that is missing. Returns the entries."""
    for holder in (feed, *feed.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            (element,) = holder.findall(f"{A}{name}")
            assert (element.text or "").strip(), name
        assert datetime.fromisoformat(holder.find(f"{A}updated").text).tzinfo
        assert holder.find(f"{A}id").text.startswith("tag:")
        (page,) = [link for link in holder.findall(f"{A}link") if link.get("rel") == "alternate"]
        assert page.get("href").startswith(settings.SITE_URL)
    assert feed.find(f"{A}author/{A}name").text == settings.PUBLISHER_NAME
    assert [link.get("href") for link in feed.findall(f"{A}link") if link.get("rel") == "self"]
    entries = feed.findall(f"{A}entry")
    names = [entry.find(f"{A}id").text for entry in entries]
    assert len(set(names)) == len(names)
    return entries


def test_the_feed_is_valid_and_an_entry_keeps_its_name_through_a_correction(client):
    publication = publish("false", "Ann Lee", factories.make_topic("Health"))
    (before,) = check(read(client.get("/fact-checks/feed.atom")))
    assert before.find(f"{A}title").text.startswith("False: ")
    assert before.find(f"{A}category").get("term") == "health"
    second = factories.make_correction(publication, rating="true")
    (after,) = check(read(client.get("/fact-checks/feed.atom")))
    assert after.find(f"{A}id").text == before.find(f"{A}id").text
    assert after.find(f"{A}published").text == before.find(f"{A}published").text
    assert after.find(f"{A}title").text.startswith("True: ")
    updated = [datetime.fromisoformat(each.find(f"{A}updated").text) for each in (before, after)]
    assert updated[0] <= updated[1] == second.published_at.replace(microsecond=0)
    factories.make_retraction(second, note="The table was forged.")
    (gone,) = check(read(client.get("/fact-checks/feed.atom")))
    assert gone.find(f"{A}title").text.startswith("Retracted: ")
    assert "Our rating" not in gone.find(f"{A}content").text
    assert "The table was forged." in gone.find(f"{A}summary").text


def test_claimants_topics_and_corrections_have_feeds_of_their_own(client):
    first = publish("false", "Ann Lee", factories.make_topic("Health"))
    publish("true", "Bo Li")
    factories.make_correction(first, note="A slip in the table.")
    for address in (f"{claimant_address(first)}feed.atom", "/topics/health/feed.atom"):
        (entry,) = check(read(client.get(address)))
        assert first.slug in entry.find(f"{A}link").get("href")
    (entry,) = check(read(client.get("/corrections/feed.atom")))
    assert entry.find(f"{A}title").text.startswith("Correction: ")
    assert entry.find(f"{A}summary").text == "A slip in the table."
    for address in ("/claimants/x/feed.atom", "/topics/x/feed.atom"):
        assert client.get(address).status_code == 404


def test_pages_say_where_their_feeds_are(client):
    publication = publish("false", "Ann Lee", factories.make_topic("Health"))
    for page in ("/fact-checks/", claimant_address(publication), "/topics/health/", "/corrections/"):
        own = "/fact-checks/feed.atom" if page == "/fact-checks/" else f"{page}feed.atom"
        text = client.get(page).text
        assert f'href="{own}"' in text.split("</head>")[0], page
        assert client.get(own).status_code == 200


def test_an_empty_feed_is_a_feed(client):
    assert check(read(client.get("/fact-checks/feed.atom"))) == []
    assert check(read(client.get("/corrections/feed.atom"))) == []


def test_a_feed_goes_on_at_its_next_link(client, monkeypatch):
    monkeypatch.setattr("reviews.views.public_feeds.SIZE", 1)
    first, second = publish(), publish()
    feed = read(client.get("/fact-checks/feed.atom"))
    (older,) = [link.get("href") for link in feed.findall(f"{A}link") if link.get("rel") == "next"]
    (entry,) = check(read(client.get(older.removeprefix(settings.SITE_URL))))
    assert first.slug in entry.find(f"{A}link").get("href")
    assert second.slug not in entry.find(f"{A}link").get("href")


def test_a_reader_that_knows_it_gets_nothing_again(client):
    publish()
    response = client.get("/fact-checks/feed.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    same = client.get("/fact-checks/feed.atom", headers={"If-Modified-Since": response["Last-Modified"]})
    assert same.status_code == 304
    same = client.get("/fact-checks/feed.atom", headers={"If-None-Match": response["ETag"]})
    assert same.status_code == 304


def test_words_that_xml_cannot_say_and_markup_stay_words(client):
    claim = factories.make_claim()
    Claim.objects.filter(pk=claim.pk).update(text="<b>12 of 13</b> & \x0b]]> <script>")
    factories.make_publication(claim=claim)
    (entry,) = check(read(client.get("/fact-checks/feed.atom")))
    assert "<b>12 of 13</b> & \ufffd]]> <script>" in entry.find(f"{A}title").text
    assert "<script>" not in entry.find(f"{A}content").text
    assert "&lt;script&gt;" in entry.find(f"{A}content").text


def test_names_do_not_change_with_the_address_of_the_page():
    at = datetime.fromisoformat("2026-03-04T23:30:00-05:00")
    assert (
        tag_uri("https://news.example:8443/x", at, "fact-check/1")
        == "tag:news.example,2026-03-05:fact-check/1"
    )
    entry = Entry("tag:a,2026-01-01:x", "T", "https://a.example/", at, at, "S", "<p>S</p>", "en")
    feed = Feed("tag:a,2026-01-01:f", "T", "S", "https://a.example/f", "https://a.example/", "P", at, [entry])
    assert b"2026-03-05T04:30:00Z" in atom(feed)
    assert b'xml:lang="en"' in atom(feed)


# --- sitemaps


def locations(root: ET.Element) -> dict[str, str]:
    return {element.find(f"{S}loc").text: element.findtext(f"{S}lastmod", "") for element in root}


def test_the_sitemap_leads_to_every_public_page(client):
    publication = publish("false", "Ann Lee", factories.make_topic("Health"))
    robots = client.get("/robots.txt").text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in robots
    assert "Disallow: /reply/" in robots
    assert "/fact-checks" not in robots
    parts = locations(read(client.get("/sitemap.xml")))
    pages: dict[str, str] = {}
    for part in parts:
        pages |= locations(read(client.get(part.removeprefix(settings.SITE_URL))))
    for address in ("/fact-checks/", "/corrections/", "/topics/health/", claimant_address(publication)):
        assert settings.SITE_URL + address in pages
    assert pages[publication.snapshot["url"]].startswith(f"{publication.published_at:%Y-%m-%dT%H:%M}")
    for address in pages:
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200, address


def test_a_correction_changes_the_day_in_the_sitemap_and_a_recheck_does_not(client):
    publication = publish()
    line = PublicCheck.objects.get()
    month = f"/sitemaps/{line.month}.xml"
    first = locations(read(client.get(month)))[publication.snapshot["url"]]
    second = factories.make_correction(publication)
    line.refresh_from_db()
    assert line.changed_at == datetime.fromisoformat(second.snapshot["corrections"][-1]["at"])
    assert first <= locations(read(client.get(month)))[publication.snapshot["url"]]
    for wrong in ("1999-01", "x", "2026-1"):
        assert client.get(f"/sitemaps/{wrong}.xml").status_code == 404


def test_the_news_sitemap_has_two_days_and_nothing_taken_back(client):
    new, old, gone = publish(), publish(), publish()
    PublicCheck.objects.filter(claim=old.claim).update(first_published_at=timezone.now() - timedelta(days=3))
    factories.make_retraction(gone)
    root = read(client.get("/sitemaps/news.xml"))
    assert [url.find(f"{S}loc").text for url in root] == [new.snapshot["url"]]
    about = root[0].find(f"{N}news")
    assert about.find(f"{N}publication/{N}name").text == settings.PUBLISHER_NAME
    assert about.find(f"{N}publication/{N}language").text == "en"
    assert about.find(f"{N}title").text.startswith("False: ")


@pytest.mark.parametrize(
    "address",
    [
        "/fact-checks/feed.atom",
        "/corrections/feed.atom",
        "/sitemap.xml",
        "/sitemaps/pages.xml",
        "/sitemaps/news.xml",
    ],
)
def test_machines_lists_cost_the_same_however_much_there_is(client, address, django_assert_max_num_queries):
    factories.make_correction(publish("false", "Ann Lee", factories.make_topic("Health")))
    publish("true", "Bo Li")
    with django_assert_max_num_queries(2):
        client.get(address)
