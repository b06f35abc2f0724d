"""What will go away, said where it is used: Deprecation (RFC 9745), Sunset (RFC 8594) and Link headers, and
``deprecated: true`` in the schema.

A view names what of it is deprecated, a serializer which of its fields are::

    class OldView(PartnerView):
        deprecated = {"GET": Deprecated(since=…, sunset=…, link="https://…", instead="read_claim")}
        deprecated_parameters = {"order": Deprecated(…)}

    class ClaimSerializer(Serializer):
        deprecated = {"speaker": Deprecated(…)}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.http import http_date
from rest_framework.request import Request

from .sparse import Wanted


@dataclass(frozen=True, slots=True)
class Deprecated:
    """``since`` is when it was deprecated, ``sunset`` when it stops working (None while that is not decided),
    ``link`` the page that says so, and ``instead`` what to use, in the schema's words."""

    since: datetime
    link: str
    instead: str
    sunset: datetime | None = None

    def __post_init__(self) -> None:
        if any(moment and moment.tzinfo is None for moment in (self.since, self.sunset)):
            raise ValueError("say of which time zone the moment is")
        if self.sunset and self.sunset < self.since:
            raise ValueError("nothing stops working before it was deprecated")

    @property
    def words(self) -> str:
        """For descriptions in the schema."""
        until = f" It stops working on {self.sunset.astimezone(UTC):%d %B %Y}." if self.sunset else ""
        return f"Deprecated: use {self.instead}.{until}"


def headers_for(used: Iterable[Deprecated]) -> dict[str, str]:
    """The headers of an answer that used these: the first that was deprecated, the first that stops working,
    a link to each page."""
    marks = list(used)
    if not marks:
        return {}
    headers = {"Deprecation": f"@{int(min(mark.since for mark in marks).timestamp())}"}
    if sunsets := [mark.sunset for mark in marks if mark.sunset]:
        headers["Sunset"] = http_date(min(sunsets).timestamp())
    pages = dict.fromkeys(f'<{mark.link}>; rel="deprecation"; type="text/html"' for mark in marks)
    last = dict.fromkeys(f'<{mark.link}>; rel="sunset"; type="text/html"' for mark in marks if mark.sunset)
    headers["Link"] = ", ".join([*pages, *last])
    return headers


def used_by(view: Any, request: Request, wanted: Wanted) -> Iterator[Deprecated]:
    """What of the deprecated this request used: the operation, a parameter, a field that it gets."""
    method = "GET" if request.method == "HEAD" else request.method
    if mark := view.deprecated.get(method):
        yield mark
    for name, mark in view.deprecated_parameters.items():
        if name in request.query_params:
            yield mark
    for name, mark in getattr(view.shape, "deprecated", {}).items():
        if name in wanted:
            yield mark
