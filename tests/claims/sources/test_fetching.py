"""Articles by address, from a real server: every way a page can fail to be an article is said."""

import gzip
import socket
import time

import pytest

from claims.sources import UnreadableArticle, fetch_article, fetching
from claimtracker.kernel.outbound import OutboundPolicy
from tests.claims.sources.test_html import PAGE, PARAGRAPHS
from tests.support.hostile_server import Asked, HostileServer


def refusal(url: str) -> UnreadableArticle:
    with pytest.raises(UnreadableArticle) as refused:
        fetch_article(url)
    assert refused.value.field == "url"
    assert refused.value.message.endswith(".")
    return refused.value


def test_a_page_is_fetched_through_a_redirect(server: HostileServer) -> None:
    packed = gzip.compress(PAGE.encode())
    server.gives("/news/river", packed, headers=("Content-Type: text/html", "Content-Encoding: gzip"))
    article = fetch_article(f" {server.redirects('/short', '/news/river')}\n")
    assert article.title == "River at record level"
    assert article.url == server.url("/news/river")
    assert article.canonical_url == server.url("/news/river")
    assert PARAGRAPHS[1] in article.body
    assert "text/html" in server.asked[0].headers["accept"]


def test_the_servers_charset_is_used(server: HostileServer) -> None:
    body = "".join(
        f"<p>Пять человек погибли в среду, сообщил министр номер {n}.</p>" for n in range(9)
    ).encode("koi8-r")
    url = server.gives("/", body, headers=("Content-Type: text/html; charset=koi8-r",))
    assert "Пять человек погибли в среду" in fetch_article(url).body


@pytest.mark.parametrize(
    ("kind", "path", "content", "body"),
    [
        ("text/plain; charset=utf-8", "/a.txt", b"Title\n\nWords.", "Title\n\nWords."),
        ("text/markdown", "/a", b"# Title\n\nWords.", "Words."),
        ("text/plain", "/a.md", b"# Title\n\nWords.", "Words."),
    ],
)
def test_plain_text_and_markdown(
    server: HostileServer, kind: str, path: str, content: bytes, body: str
) -> None:
    url = server.gives(path, content, headers=(f"Content-Type: {kind}",))
    article = fetch_article(url)
    assert (article.title, article.body, article.url) == ("Title", body, url)


@pytest.mark.parametrize(
    ("status", "code", "mend"),
    [
        ("404 Not Found", "not_found", "Check the address"),
        ("410 Gone", "not_found", "Check the address"),
        ("401 Unauthorized", "forbidden", "paste the text"),
        ("402 Payment Required", "paywalled", "paste the text"),
        ("403 Forbidden", "forbidden", "paste the text"),
        ("418 Teapot", "http_status", "paste the text"),
        ("429 Too Many Requests", "rate_limited", "Try again later"),
        ("500 Internal Server Error", "site_error", "Try again later"),
        ("503 Unavailable", "site_error", "Try again later"),
        ("304 Not Modified", "http_status", "paste the text"),
    ],
)
def test_error_statuses(server: HostileServer, status: str, code: str, mend: str) -> None:
    body = b"" if status.startswith("304") else PAGE.encode()
    refused = refusal(server.gives("/", body, status=status))
    assert refused.code == code
    assert status[:3] in refused.message and mend in refused.message


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json", "video/mp4"])
def test_other_types_are_refused(server: HostileServer, kind: str) -> None:
    refused = refusal(server.gives("/", b"<p>words</p>", headers=(f"Content-Type: {kind}",)))
    assert refused.code == "wrong_type"
    assert kind in refused.message


def test_binary_that_calls_itself_a_page_is_refused(server: HostileServer) -> None:
    assert refusal(server.gives("/", b"\x89PNG\r\n\x1a\n" + bytes(200))).code == "binary"


def test_a_page_without_a_type_is_looked_at(server: HostileServer) -> None:
    assert fetch_article(server.gives("/", PAGE.encode(), headers=())).title == "River at record level"
    assert refusal(server.gives("/x", bytes(range(256)), headers=())).code == "binary"


PREVIEW = "<title>River at record level</title><article><p>{}</p><p>{}</p></article>"


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("", "empty"),
        ("<html><body><div id=app></div><script src=/app.js></script></body></html>", "empty"),
        ("<p>Loading</p>", "empty"),
        ("<title>404 | The Post</title><h1>Page not found</h1><p>We looked everywhere.</p>", "error_page"),
        (
            "<title>Just a moment...</title><p>Checking your browser, then on to the site.</p>",
            "error_page",
        ),
        ("<title>Access Denied</title><p>You have no permission to see this.</p>", "error_page"),
        (
            PREVIEW.format(PARAGRAPHS[0], "Subscribe to continue reading this story."),
            "paywalled",
        ),
        (PREVIEW.format(PARAGRAPHS[0], "Already a subscriber? Log in."), "paywalled"),
        (
            PREVIEW.format(PARAGRAPHS[0], PARAGRAPHS[1]) + '<script type="application/ld+json">'
            '{"@type":"NewsArticle","isAccessibleForFree":false}</script>',
            "paywalled",
        ),
    ],
)
def test_pages_that_are_no_article(server: HostileServer, markup: str, code: str) -> None:
    refused = refusal(server.gives("/", markup.encode()))
    assert refused.code == code
    assert "paste" in refused.message.lower()


def test_an_article_about_paywalls_is_an_article(server: HostileServer) -> None:
    more = "".join(f"<p>Reader {n} was told to subscribe to continue reading it.</p>" for n in range(30))
    page = PAGE.replace("</article>", f"{more}</article>")
    assert "subscribe to continue" in fetch_article(server.gives("/", page.encode())).body


def test_private_and_dead_addresses_name_the_field(server: HostileServer) -> None:
    inside = refusal("http://10.0.0.5/story")
    assert inside.code == "private_address"
    assert "a private network (10.0.0.5)" in inside.message and "paste the text instead" in inside.message
    assert refusal("http://localhost/story").code == "private_address"
    assert refusal(server.redirects("/", "http://169.254.169.254/")).code == "private_address"
    assert refusal("not an address").code == "bad_url"
    assert refusal("").code == "bad_url"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    dead = OutboundPolicy(let_through=frozenset({("127.0.0.1", port)}))
    with pytest.raises(UnreadableArticle) as refused:
        fetch_article(f"http://127.0.0.1:{port}/", allow=dead)
    assert (refused.value.field, refused.value.code) == ("url", "unreachable")


def test_a_huge_page_is_cut(server: HostileServer) -> None:
    def endless(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            connection.sendall(b"<p>word</p>" * 5_000)

    assert refusal(server.sends("/", endless)).code == "too_large"


def test_a_slow_page_is_cut(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n")
        for _ in range(60):
            connection.sendall(b"x")
            time.sleep(0.05)

    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.5)
    started = time.monotonic()
    assert refusal(server.sends("/", slow)).code == "timeout"
    assert time.monotonic() - started < 2.5
