"""Pages: the article's words and what the page says of itself; hostile markup costs no time."""

import json
import re
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.sources import UnreadableArticle, parse_html
from tests.claims.sources.test_text import is_clean

PARAGRAPHS = [
    "The river commission measured 4.2 metres at the old bridge on Tuesday, the highest since 1997.",
    "“We closed three schools and moved 240 pupils,” the mayor, Ilse Brandt, told reporters on Wednesday.",
    "Insurers put the damage at €18 million, although the ministry has not yet confirmed that figure.",
]
PAGE = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>River at record level - The Valley Post</title>
<meta property="og:title" content="River at record level">
<meta property="og:site_name" content="The Valley Post">
<meta property="article:published_time" content="2024-03-05T07:30:00+01:00">
<link rel="canonical" href="/news/river">
<script type="application/ld+json">{
    json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "NewsArticle",
                    "headline": "River at record level",
                    "author": [
                        {"@type": "Person", "name": "Jon Aske"},
                        {"@type": "Person", "name": "Mia Lund"},
                    ],
                },
            ],
        }
    )
}</script>
<style>p {{ color: red }}</style></head>
<body><nav><a href="/">Front page</a> <a href="/sport">Sport</a></nav>
<article><h1>River at record level</h1><p>{PARAGRAPHS[0]}</p><h2>Schools closed</h2><p>{PARAGRAPHS[1]}</p>
<ul><li>Two roads are closed until Friday.</li><li>The rail line is open again.</li></ul>
<p>{PARAGRAPHS[2]}</p></article>
<script>document.write("<p>scripted</p>")</script><footer>© The Valley Post</footer></body></html>"""


def test_an_article_page_is_read_whole() -> None:
    article = parse_html(PAGE, url="https://www.valley.example/news/river?utm_source=x")
    assert article.title == "River at record level"
    assert article.byline == "Jon Aske, Mia Lund"
    assert article.language == "en"
    assert article.site_name == "The Valley Post"
    assert article.published_at == datetime(2024, 3, 5, 7, 30, tzinfo=timezone(timedelta(hours=1)))
    assert article.url == "https://www.valley.example/news/river?utm_source=x"
    assert article.canonical_url == "https://www.valley.example/news/river"
    assert article.body == "\n\n".join(
        [
            PARAGRAPHS[0],
            "Schools closed",
            PARAGRAPHS[1],
            "- Two roads are closed until Friday.\n- The rail line is open again.",
            PARAGRAPHS[2],
        ]
    )


def test_a_page_may_not_claim_another_sites_address() -> None:
    stolen = PAGE.replace('href="/news/river"', 'href="https://other.example/news/river"')
    assert parse_html(stolen, url="https://valley.example/x").canonical_url is None
    assert parse_html(stolen).canonical_url == "https://other.example/news/river"
    assert (
        parse_html(PAGE.replace("/news/river", "javascript:x"), url="https://valley.example/").canonical_url
        is None
    )


def test_dates_without_a_zone_are_utc_and_nonsense_is_none() -> None:
    def dated(text: str) -> datetime | None:
        return parse_html(PAGE.replace("2024-03-05T07:30:00+01:00", text)).published_at

    assert dated("2024-03-05") == datetime(2024, 3, 5, tzinfo=UTC)
    assert dated("2024-03-05T07:30:00.123Z") == datetime(2024, 3, 5, 7, 30, tzinfo=UTC)
    assert dated("2024-03-05 07:30") == datetime(2024, 3, 5, 7, 30, tzinfo=UTC)
    assert dated("yesterday") is None
    assert dated("2024-13-45") is None


def test_a_short_fragment_keeps_all_its_words() -> None:
    article = parse_html("<p>Five died &amp; six were hurt.</p><script>x</script><p>So it was.</p>")
    assert article.body == "Five died & six were hurt.\n\nSo it was."
    assert article.title == "Five died & six were hurt."


def test_a_date_in_the_articles_header_is_read() -> None:
    page = "<article><header><time datetime='2024-03-05'>Tuesday</time></header><p>Five died.</p></article>"
    article = parse_html(page)
    assert "Five died." in article.body
    assert article.published_at == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("encoded", "word"),
    [
        (b"<meta charset=windows-1252><p>The caf\xe9 paid \x80 5.</p>", "café paid € 5"),
        ("<meta charset=iso-8859-1><p>The café paid € 5.</p>".encode(), "café paid € 5"),
        (
            '<meta http-equiv=content-type content="text/html; charset=windows-1251"><p>Пять человек.'.encode(
                "cp1251"
            ),
            "Пять человек",
        ),
        ("<p>The café paid.</p>".encode("utf-16"), "café paid"),
        ('<?xml version="1.0" encoding="utf-8"?><html><body><p>The café.</p></body></html>'.encode(), "café"),
        (b"<meta charset=rot13><p>Plain words.</p>", "Plain words"),
        (b"<meta charset=no-such><p>The caf\xe9.</p>", "café"),
    ],
)
def test_encodings_of_pages(encoded: bytes, word: str) -> None:
    assert word in parse_html(encoded).body


HOSTILE = {
    "nested divs, never closed": "<div>" * 200_000 + "hello world",
    "nested divs, closed": "<div>" * 90_000 + "hello world" + "</div>" * 90_000,
    "deep and wide": ("<div>" * 240 + "hello world " + "</div>" * 240) * 70,
    "nested lists": "<ul><li>hello world" * 50_000,
    "formatting": "<b>hello <i>world " * 40_000,
    "tables": "<table><tr><td>hello world" * 40_000,
    "open comments": "hello world" + "<!--" * 250_000,
    "angle brackets": "hello world " + "<" * 900_000,
    "one attribute": '<p title="' + "x" * 1_000_000 + '">hello world',
    "one word": "<p>hello world" + "x" * 900_000,
    "spaces": "<p>" + " " * 900_000 + "hello world",
    "line ends": "<p>hello world" + "\n" * 900_000,
    "deep JSON": '<script type="application/ld+json">' + "[" * 90_000 + "</script><p>hello world",
    "dates": "<p>hello world 2016-01-20 " * 30_000,
    "breaks": "hello world<br>" * 60_000,
    "crossed tags": "<p><b><a></p>hello world</b></a></i>" * 10_000,
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markup_is_read_in_bounded_time(markup: str) -> None:
    started = time.monotonic()
    article = parse_html(markup)
    assert time.monotonic() - started < 8
    assert "hello" in article.body
    assert is_clean(article.body)


def test_entities_of_a_document_type_are_never_expanded() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{levels}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    article = parse_html(f"{bomb}<html><body><p>Five died. &l9; &f;</p></body></html>")
    assert article.body.startswith("Five died.")
    assert len(article.body) < 100
    assert "root:" not in article.body


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<html></html>",
        "<script>alert('words')</script>",
        "<div><br></div>",
        "<!-- words -->",
        "<style>p{}</style>",
    ],
)
def test_pages_without_words_are_refused(markup: str) -> None:
    with pytest.raises(UnreadableArticle, match=r"paste its words instead") as refused:
        parse_html(markup)
    assert (refused.value.field, refused.value.code) == ("html", "empty")


def test_pages_over_the_limits_are_refused_with_the_size() -> None:
    with pytest.raises(UnreadableArticle, match=r"5,000,010 bytes; the limit is 5,000,000"):
        parse_html("<p>" + "x" * 5_000_007)
    with pytest.raises(UnreadableArticle, match="the limit is 1,000,000") as refused:
        parse_html("<p>" + "word " * 300_000)
    assert refused.value.code == "too_long"


PIECES = re.findall(
    r"[^ ]+",
    "<p> </p> <div > <b> </i> <table><tr> <script> </script> <!-- --> &#0; &#x1f; &#xd800; &lt; <title> <li> "
    "<svg><title> ]]> <![CDATA[ <?xml <h1> \x00 <a\xa0href=' <meta/charset=utf-7> <html/lang=' "
    "<time/datetime='2020-99-99'> 5\u2009people\u2009died.",
)
MARKUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=10), max_size=30)


@settings(max_examples=150, deadline=None)
@given(MARKUP, st.sampled_from([None, "https://valley.example/a"]))
def test_no_markup_crashes_the_parser_or_leaves_controls(pieces: list[str], url: str | None) -> None:
    try:
        article = parse_html("".join(pieces), url=url)
    except UnreadableArticle as refusal:
        assert refusal.field == "html" and refusal.message.endswith(".")
        return
    assert is_clean(article.body) and article.body and article.title
    assert not re.search(r"<(?:script|style)\b[^>]*>\s*alert", article.body)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_crash_the_parser(content: bytes) -> None:
    try:
        assert is_clean(parse_html(content).body)
    except UnreadableArticle as refusal:
        assert refusal.field == "html"
