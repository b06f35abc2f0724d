"""A file in parts (RFC 9110, section 14), so that a broken download goes on where it stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import http_date, parse_etags, parse_http_date

from claimtracker.kernel.problems import problem
from reviews.selectors.dumps import DumpFile

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
ALLOWED = ("GET", "HEAD")


class NoSuchPart(Exception):
    """The file ends before the part begins."""


def served(request: HttpRequest, file: DumpFile, path: Path) -> HttpResponseBase:
    """The file, a part of it, or that nothing changed. Bytes are never packed on the way: a part would not be
    one of the file's."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    headers = _headers(file)
    if _is_unchanged(request, file):
        return HttpResponseNotModified(headers=headers)
    try:
        start, end = _part(request, file)
    except NoSuchPart:
        return problem(
            416,
            f"The file has {file.size} bytes; ask for a part that begins before its end.",
            code="range",
            headers={"Content-Range": f"bytes */{file.size}", "Accept-Ranges": "bytes"},
        )
    is_part = (start, end) != (0, file.size)
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    headers["Content-Length"] = str(end - start)
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=file.media_type, headers=headers)
    return StreamingHttpResponse(
        _bytes(path, start, end), status=status, content_type=file.media_type, headers=headers
    )


def _headers(file: DumpFile) -> dict[str, str]:
    return {
        "ETag": _etag(file),
        "Last-Modified": http_date(file.dump.made_at.timestamp()),
        "Accept-Ranges": "bytes",
        "Access-Control-Allow-Origin": "*",
        # a copy is asked about each time: a dump may have to be withdrawn at once
        "Cache-Control": "public, no-cache",
    }


def _etag(file: DumpFile) -> str:
    return f'"{file.sha256}"'


def _is_unchanged(request: HttpRequest, file: DumpFile) -> bool:
    if wanted := request.headers.get("If-None-Match"):
        known = {tag.removeprefix("W/") for tag in parse_etags(wanted)}
        return bool(known & {_etag(file), "*"})
    with suppress(ValueError):
        if since := request.headers.get("If-Modified-Since"):
            return int(file.dump.made_at.timestamp()) <= parse_http_date(since)
    return False


def _part(request: HttpRequest, file: DumpFile) -> tuple[int, int]:
    """Start and end, all of it where no part is asked for, or for one of another file (If-Range). Several
    parts at once are answered with all of it. Raises NoSuchPart."""
    whole = (0, file.size)
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if request.method != "GET" or asked is None or not _is_the_same(request, file):
        return whole
    first, last = asked.groups()
    if not first and not last:
        return whole
    if not first:  # the last so many bytes
        if int(last) == 0:
            raise NoSuchPart
        return max(0, file.size - int(last)), file.size
    if last and int(last) < int(first):
        return whole
    if int(first) >= file.size:
        raise NoSuchPart
    return int(first), min(int(last) + 1, file.size) if last else file.size


def _is_the_same(request: HttpRequest, file: DumpFile) -> bool:
    """If-Range: a part is only of use to who has the rest of this very file."""
    known = request.headers.get("If-Range")
    if known is None or known == _etag(file):
        return True
    made = http_date(file.dump.made_at.astimezone(UTC).timestamp())
    return known == made


def _bytes(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
