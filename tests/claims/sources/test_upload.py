"""Uploaded files, in every encoding that a newsroom's machines still write."""

import gzip
import time
from datetime import UTC, datetime

import pytest

from claims.sources import UnreadableArticle, parse_markdown, parse_upload

TEXT = "Café talks\n\nThe minister said “it’s settled” – 300 people were moved on Tuesday."


def refusal(name: str, content: bytes) -> UnreadableArticle:
    with pytest.raises(UnreadableArticle) as refused:
        parse_upload(name, content)
    assert refused.value.field == "file"
    return refused.value


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252", "mac_roman"],
)
def test_text_files_in_many_encodings(encoding: str) -> None:
    article = parse_upload("Story.TXT", TEXT.encode(encoding))
    assert article.body == TEXT
    assert article.title == "Café talks"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le café était fermé, où 300 élèves étaient présents.", "latin-1"),
        ("Ok café", "latin-1"),
        ("Die Straße wurde für 300 Bürger gesperrt, hieß es.", "latin-1"),
        ("Minister powiedział, że trzysta osób zginęło w środę w Łodzi.", "cp1250"),
        ("Министр сказал, что триста человек погибли в среду.", "cp1251"),
        ("大臣は、水曜日に三百人が死亡したと述べた。これは重大な問題である。", "shift_jis"),
    ],
)
def test_older_encodings_of_other_languages(text: str, encoding: str) -> None:
    assert parse_upload("a.txt", text.encode(encoding)).body == text


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a", "a.txt.exe", ".txt", "", "../../etc/passwd"])
def test_other_kinds_of_file_are_refused_by_name(name: str) -> None:
    refused = refusal(name, b"The minister said so.")
    assert refused.code == "wrong_type"
    assert ".txt, .md, .html or .htm" in refused.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG image"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (b"PK\x03\x04\x14\x00", "a zip archive or an office document"),
        (gzip.compress(b"x", mtime=0), "a gzip archive"),
        (bytes(range(256)) * 10, "not a text file"),
        (b"words \x00 and \x00 more words", "not a text file"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_binary_is_refused_whatever_its_name(name: str, content: bytes, said: str) -> None:
    refused = refusal(name, content)
    assert refused.code == "binary"
    assert said in refused.message
    assert "UTF-8" in refused.message


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.htm"])
@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_files_are_refused(name: str, content: bytes) -> None:
    assert refusal(name, content).code == "empty"


def test_letters_that_cannot_be_read_are_refused() -> None:
    refused = refusal("a.txt", b"\xff\xfe\x00\xd8 \x00x")
    assert refused.code == "encoding"
    assert "Save it as UTF-8" in refused.message


def test_the_limit_is_said_with_the_size() -> None:
    refused = refusal("a.txt", b"x" * 1_000_001)
    assert refused.code == "too_long"
    assert "1,000,001 bytes; the limit is 1,000,000" in refused.message
    assert len(parse_upload("a.txt", b"word " * 199_999).body) == 999_994
    assert len(parse_upload("a.txt", ("word " * 150_000).encode("utf-16")).body) == 749_999
    assert refusal("a.md", b"x" * 9_000_000).code == "too_long"
    assert refusal("a.html", b"<p>" + b"x" * 9_000_000).code == "too_long"


def test_html_files() -> None:
    article = parse_upload("a.htm", b"<title>T</title><p>Five people died.</p><script>alert(1)</script>")
    assert (article.title, article.body) == ("T", "Five people died.")


MARKDOWN = """---
title: "River at record level"
author: Jon Aske
date: 2024-03-05
---
# River at record level

The river reached **4.2 metres**, [the commission](https://x.example/a) said,
after two days of rain.\\
It was `1997` again.

## Schools

- Three closed
- 240 pupils moved
    - most by bus

> “We had no choice.”

![map](map.png)

<div onclick="x()"><script>alert(1)</script>The ministry &amp; the town agree.</div>

| Year | Metres |
|------|--------|
| 1997 | 4.1    |
"""


def test_markdown_becomes_plain_lines() -> None:
    article = parse_upload("a.md", MARKDOWN.encode())
    assert article.title == "River at record level"
    assert article.byline == "Jon Aske"
    assert article.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert article.body == (
        "The river reached 4.2 metres, the commission said, after two days of rain.\nIt was 1997 again.\n\n"
        "Schools\n\n- Three closed\n- 240 pupils moved\n- most by bus\n\n“We had no choice.”\n\n"
        "The ministry & the town agree.\n\nYear | Metres\n\n1997 | 4.1"
    )


def test_markdown_without_a_heading_has_a_title() -> None:
    assert parse_markdown("Plain words.\n\nMore.").title == "Plain words."
    assert parse_markdown("---\n\nA rule, not front matter.").body == "A rule, not front matter."


def test_markdown_of_nothing_but_a_heading_keeps_it() -> None:
    assert parse_markdown("# Only this").body == "Only this"


HOSTILE = {
    "brackets": "word " + "[" * 900_000,
    "emphasis": "word " + "*a " * 300_000,
    "links": "word " + "[a](b" * 180_000,
    "quotes": ">" * 900_000 + " word",
    "nesting": "".join(" " * depth + "- word\n" for depth in range(1_300)),
    "backticks": "word " + "".join("x" + "`" * (count % 300) for count in range(5_000)),
    "items": "1. word\n" * 9_000,
    "headings": "# word\n" * 90_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markdown_is_read_in_bounded_time(source: str) -> None:
    started = time.monotonic()
    assert "word" in parse_markdown(source).body
    assert time.monotonic() - started < 8
