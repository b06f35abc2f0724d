"""Sitemaps (sitemaps.org 0.9) from plain facts. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from claimtracker.kernel.moments import rfc3339

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
CONTENT_TYPE = "application/xml; charset=utf-8"

Address = tuple[str, datetime | None]


@dataclass(frozen=True, slots=True)
class NewsItem:
    url: str
    title: str
    language: str
    published: datetime


def index(parts: Iterable[Address]) -> bytes:
    root = ET.Element("sitemapindex", {"xmlns": SITEMAP})
    for address, changed in parts:
        _address(ET.SubElement(root, "sitemap"), address, changed)
    return _written(root)


def urls(addresses: Iterable[Address]) -> bytes:
    root = ET.Element("urlset", {"xmlns": SITEMAP})
    for address, changed in addresses:
        _address(ET.SubElement(root, "url"), address, changed)
    return _written(root)


def news(items: Iterable[NewsItem], *, publisher: str) -> bytes:
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for item in items:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = item.url
        about = ET.SubElement(url, "news:news")
        publication = ET.SubElement(about, "news:publication")
        ET.SubElement(publication, "news:name").text = publisher
        ET.SubElement(publication, "news:language").text = item.language
        ET.SubElement(about, "news:publication_date").text = rfc3339(item.published, to="seconds")
        ET.SubElement(about, "news:title").text = item.title
    return _written(root)


def _address(element: ET.Element, address: str, changed: datetime | None) -> None:
    ET.SubElement(element, "loc").text = address
    if changed:
        ET.SubElement(element, "lastmod").text = rfc3339(changed, to="seconds")


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
