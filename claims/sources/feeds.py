"""What a watched address lists: RSS, Atom and RDF feeds, news sitemaps, or itself where it is a page.

lxml without entities, DTDs and network; nothing of what a feed brings is shown or stored but plain text and
addresses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpx
from lxml import etree

from claims.sources.article import UnreadableArticle
from claims.sources.dates import parse_date
from claims.sources.decoding import charset_of, decode_text
from claims.sources.html_page import Page
from claims.sources.text import one_line
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.html import html_to_text
from claimtracker.kernel.outbound import OutboundRefused, Response, parse_url

MOST_FEED_BYTES = 5_000_000
MOST_ENTRIES = 1_000
LONGEST_LINK = 2_000

_PROLOGUE = re.compile(r"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?")
_DOCTYPE = re.compile(r"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:\w+:)?(item|entry|url)\s*>", re.IGNORECASE)
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);|#)")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_FEED_LINKS = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})


class Kind(StrEnum):
    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page that is listed, by the one spelling of its address."""

    url: str
    title: str
    published_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """``entries`` in the order of the feed, each address once; ``note`` is what was odd, for people;
    ``elsewhere`` are addresses of feeds that a page names as its own."""

    kind: Kind
    title: str
    entries: tuple[Entry, ...]
    note: str = ""
    elsewhere: tuple[str, ...] = ()


class UnreadableFeed(ValueError):
    """Nothing that could be watched: a code, and a sentence with the mend."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def read_listing(answer: Response) -> Listing:
    """What the answer of a watched address lists. Raises UnreadableFeed."""
    if not answer.body.strip():
        raise UnreadableFeed("empty", "The address answers with nothing at all. Check it in your browser.")
    try:
        text = decode_text(
            answer.body, field="url", charset=charset_of(answer.headers.get("content-type", "")), html=True
        )
    except UnreadableArticle as why:
        raise UnreadableFeed(
            "wrong_type", "What comes from this address is no text. Give the address of a feed or a page."
        ) from why
    beginning = text[:3000].lstrip("\ufeff \t\r\n").lower()
    is_xml = beginning.startswith("<?xml") or re.match(
        r"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b", beginning
    )
    is_page = "<html" in beginning or beginning.startswith("<!doctype html")
    if is_page or (answer.content_type in _HTML_TYPES and not is_xml):
        return _page(answer, text)
    if not is_xml and not beginning.startswith("<"):
        raise UnreadableFeed(
            "no_feed",
            "This is neither a feed nor a web page. Look for a link called RSS or Atom on the site.",
        )
    return _listing(text, answer.url)


def _listing(text: str, url: str) -> Listing:
    root, note = _tree(text)
    name = _name(root)
    if name == "sitemapindex":
        first = next((_text(child) for child in root.iter() if _name(child) == "loc"), "")
        such_as = f", such as {first[:200]}" if first else ""
        raise UnreadableFeed(
            "sitemap_index",
            f"This lists other sitemaps, not articles. Give the one with the news{such_as}.",
        )
    if name not in {"rss", "feed", "rdf", "urlset"}:
        raise UnreadableFeed(
            "no_feed", f"This is XML of another kind ({name[:40] or 'unnamed'}). Give the address of a feed."
        )
    entries, passed_over = _entries(root, url)
    if passed_over:
        note = f"{note} {passed_over} without a web address of their own were passed over.".strip()
    kind = Kind.SITEMAP if name == "urlset" else Kind.FEED
    return Listing(kind, one_line(_own_title(root)), tuple(entries), note)


def _tree(text: str) -> tuple[etree._Element, str]:
    """The root, and a note when only the beginning could be read. Raises UnreadableFeed."""
    text = _PROLOGUE.sub("", text.lstrip("\ufeff"), count=1)
    if _DOCTYPE.search(text[:20_000]):
        raise UnreadableFeed(
            "doctype",
            "The feed declares entities of its own, which are never read. Ask the site for a plain feed.",
        )
    text = "".join(character for character in text if character >= " " or character in "\t\n\r")
    try:
        return _parsed(text), ""
    except etree.XMLSyntaxError as error:
        # entities of HTML and bare ampersands are the commonest fault, and no loss
        try:
            return _parsed(_NAMED_ENTITY.sub("&amp;", text)), ""
        except etree.XMLSyntaxError:
            return _beginning(text, error)


def _beginning(text: str, error: etree.XMLSyntaxError) -> tuple[etree._Element, str]:
    line, column = error.position
    lines = text.split("\n")
    at = sum(len(each) + 1 for each in lines[: line - 1]) + column
    whole = [match.end() for match in _CLOSED.finditer(text, 0, at)]
    broken = f"The feed's XML is broken in line {line} ({str(error.msg)[:120]})."
    if not whole:
        raise UnreadableFeed(
            "broken_xml", f"{broken} Nothing before that could be read; ask the site to mend it."
        )
    parser = _parser(recover=True)
    root = etree.fromstring(_NAMED_ENTITY.sub("&amp;", text[: whole[-1]]).encode(), parser)
    if root is None:
        raise UnreadableFeed("broken_xml", f"{broken} Ask the site to mend it.")
    return root, f"{broken} What stands before that was read."


def _parsed(text: str) -> etree._Element:
    return etree.fromstring(text.encode(), _parser())


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=recover,
    )  # fmt: skip


def _entries(root: etree._Element, base: str) -> tuple[list[Entry], int]:
    found: dict[str, Entry] = {}
    passed_over = 0
    for node in root.iter():
        if _name(node) not in {"item", "entry", "url"} or len(found) >= MOST_ENTRIES:
            continue
        address = _address(_link(node), _base(node, base))
        if not address:
            passed_over += 1
        elif address not in found:
            published = _date(node, "pubdate", "published", "date", "publication_date", "issued")
            updated = _date(node, "updated", "modified", "lastmod")
            found[address] = Entry(address, one_line(_title(node)), published or updated, updated)
    return list(found.values()), passed_over


def _link(node: etree._Element) -> str:
    """Atom's alternate link, RSS's link, a guid that is one, a sitemap's loc."""
    best = ""
    for child in node:
        name = _name(child)
        if name == "loc" or (name == "link" and not child.get("href") and _text(child)):
            return _text(child)
        if name == "link" and child.get("href") and child.get("rel", "alternate") == "alternate":
            return child.get("href") or ""
        if name == "guid" and child.get("isPermaLink", "true") != "false" and _text(child).startswith("http"):
            best = _text(child)
    return best


def _address(link: str, base: str) -> str:
    """The one spelling of a link, or "" when it leads nowhere that could be fetched."""
    link = link.strip()
    if not link:
        return ""
    try:
        address = normalised_url(str(parse_url(str(httpx.URL(base).join(link)))))
    except (OutboundRefused, httpx.InvalidURL, UnicodeError, ValueError):
        return ""
    return address if len(address) <= LONGEST_LINK else ""


def _base(node: etree._Element, url: str) -> str:
    return node.base if node.base and node.base.startswith("http") else url


def _title(node: etree._Element) -> str:
    for inner in node.iter():
        if inner is not node and _name(inner) == "title" and _text(inner):
            return html_to_text(_text(inner)) if "<" in _text(inner) or "&" in _text(inner) else _text(inner)
    return ""


def _own_title(root: etree._Element) -> str:
    for child in root:
        if _name(child) == "title":
            return _text(child)
        if _name(child) == "channel":
            return next((_text(inner) for inner in child if _name(inner) == "title"), "")
    return ""


def _date(node: etree._Element, *names: str) -> datetime | None:
    for inner in node.iter():
        if inner is not node and _name(inner) in names and (moment := read_date(_text(inner))):
            return moment
    return None


def read_date(text: str) -> datetime | None:
    """A moment as feeds write it: RFC 822 or ISO 8601, in UTC when it names no zone."""
    text = text.strip()[:60]
    if moment := parse_date(text):
        return moment
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if 1600 < moment.year < 2200 else None


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""


def _text(node: etree._Element) -> str:
    return "".join(_texts(node)).strip()


def _texts(node: etree._Element) -> Iterator[str]:
    return (str(part) for part in node.itertext())


def _page(answer: Response, text: str) -> Listing:
    """A page lists itself, and may name feeds."""
    page = Page(text)
    try:
        own = normalised_url(answer.url)
    except ValueError:
        raise UnreadableFeed("bad_url", "The page's address cannot be kept. Give another one.") from None
    feeds = []
    if page.tree is not None:
        for link in page.tree.iter("link"):
            kind, rel = (link.get("type") or "").lower(), (link.get("rel") or "").lower().split()
            address = _address(link.get("href") or "", answer.url) if "alternate" in rel else ""
            if kind in _FEED_LINKS and address and address not in feeds:
                feeds.append(address)
    title = one_line(page.title())
    entry = Entry(own, title, None, None)
    return Listing(Kind.PAGE, title, (entry,), elsewhere=tuple(feeds[:5]))
