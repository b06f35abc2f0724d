"""The feed of ClaimReviews as it is now: the newest dump's, with what came out since put in its place.

The dump is made at night. Whoever shows our checks from the feed is not to show until then what we corrected
at noon. A retraction, a check that is hidden and a source that became confidential withdraw the dump itself.
Until the next one is made the feed goes on from the withdrawn one: a retraction is among what came out since,
what is hidden is left out by its page, and a ClaimReview names no source.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence, Set
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.http.response import StreamingHttpResponse
from django.urls import reverse
from django.utils.http import http_date, parse_etags

from reviews.models import Dump, PublicCheck
from reviews.selectors.dumps import DumpFile
from reviews.selectors.public_lists import last_restriction

from .formats import Facts, Feed

# what a line of the feed begins with (formats.Feed.line): its page is all that is read of it
_PAGE = re.compile(
    r'\{"@type":"DataFeedItem","dateCreated":"[^"]*","dateModified":"[^"]*","url":("(?:[^"\\]|\\.)*")'
)


def not_yet_in(path: Path, dump: Dump, lines: Sequence[PublicCheck]) -> list[PublicCheck]:
    """Those that the dump's feed does not have. What came out shortly before it was made is looked for in it:
    it may have been committed while the dump was being written."""
    feed = Feed()
    feed.begin(Facts(dump.made_at, _address()))
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as text:
        return [
            line
            for line in lines
            if line.publication.published_at > dump.made_at or text.find(feed.item(line).encode()) < 0
        ]


def followed(
    request: HttpRequest,
    file: DumpFile,
    path: Path,
    since: Sequence[PublicCheck],
    gone: Set[str] = frozenset(),
) -> HttpResponseBase:
    """The feed with these lines, which its dump does not have, and without the pages that are ``gone``. It is
    no file, and not given in parts."""
    changes = [file.dump.made_at, *(line.publication.published_at for line in since)]
    changes += [line.restricted_at for line in since if line.restricted_at is not None]
    if file.dump.withdrawn_at is not None:
        changes += [file.dump.withdrawn_at, last_restriction() or file.dump.withdrawn_at]
    newest = max(changes)
    headers = {
        "ETag": _etag(file, since, gone),
        "Last-Modified": http_date(newest.timestamp()),
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "public, no-cache",
    }
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    if known & {headers["ETag"], "*"}:
        return HttpResponseNotModified(headers=headers)
    if request.method == "HEAD":
        return HttpResponse(content_type=file.media_type, headers=headers)
    parts = (text.encode() for text in _texts(path, Facts(newest, _address()), since, gone))
    return StreamingHttpResponse(parts, content_type=file.media_type, headers=headers)


def _texts(path: Path, facts: Facts, since: Sequence[PublicCheck], gone: Set[str]) -> Iterator[str]:
    """Each check where it stood in the dump, then those that are new."""
    feed, new = Feed(), {line.publication.snapshot["url"]: line for line in since}
    yield feed.begin(facts)
    with path.open(encoding="utf-8", newline="\n") as rows:
        for row in rows:
            found = _PAGE.match(row)
            if found is None:
                continue  # the head and the end, which are written anew
            page = json.loads(found[1])
            if page in gone:
                continue
            line = new.pop(page, None)
            yield feed.line(line) if line is not None else feed.again(row.rstrip(",\n"))
    for line in new.values():
        yield feed.line(line)
    yield feed.end()


def _etag(file: DumpFile, since: Sequence[PublicCheck], gone: Set[str]) -> str:
    said: list[Any] = [file.sha256, *(line.publication_id for line in since), *sorted(gone)]
    return f'"{hashlib.sha256(repr(said).encode()).hexdigest()}"'


def _address() -> str:
    return settings.SITE_URL + reverse("claimreview-feed")
