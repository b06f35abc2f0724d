"""Atom feeds (RFC 4287) from plain facts. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from claimtracker.kernel.moments import rfc3339

ATOM = "http://www.w3.org/2005/Atom"
CONTENT_TYPE = "application/atom+xml; charset=utf-8"

# what XML 1.0 cannot say
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """``updated`` moves when the finding changes, ``published`` never. ``topics`` are slug and name."""

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str
    html: str
    language: str = ""
    topics: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """``url`` is the feed's own address, ``page`` that of the page with the same list."""

    id: str
    title: str
    subtitle: str
    url: str
    page: str
    author: str
    updated: datetime
    entries: Sequence[Entry]
    older: str = ""


def tag_uri(site: str, day: datetime, what: str) -> str:
    """A name for ever (RFC 4151): moving the page to another address does not change it."""
    return f"tag:{urlsplit(site).hostname or 'localhost'},{day.astimezone(UTC):%Y-%m-%d}:{what}"


def atom(feed: Feed) -> bytes:
    root = ET.Element("feed", {"xmlns": ATOM})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", rfc3339(feed.updated, to="seconds"))
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.url)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    if feed.older:
        ET.SubElement(root, "link", rel="next", type="application/atom+xml", href=feed.older)
    author = ET.SubElement(root, "author")
    _text(author, "name", feed.author)
    for entry in feed.entries:
        _entry(root, entry)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: ET.Element, entry: Entry) -> None:
    # told by name, because "xml:" needs no declaration
    element = ET.SubElement(root, "entry", {"xml:lang": entry.language} if entry.language else {})
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    ET.SubElement(element, "link", rel="alternate", type="text/html", href=entry.url)
    _text(element, "published", rfc3339(entry.published, to="seconds"))
    _text(element, "updated", rfc3339(entry.updated, to="seconds"))
    for slug, name in entry.topics:
        ET.SubElement(element, "category", term=_sayable(slug), label=_sayable(name))
    _text(element, "summary", entry.summary)
    content = ET.SubElement(element, "content", type="html")
    content.text = _sayable(entry.html)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _sayable(text)


def _sayable(text: str) -> str:
    return _UNSAYABLE.sub("\ufffd", text)
