"""Single values as foreign files write them: cleaned, bounded, or dropped with a sentence."""

import html
import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from claims.sources.claim_reviews.reviewed import Defaults, ReadReviews, UnreadableReviews
from claims.sources.dates import parse_date
from claims.sources.text import normalise_body

LONGEST_CLAIM = 5_000
LONGEST_TITLE = 500
LONGEST_NAME = 300
LONGEST_RATING = 300
LONGEST_LICENCE = 500
LONGEST_URL = 2_000
LONGEST_ID = 500
MOST_APPEARANCES = 50
LARGEST_NUMBER = 1_000_000_000

# Only tags that editors put into such fields: "<" stands in claims too.
_TAGS = re.compile(
    r"</?(?:p|br|b|i|em|strong|span|a|div|u|q|blockquote)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}\Z")
_NOT_IN_URL = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"]")
_HOST = re.compile(r"[\w.-]{1,253}\Z")


class Values:
    """The values of one review, which stands at ``where``; what is dropped of them is noted in ``into``."""

    def __init__(self, into: ReadReviews, where: str, base_url: str = "") -> None:
        self.into, self.where, self.base_url = into, where, base_url

    def text(self, field: str, value: Any, limit: int) -> str:
        """Words on one line, without markup and control characters, cut at ``limit``."""
        value = first_of(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            if value is not None and not isinstance(value, dict | list):
                self._drop(field, f"It is {value!r:.40}, not words. Left empty.")
            return ""
        line = one_line(str(value))
        if len(line) <= limit:
            return line
        self._drop(field, f"It has {len(line):,} characters; cut after {limit:,}.")
        return line[: limit - 1].rstrip() + "…"

    def url(self, field: str, value: Any) -> str:
        """An http(s) address, of a CreativeWork too; relative ones from the page they stand in."""
        value = first_of(value)
        if isinstance(value, dict):
            value = first_of(value.get("url") or value.get("@id") or value.get("sameAs"))
        if not isinstance(value, str) or not value.strip():
            return ""
        address = as_url(value.strip(), self.base_url)
        if not address:
            self._drop(field, f"“{one_line(value)[:80]}” is no http or https address. Left empty.")
        return address

    def urls(self, field: str, value: Any) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [value]
        if len(values) > MOST_APPEARANCES:
            self._drop(field, f"It has {len(values):,} addresses; the first {MOST_APPEARANCES} are kept.")
        found = (self.url(field, each) for each in values[:MOST_APPEARANCES])
        return tuple(dict.fromkeys(filter(None, found)))

    def day(self, field: str, value: Any) -> date | None:
        value = first_of(value)
        if value is None or value == "":
            return None
        moment = parse_date(value) if isinstance(value, str) else None
        if moment is None:
            self._drop(field, f"“{_shown(value)}” is no date like 2026-11-20. Left empty.")
        return moment.date() if moment else None

    def number(self, field: str, value: Any) -> float | None:
        value = first_of(value)
        if value is None or value == "":
            return None
        number = as_number(value)
        if number is None:
            self._drop(field, f"“{_shown(value)}” is no number up to {LARGEST_NUMBER:,}. Left empty.")
        return number

    def language(self, field: str, value: Any) -> str:
        value = first_of(value)
        if isinstance(value, dict):
            value = first_of(value.get("alternateName") or value.get("name"))
        if not isinstance(value, str) or not value.strip():
            return ""
        tag = value.strip().replace("_", "-")
        if len(tag) > 35 or not _LANGUAGE.match(tag):
            self._drop(field, f"“{_shown(value)}” is no language tag like en or pt-BR. Left empty.")
            return ""
        return tag

    def site(self, field: str, *candidates: Any) -> str:
        """The host of the first candidate that names one, an address or a bare host."""
        for candidate in candidates:
            value = first_of(candidate)
            if isinstance(value, str) and (host := host_of(value.strip())):
                return host
        return ""

    def _drop(self, field: str, message: str) -> None:
        self.into.note(self.where, field, message)


def checked_defaults(
    *, publisher_name: str = "", publisher_site: str = "", licence: str = "", language: str = ""
) -> Defaults:
    """What a person gave for a whole file, under the limits of single values. Raises UnreadableReviews for
    the field that has to be mended."""
    found = ReadReviews("")
    values = Values(found, "")
    defaults = Defaults(
        publisher_name=values.text("publisher_name", publisher_name, LONGEST_NAME),
        publisher_site=values.site("publisher_site", publisher_site),
        licence=values.text("licence", licence, LONGEST_LICENCE),
        language=values.language("language", language),
    )
    if publisher_site.strip() and not defaults.publisher_site:
        found.note(
            "", "publisher_site", f"“{_shown(publisher_site)}” is no site like checks.example. Left empty."
        )
    if found.problems:
        problem = found.problems[0]
        message = problem.message.replace("Left empty.", "Mend it or leave it out.")
        message = message.replace("cut after", "shorten it to")
        raise UnreadableReviews(problem.field, "bad_default", message)
    return defaults


def first_of(value: Any) -> Any:
    """JSON-LD lets a list stand wherever one value may."""
    for _ in range(3):
        if not isinstance(value, list):
            break
        value = next((each for each in value if each not in (None, "", [])), None)
    return value


def names_of(value: Any) -> str:
    """The names in an author: words, an object, or a list of either."""
    values: Iterable[Any] = value[:20] if isinstance(value, list) else [value]
    names = []
    for each in values:
        name = first_of(each.get("name")) if isinstance(each, dict) else each
        if isinstance(name, str) and not name.strip().startswith(("http://", "https://")):
            names.append(one_line(name))
    return ", ".join(dict.fromkeys(filter(None, names)))


def one_line(value: str) -> str:
    text = value
    if "<" in text:
        text = _TAGS.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(normalise_body(text).split())


def as_number(value: Any) -> float | None:
    """``value`` as a finite number of ordinary size; a comma is not guessed at."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return as_number(float(value)) if _NUMBER.match(value.strip()) else None
    if not isinstance(value, int | float) or not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return None
    return float(value)


def as_url(value: str, base_url: str = "") -> str:
    """``value`` when it is a whole http(s) address of a bounded length, else ""."""
    try:
        if base_url and "://" not in value[:12]:
            value = urljoin(base_url, value)
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    is_web = parts.scheme.lower() in {"http", "https"} and ("." in host or ":" in host or host == "localhost")
    clean = len(value) <= LONGEST_URL and not _NOT_IN_URL.search(value) and value.isprintable()
    return value if is_web and clean else ""


def host_of(value: str) -> str:
    """The host of an address or of a bare name, without ``www.``; "" when there is none."""
    try:
        host = urlsplit(value if "://" in value else f"//{value}").hostname or ""
    except ValueError:
        return ""
    host = host.lower().removeprefix("www.").rstrip(".")
    return host if "." in host and _HOST.match(host) else ""


def _shown(value: Any) -> str:
    return one_line(str(value)[:200] if isinstance(value, str | float | bool) else type(value).__name__)[:60]
