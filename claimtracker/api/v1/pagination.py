"""Lists, newest first, from one row to the next: no page gets slower or shifts while rows come in."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from .problems import BadParameter

PAGE_PARAMETERS = ("cursor", "limit")
LARGEST_ID = 2**63 - 1


class NewestFirst(CursorPagination):
    """Keyset pagination by descending id: {"results", "next", "previous"}."""

    ordering = "-id"
    page_size = 25
    max_page_size = 100
    page_size_query_param = "limit"
    page_size_query_description = "How many rows a page holds, 1 to 100 (25 unless told)."
    cursor_query_description = "Where a page begins: follow next and previous rather than building it."

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
        if cursor is None or (cursor.position is None and cursor.offset):
            return cursor
        if cursor.position is None or not _is_id(str(cursor.position)):
            raise _bad_cursor()
        return cursor

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


def _is_id(position: str) -> bool:
    return position.isascii() and position.isdigit() and len(position) <= 19 and int(position) <= LARGEST_ID


def _bad_cursor() -> BadParameter:
    return BadParameter("cursor", "This cursor is not one of ours. Follow next or previous, or leave it out.")
