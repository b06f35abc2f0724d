"""What a browser would make of an answer: whether the attacker's words run in it."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

MARK = "gotthrough"
IMAGE = f"<img src=x onerror={MARK}()>"
SCRIPT = f"<script>{MARK}()</script>"
OUT_OF_ATTRIBUTE = f'"><img src=x onerror={MARK}()>'
OUT_OF_SCRIPT = f"</script><script>{MARK}()</script>"
HANDLER = f'" onmouseover="{MARK}()" x="'
JAVASCRIPT = f"javascript:{MARK}()"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs, self._kind = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self._kind = named.get("type", "text/javascript") if tag == "script" else ""
        for name, value in named.items():
            if name.startswith("on") and MARK in value:
                self.runs = True
            if name in {"href", "src", "action", "formaction", "srcdoc"}:
                followed = "".join(value.split()).lower()
                self.runs |= followed.startswith(("javascript:", "data:text/html")) and MARK in followed

    def handle_endtag(self, tag: str) -> None:
        self._kind = ""

    def handle_data(self, data: str) -> None:
        if "javascript" in self._kind and MARK in data:
            self.runs = True


def runs(page: str) -> bool:
    """Whether a handler, an address or a script of the attacker's stands in the page as such."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.runs


def is_run_as_formula(sheet: str) -> bool:
    """Whether a spreadsheet takes a cell with the mark for a formula."""
    cells = [cell for row in csv.reader(io.StringIO(sheet)) for cell in row]
    return any(
        MARK in cell and cell.lstrip(" \ufeff\u200b\n").startswith((*FORMULAS, "＝", "＋", "－", "＠"))
        for cell in cells
    )
