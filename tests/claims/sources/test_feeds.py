"""Feeds, news sitemaps and pages, as sites really write them and as hostile ones do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.sources.feeds import Kind, Listing, UnreadableFeed, read_date, read_listing
from claims.sources.visits import Came, Moved, Obstructed, Unchanged, host_of, outcome_of, retry_after
from claimtracker.kernel.outbound import Response

URL = "https://news.example/feeds/all.xml"


def answer(
    body: str | bytes, *, kind: str = "application/xml", status: int = 200, **headers: str
) -> Response:
    raw = body if isinstance(body, bytes) else body.encode()
    return Response(status, URL, {"content-type": kind, **headers}, raw, 0.1)


def read(body: str | bytes, **options: str) -> Listing:
    return read_listing(answer(body, **options))


def refusal(body: str | bytes, **options: str) -> UnreadableFeed:
    with pytest.raises(UnreadableFeed) as caught:
        read(body, **options)
    return caught.value


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel><title>The Aldermere &amp; District News</title><link>https://news.example/</link>
  <atom:link href="https://news.example/feeds/all.xml" rel="self"/>
  <item><title>Tram line &lt;b&gt;late&lt;/b&gt;</title>
    <link>https://NEWS.example/tram?utm_source=rss&amp;id=7#top</link>
    <guid isPermaLink="false">7</guid><pubDate>Thu, 26 Nov 2026 09:30:00 +0100</pubDate></item>
  <item><title><![CDATA[Turnout & trust]]></title><guid>https://news.example/turnout</guid>
    <dc:date>2026-11-25T08:00:00Z</dc:date></item>
  <item><title>No address at all</title></item>
  <item><title>Again</title><link>https://news.example/tram?id=7</link></item>
 </channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/blog/">
 <title>Blog</title><link href="https://news.example/blog/"/>
 <entry><title type="html">One</title><link rel="self" href="https://news.example/api/1"/>
  <link rel="alternate" href="one.html"/><id>tag:1</id>
  <published>2026-11-20T10:00:00Z</published><updated>2026-11-21T10:00:00Z</updated></entry>
</feed>"""

SITEMAP = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
 <url><loc>https://news.example/budget</loc><lastmod>2026-11-26</lastmod><news:news>
  <news:publication><news:name>News</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2026-11-26T07:00:00+00:00</news:publication_date>
  <news:title>Budget grows</news:title></news:news></url>
</urlset>"""


def test_rss_is_read_with_one_spelling_for_each_address() -> None:
    listing = read(RSS)
    assert (listing.kind, listing.title) == (Kind.FEED, "The Aldermere & District News")
    assert [entry.url for entry in listing.entries] == [
        "https://news.example/tram?id=7",
        "https://news.example/turnout",
    ]
    assert [entry.title for entry in listing.entries] == ["Tram line late", "Turnout & trust"]
    assert listing.entries[0].published_at == datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
    assert listing.entries[1].published_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    assert "1 without a web address" in listing.note


def test_atom_takes_the_alternate_link_under_its_base() -> None:
    (entry,) = read(ATOM).entries
    assert entry.url == "https://news.example/blog/one.html"
    assert entry.published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_a_news_sitemap_names_its_articles() -> None:
    listing = read(SITEMAP)
    (entry,) = listing.entries
    assert (listing.kind, entry.url, entry.title) == (
        Kind.SITEMAP,
        "https://news.example/budget",
        "Budget grows",
    )
    assert entry.published_at == datetime(2026, 11, 26, 7, tzinfo=UTC)


def test_rdf_items_outside_of_the_channel_are_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>Old</title></channel><item><title>A</title><link>https://news.example/a</link></item>"
        "</rdf:RDF>"
    )
    assert [entry.url for entry in read(body).entries] == ["https://news.example/a"]


def test_a_page_lists_itself_and_names_its_feeds() -> None:
    page = (
        '<!doctype html><html><head><title>Minutes</title><link rel="alternate" '
        'type="application/rss+xml" href="/rss"></head><body><p>Words</p></body></html>'
    )
    listing = read(page, kind="text/html")
    assert (listing.kind, [entry.url for entry in listing.entries]) == (Kind.PAGE, [URL])
    assert listing.elsewhere == ("https://news.example/rss",)


def test_bare_ampersands_and_entities_of_html_lose_nothing() -> None:
    body = RSS.replace("The Aldermere &amp; District", "Fish & Chips&nbsp;")
    listing = read(body)
    assert len(listing.entries) == 2 and "broken" not in listing.note


def test_of_broken_xml_only_whole_items_count() -> None:
    cut = RSS[: RSS.index("<dc:date>")]
    listing = read(cut)
    assert [entry.url for entry in listing.entries] == ["https://news.example/tram?id=7"]
    assert "broken in line" in listing.note


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<rss><channel><title>x</title><item><link>https://news.example/a", "broken_xml"),
        (RSS.replace("<rss", '<!DOCTYPE rss [<!ENTITY a "b">]><rss', 1), "doctype"),
        ("<sitemapindex><sitemap><loc>https://a.example/s</loc></sitemap></sitemapindex>", "sitemap_index"),
        ("<opml><body/></opml>", "no_feed"),
        ("just words", "no_feed"),
        ("  \n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "wrong_type"),
    ],
)  # fmt: skip
def test_what_is_no_feed_says_so(body: str | bytes, code: str) -> None:
    assert refusal(body).code == code


def test_no_entity_is_ever_expanded_or_fetched() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    assert refusal(f"{bomb}<rss><channel><title>&b;&c;</title></channel></rss>").code == "doctype"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://x.example/a", "http://", "file:///etc/passwd"]
)
def test_links_that_lead_to_no_web_page_are_passed_over(link: str) -> None:
    assert read(f"<rss><channel><item><link>{link}</link></item></channel></rss>").entries == ()


@pytest.mark.parametrize(
    ("text", "is_read"),
    [("Thu, 26 Nov 2026 09:30:00 GMT", True), ("2026-11-26", True), ("yesterday", False), ("", False),
     ("Thu, 99 Nov 2026 09:30:00 GMT", False)],
)  # fmt: skip
def test_dates(text: str, is_read: bool) -> None:
    assert (read_date(text) is not None) is is_read


def test_statuses_become_what_they_mean() -> None:
    assert isinstance(outcome_of(answer("x")), Came)
    assert isinstance(outcome_of(answer("", status=304)), Unchanged)
    moved = outcome_of(answer("", status=301, location="/new"))
    assert moved == Moved("https://news.example/new")
    busy = outcome_of(answer("", status=429, **{"retry-after": "120"}))
    assert isinstance(busy, Obstructed) and (busy.code, busy.rest) == ("rate_limited", 120.0)
    away = outcome_of(answer("", status=500))
    assert isinstance(away, Obstructed) and (away.rest, away.lasts) == (None, False)
    wall = outcome_of(answer("", status=402))
    assert isinstance(wall, Obstructed) and wall.lasts
    lost = outcome_of(answer("", status=302, location="javascript:1"))
    assert isinstance(lost, Obstructed) and lost.code == "bad_redirect"


def test_retry_after_is_read_in_both_forms_and_bounded() -> None:
    assert retry_after("9999999") == 86400
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("soon") == 0
    assert host_of("https://NEWS.example.:443/x") == "news.example"


def test_validators_are_sent_back_only_as_they_may_stand_in_a_header() -> None:
    came = outcome_of(answer("x", **{"etag": '"a"', "last-modified": "é"}))
    assert isinstance(came, Came) and (came.etag, came.last_modified) == ('"a"', "")
