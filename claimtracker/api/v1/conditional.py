"""ETags: whoever has the answer already is told so in few bytes."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.http import parse_etags
from rest_framework.request import Request

NOT_OF_A_304 = ("Content-Type", "Content-Length", "Content-Language")


def etag_of(content: bytes) -> str:
    """Strong: other bytes have another."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def tag_when_rendered(request: Request, response: Any) -> None:
    """Give an answer to a reading request its ETag, and make it a 304 where the client named that. The other
    headers stay, those of the limit among them: a 304 counts as any request."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return
    if hasattr(response, "add_post_render_callback") and not response.is_rendered:
        named = request.headers.get("If-None-Match", "")
        response.add_post_render_callback(lambda rendered: _tag(rendered, named))


def _tag(response: Any, named: str) -> None:
    if "ETag" not in response:
        response["ETag"] = etag_of(response.content)
    if names(named, response["ETag"]):
        response.status_code = 304
        response.content = b""
        for name in NOT_OF_A_304:
            if name in response:
                del response[name]


def names(named: str, etag: str) -> bool:
    """Whether a header names this ETag. Compared weakly (RFC 9110, 13.1.2): what was compressed on its way
    has a weak one."""
    if not named:
        return False
    tags = parse_etags(named)
    return tags == ["*"] or etag in {tag.removeprefix("W/") for tag in tags}
