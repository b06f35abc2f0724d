"""What answers without a key."""

from __future__ import annotations

from . import ANY_METHOD, Public

PUBLIC = [
    Public("api-reference", "GET", "/api/docs/reference/", "One reads what there is before one has a key."),
    Public("api-docs", ANY_METHOD, "/api/docs/", "One reads the documentation before one has a key."),
    Public("api-schema", "GET", "/api/v1/schema/", "What the documentation is made from."),
    Public("UnknownPathView", ANY_METHOD, "/api/nothing", "Whoever mistyped an address is told.", 404),
]
