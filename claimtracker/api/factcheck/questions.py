"""What is asked: Google's parameters, read as strictly as Google reads them, and the tokens of pages."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict

from reviews.reader_facts import primary_language

from .errors import SearchError, bad_field

USUAL_PAGE, LARGEST_PAGE = 10, 100
LONGEST_QUERY = 2000
LARGEST_INT = 2**31 - 1
SALT = "claimtracker.factcheck.page"
OF_SEARCH = ("query", "languageCode", "reviewPublisherSiteFilter", "maxAgeDays", "pageSize", "pageToken")
OWN = (*OF_SEARCH, "offset")
# that every address of Google's takes; those that change nothing here are let through
STANDARD = ("key", "alt", "prettyPrint", "$.xgafv", "quotaUser", "uploadType", "upload_protocol")
REFUSED = {
    "fields": "Partial answers are not offered: leave fields out.",
    "callback": "JSONP is not offered. The address may be asked from any page by fetch().",
    "access_token": "OAuth is not offered. Send an API key as key, or no key.",
    "oauth_token": "OAuth is not offered. Send an API key as key, or no key.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """``language`` is a primary language, ``site`` a bare host name; empty for any."""

    query: str = ""
    language: str = ""
    site: str = ""
    max_age_days: int = 0
    page_size: int = USUAL_PAGE

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(astuple(self)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the publication ``before``, and further ``skipped`` from there."""

    before: int = 0
    skipped: int = 0


def read(params: QueryDict) -> tuple[Question, Place]:
    """The question and where its answer goes on. Raises SearchError naming the parameter."""
    asked = _named(params)
    query = " ".join(asked.get("query", "").replace("\0", " ").split())
    site = _host(asked.get("reviewPublisherSiteFilter", ""))
    if not query and not site:
        raise bad_field("query", "Give query, reviewPublisherSiteFilter, or both.")
    if len(query) > LONGEST_QUERY:
        raise bad_field("query", f"query is longer than {LONGEST_QUERY:,} characters. Send the claim alone.")
    question = Question(
        query=query,
        language=_language(asked.get("languageCode", "")),
        site=site,
        max_age_days=_number(asked, "maxAgeDays"),
        page_size=min(_number(asked, "pageSize") or USUAL_PAGE, LARGEST_PAGE),
    )
    token = asked.get("pageToken", "")
    place = _place(token, question) if token else Place(skipped=_number(asked, "offset"))
    return question, place


def token_for(question: Question, place: Place) -> str:
    return signing.dumps([question.fingerprint, place.before, place.skipped], salt=SALT)


def is_pretty(params: QueryDict) -> bool:
    """Google's answers are indented unless one asks for less."""
    return params.get("prettyPrint", "true").lower() not in ("false", "0")


def _named(params: QueryDict) -> dict[str, str]:
    """The parameters by their one name; Google takes page_size for pageSize as well."""
    names = {name.lower(): name for name in (*OWN, *STANDARD, *REFUSED)}
    asked: dict[str, str] = {}
    for sent, value in params.items():
        name = names.get(sent.lower()) or names.get(sent.replace("_", "").lower())
        if name is None:
            raise bad_field(
                sent[:100], f"Unknown name “{sent[:100]}”: there is no such parameter. Known are {_known()}."
            )
        if name in REFUSED:
            raise bad_field(name, REFUSED[name])
        asked[name] = str(value)
    if asked.get("alt", "json") != "json":
        raise bad_field("alt", "Answers come as JSON only: send alt=json or leave it out.")
    return asked


def _known() -> str:
    return ", ".join((*OWN, "key"))


def _number(asked: dict[str, str], name: str) -> int:
    """A whole number of 32 bits, 0 where none was sent."""
    value = asked.get(name, "").strip()
    if not value:
        return 0
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= LARGEST_INT):
        raise bad_field(name, f"Invalid value at “{name}” (TYPE_INT32), “{value[:50]}”: send a whole number.")
    if value.startswith("-") and int(digits):
        raise bad_field(name, f"{name} must be 0 or more.")
    return int(digits)


def _language(tag: str) -> str:
    """Without its region. Raises SearchError for what is no language tag."""
    if not tag.strip():
        return ""
    language = primary_language(tag)
    if not language:
        raise bad_field("languageCode", "languageCode must be a BCP-47 tag such as en or en-GB.")
    return language


def _host(site: str) -> str:
    """nytimes.com, also when it is sent as an address."""
    bare = site.strip().lower().partition("://")[2] or site.strip().lower()
    return bare.partition("/")[0].partition(":")[0].removeprefix("www.")


def _place(token: str, question: Question) -> Place:
    try:
        sent: Any = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise bad_field(
            "pageToken", "This pageToken is not one of ours. Send nextPageToken as it came, or leave it out."
        ) from error
    fingerprint, before, skipped = sent
    if fingerprint != question.fingerprint:
        raise _changed()
    return Place(before, skipped)


def _changed() -> SearchError:
    return bad_field(
        "pageToken",
        "This pageToken belongs to another search: all other fields must have the values that they had.",
    )
