"""Lists, newest first, from one row to the next: no page gets slower or shifts while rows come in."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import parse_qsl, urlencode

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from . import sparse
from .problems import BadParameter

PAGE_PARAMETERS = ("cursor", "limit")
LARGEST_ID = 2**63 - 1


class NewestFirst(CursorPagination):
    """Keyset pagination by descending id: {"results", "next", "previous"}. A cursor belongs to one list with
    its filters: carried over to another it would lead to rows of neither."""

    ordering = "-id"
    page_size = 25
    max_page_size = 100
    page_size_query_param = "limit"
    page_size_query_description = "How many rows a page holds, 1 to 100 (25 unless told)."
    cursor_query_description = "Where a page begins: follow next and previous rather than building it."
    request: Request  # while a page is made

    def get_page_size(self, request: Request) -> int:
        """Raises BadParameter outside 1 to 100."""
        value = request.query_params.get("limit")
        if value is None:
            return self.page_size
        if (
            value.isascii()
            and value.isdigit()
            and 1 <= int(value[:4]) <= self.max_page_size
            and len(value) <= 4
        ):
            return int(value)
        raise BadParameter("limit", f"limit must be a whole number from 1 to {self.max_page_size}.")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Raises BadParameter for anything that is not a cursor of ours."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise _bad_cursor() from error
        if cursor is None:
            return None
        if not (cursor.offset if cursor.position is None else self.is_position(str(cursor.position))):
            raise _bad_cursor()
        if _tokens(request.query_params["cursor"]).get("f") != _list_digest(request):
            raise BadParameter(
                "cursor",
                "This cursor belongs to another list, or to this one with other filters. Follow next and "
                "previous with the filters that stand in them, or leave the cursor out.",
            )
        return cursor

    def encode_cursor(self, cursor: Cursor) -> str:
        tokens: dict[str, str] = {"f": _list_digest(self.request)}
        if cursor.offset:
            tokens["o"] = str(cursor.offset)
        if cursor.reverse:
            tokens["r"] = "1"
        if cursor.position is not None:
            tokens["p"] = str(cursor.position)
        encoded = b64encode(urlencode(tokens).encode("ascii")).decode("ascii")
        return str(replace_query_param(str(self.base_url), self.cursor_query_param, encoded))

    def is_position(self, position: str) -> bool:
        """Whether this can be where a page of ours begins."""
        return _is_id(position)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "results": schema,
                "next": {**link, "example": "https://claims.example/api/v1/claims?cursor=cD00MjEw"},
                "previous": {**link, "example": None},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": self.cursor_query_description,
                "schema": {"type": "string"},
            },
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": self.page_size_query_description,
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                },
            },
        ]


def _list_digest(request: Request) -> str:
    """Of the list's address and of what it is narrowed by, not of how its rows and pages are shown."""
    shown = (*PAGE_PARAMETERS, sparse.PARAMETER)
    asked = sorted((name, value) for name, value in request.query_params.items() if name not in shown)
    words = urlencode([("", request.path.rstrip("/")), *asked])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _tokens(cursor: str) -> dict[str, str]:
    return dict(parse_qsl(b64decode(cursor).decode("ascii")))


def _is_id(position: str) -> bool:
    return position.isascii() and position.isdigit() and len(position) <= 19 and int(position) <= LARGEST_ID


def _bad_cursor() -> BadParameter:
    return BadParameter("cursor", "This cursor is not one of ours. Follow next or previous, or leave it out.")
