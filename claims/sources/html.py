"""HTML pages to articles: the main text by trafilatura, what the page says of itself by html_page."""

import re
from dataclasses import dataclass

from lxml import html

from claims.sources.article import ParsedArticle, UnreadableArticle
from claims.sources.decoding import decode_text
from claims.sources.html_page import Page
from claims.sources.text import checked_body, normalise_body, one_line, title_from
from claimtracker.kernel.html import html_to_text

# The limit of a page with its markup, in bytes; that of its text is MOST_TEXT_BYTES.
MOST_HTML_BYTES = 5_000_000

_AROUND_THE_ARTICLE = ("nav", "header", "footer", "aside", "form", "button", "select", "script", "noscript")
_LIST_BREAK = re.compile(r"(?<=\n)(- [^\n]*\n)\n(?=- )")
# Below this many characters trafilatura was asked for more than a short page has.
_SHORT_BODY = 200


@dataclass(frozen=True, slots=True)
class ReadPage:
    """An article from a page, and whether the page says that it must be paid for."""

    article: ParsedArticle
    says_paid: bool


def parse_html(content: str | bytes, *, url: str | None = None) -> ParsedArticle:
    """The article of a page or of a fragment of one; `url` is where it came from, if anywhere.

    Raises UnreadableArticle for the field "html".
    """
    return read_page(content, url=url).article


def read_page(content: str | bytes, *, url: str | None = None, charset: str | None = None) -> ReadPage:
    """As parse_html; `charset` is what the server declared for bytes."""
    if len(content) > MOST_HTML_BYTES:
        raise UnreadableArticle(
            "html",
            "too_long",
            f"The page has {len(content):,} bytes; the limit is {MOST_HTML_BYTES:,}. "
            "Paste the article's words instead.",
        )
    source = (
        content
        if isinstance(content, str)
        else decode_text(content, field="html", charset=charset, html=True)
    )
    page = Page(source)
    title = page.title()
    # Looking for the words may take the page's header out of the tree, with its names and dates.
    byline, published_at = page.byline(), page.published_at()
    body = _without_title(normalise_body(_body(page, source)), title)
    if not any(character.isalnum() for character in body):
        raise UnreadableArticle(
            "html",
            "empty",
            "No article text was found in this page. It may be drawn by scripts; paste its words instead.",
        )
    body = checked_body(body, field="html")
    article = ParsedArticle(
        title=title or title_from(body),
        byline=byline,
        body=body,
        language=page.language(),
        published_at=published_at,
        url=url,
        canonical_url=page.canonical_url(url),
        site_name=page.site_name(),
    )
    return ReadPage(article, page.says_paid())


def _body(page: Page, source: str) -> str:
    """The main text; where none stands out (short pages, absurd markup), all text of the page."""
    if page.tree is None:
        return html_to_text(source)
    main = _main_text(page.tree)
    if len(main) >= _SHORT_BODY:
        return main
    everything = _all_text(page.tree)
    # A short main text is better than everything only when it is most of it.
    return main if main and len(main) * 2 > len(everything) else everything


def _main_text(tree: html.HtmlElement) -> str:
    # Half a second and 15 MB that only the reading of pages needs.
    import trafilatura

    try:
        found = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True)
    except Exception:  # noqa: BLE001 - whatever hostile markup trips in the parser, the page's text is left
        return ""
    text = getattr(found, "text", None) or ""
    return _LIST_BREAK.sub(r"\1", text.replace("\n", "\n\n"))


def _all_text(tree: html.HtmlElement) -> str:
    for element in list(tree.iter(*_AROUND_THE_ARTICLE)):
        if element.getparent() is not None:
            element.drop_tree()
    root = next(
        (part for tag in ("article", "main", "body") if (part := tree.find(f".//{tag}")) is not None), tree
    )
    return html_to_text(html.tostring(root, encoding="unicode")).replace("\n", "\n\n")


def _without_title(body: str, title: str) -> str:
    first, _, rest = body.partition("\n")
    return rest.strip("\n") if title and rest and one_line(first.lstrip("# ")) == title else body
