"""Files for spreadsheets, which run what looks like a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cells: Iterable[Any]) -> list[Any]:
    """Cells that a spreadsheet shows and never runs. Numbers stay numbers, a negative one too."""
    return [
        f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA) else cell for cell in cells
    ]


def csv_line(cells: Iterable[Any]) -> str:
    """One line of a file that is sent as it is made."""
    line = io.StringIO()
    csv.writer(line).writerow(harmless(cells))
    return line.getvalue()


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """``rows`` under ``head`` as the file ``name``.csv; None is an empty cell."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    sheet = csv.writer(response)
    sheet.writerow(head)
    sheet.writerows(harmless(row) for row in rows)
    return response
