"""One HTML page as a bounded tree, and what its head says about the article."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
from lxml import etree, html

from claims.sources.dates import parse_date
from claims.sources.text import normalise_body, one_line
from claimtracker.kernel.outbound import OutboundRefused, parse_url

# trafilatura takes about 50 microseconds for an element; a news page has some thousands.
_MOST_ELEMENTS = 20_000
# Its cost also grows with depth; the elements of a news page lie about 15 deep.
_MOST_DEPTH_IN_ALL = 400_000
_LONGEST_ATTRIBUTE = 2_000
_LONGEST_JSON = 200_000
_NEVER_TEXT = ("style", "svg", "math", "template", "iframe", "object", "embed", "canvas", "video", "audio")
_PROLOGUE = re.compile(
    r"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)?", re.IGNORECASE
)


class Page:
    """The tree of a page, without what never holds an article's words; `tree` is None when the page is
    too large or too deeply nested to be worth one."""

    def __init__(self, source: str) -> None:
        self.tree = _bounded_tree(source)
        self._linked = list(_linked_articles(self.tree)) if self.tree is not None else []
        if self.tree is not None:
            _drop_ballast(self.tree)

    def meta(self, *names: str) -> str:
        """The content of the first of these meta elements (by property, name or itemprop)."""
        if self.tree is None:
            return ""
        found = {
            (element.get("property") or element.get("name") or element.get("itemprop") or "").lower(): value
            for element in reversed(list(self.tree.iter("meta")))
            if (value := (element.get("content") or "").strip())
        }
        return next((found[name] for name in names if name in found), "")

    def title(self) -> str:
        """The headline: as the page announces it, else its only h1, else the window's title."""
        announced = self.meta("og:title", "twitter:title") or self._linked_text("headline")
        if announced or self.tree is None:
            return one_line(announced)
        headings = [text for element in self.tree.iter("h1") if (text := one_line(element.text_content()))]
        if len(headings) == 1:
            return headings[0]
        window = next((one_line(element.text_content()) for element in self.tree.iter("title")), "")
        return _without_site(window, self.site_name()) or (headings[0] if headings else "")

    def byline(self) -> str:
        """The authors' names as the page's data gives them; "" when it gives none."""
        for value in self._linked_values("author"):
            names = [_name(author) for author in (value if isinstance(value, list) else [value])]
            named = ", ".join(dict.fromkeys(filter(None, names)))
            if named:
                return one_line(named)
        named = self.meta("author", "article:author", "byl", "dc.creator", "parsely-author")
        return "" if named.startswith(("http://", "https://")) else one_line(named)

    def site_name(self) -> str | None:
        """The publication's name."""
        named = self.meta("og:site_name", "application-name")
        if not named:
            named = next(filter(None, (_name(value) for value in self._linked_values("publisher"))), "")
        return one_line(named, limit=120) or None

    def published_at(self) -> datetime | None:
        """When the page says that the article appeared."""
        stated = [
            self.meta("article:published_time", "datepublished", "og:published_time", "parsely-pub-date"),
            self._linked_text("datePublished"),
            self.meta("date", "dc.date", "dc.date.issued", "dcterms.created", "pubdate", "publishdate"),
        ]
        if self.tree is not None:
            times = self.tree.xpath("//time[@datetime][@pubdate or @itemprop='datePublished']/@datetime")
            stated += [str(time) for time in (times or self.tree.xpath("//article//time/@datetime")[:1])]
        return next((moment for text in stated if (moment := parse_date(text))), None)

    def language(self) -> str | None:
        """The primary language subtag that the page declares, such as "en"."""
        if self.tree is None:
            return None
        root = self.tree.getroottree().getroot()
        declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        declared = declared or self.meta("og:locale", "content-language")
        found = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", declared)
        return found[1].lower() if found else None

    def canonical_url(self, url: str | None) -> str | None:
        """The address that the page calls its own. A page may not claim another site's."""
        if self.tree is None:
            return None
        links = [
            element.get("href") or ""
            for element in self.tree.iter("link")
            if "canonical" in (element.get("rel") or "").lower().split()
        ]
        for candidate in (*links[:1], self.meta("og:url")):
            absolute = _absolute(candidate.strip(), url)
            if absolute is not None and (url is None or _site(absolute) == _site(parse_url(url))):
                return str(absolute)
        return None

    def says_paid(self) -> bool:
        """Whether the page's own data says that it is not free to read."""
        tier = self.meta("article:content_tier").lower()
        values = [str(value).lower() for value in self._linked_values("isAccessibleForFree")]
        return tier in {"locked", "metered"} or "false" in values

    def _linked_values(self, key: str) -> Iterator[Any]:
        return (node[key] for node in self._linked if key in node)

    def _linked_text(self, key: str) -> str:
        return next((value for value in self._linked_values(key) if isinstance(value, str)), "")


def _bounded_tree(source: str) -> html.HtmlElement | None:
    markup = _PROLOGUE.sub("", normalise_body(source), count=1)
    if markup.count("<") > 4 * _MOST_ELEMENTS:
        return None
    # Entities of a DTD are never expanded by the HTML parser, and nothing is loaded.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(markup.encode(), parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    cut_off = any("depth" in entry.message for entry in parser.error_log)
    return None if cut_off or not _is_affordable(tree) else tree


def _is_affordable(tree: html.HtmlElement) -> bool:
    elements = depth = depths = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        depths += depth
    return elements <= _MOST_ELEMENTS and depths <= 2 * _MOST_DEPTH_IN_ALL


def _drop_ballast(tree: html.HtmlElement) -> None:
    etree.strip_elements(tree, "script", *_NEVER_TEXT, with_tail=False)
    for element in tree.iter(etree.Element):
        for name in [name for name, value in element.attrib.items() if len(value) > _LONGEST_ATTRIBUTE]:
            del element.attrib[name]


def _linked_articles(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """The nodes of the page's JSON-LD that describe an article."""
    nodes: list[dict[str, Any]] = []
    for script in tree.xpath("//script[@type='application/ld+json']")[:20]:
        text = script.text or ""
        if len(text) > _LONGEST_JSON:
            continue
        try:
            nodes += _flat(json.loads(text, strict=False))
        except (ValueError, RecursionError):
            continue
    is_article = [node for node in nodes if "article" in str(node.get("@type", "")).lower()]
    return iter(is_article)


def _flat(linked: Any) -> list[dict[str, Any]]:
    top = linked if isinstance(linked, list) else [linked]
    nodes = [node for node in top if isinstance(node, dict)]
    graphs = [node["@graph"] for node in nodes if isinstance(node.get("@graph"), list)]
    return nodes + [node for graph in graphs for node in graph if isinstance(node, dict)]


def _name(value: Any) -> str:
    if isinstance(value, list):
        return next(filter(None, map(_name, value[:10])), "") if value else ""
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _without_site(window_title: str, site: str | None) -> str:
    head, mark, tail = window_title.rpartition(" - ")
    for separator in (" | ", " – ", " — "):
        if not mark:
            head, mark, tail = window_title.rpartition(separator)
    return (
        head
        if mark and (tail.strip() == site or len(tail.split()) <= 3 < len(head.split()))
        else window_title
    )


def _absolute(candidate: str, url: str | None) -> httpx.URL | None:
    if not candidate:
        return None
    try:
        return parse_url(str(httpx.URL(url).join(candidate)) if url else candidate)
    except (OutboundRefused, httpx.InvalidURL, ValueError):
        return None


def _site(url: httpx.URL) -> str:
    return re.sub(r"\A(?:www|m|mobile|amp)\.", "", url.host.lower())
