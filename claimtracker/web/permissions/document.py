"""docs/permissions.md, made from the table and the words around it in frame.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.admindocs.views import simplify_regex

from . import admin_lines
from .addresses import AREAS, Address, served
from .doors import Answer, Area, Line, Who

FRAME = Path(__file__).with_name("frame.md")  # all that is not made from the table


def text() -> str:
    areas = [area for area in AREAS if area is not admin_lines.TABLES]
    addresses = {one.name: one for one in served()}
    parts = {
        "areas": "\n".join("\n".join(_area(area, addresses)) for area in areas),
        "operations": "\n".join(_operations()),
        "kept": "\n".join(_kept()),
        "actions": "\n".join(_actions()),
        "looked at": ", ".join(_looked_at()),
    }
    said = FRAME.read_text(encoding="utf-8")
    for name, part in parts.items():
        said = said.replace(f"<{name}>", part)
    return said


def _area(area: Area, addresses: dict[str, Address]) -> Iterator[str]:
    """A table with a column for each of Who, or none where all of them get the same."""
    differs = any(len({line.door[who] for who in Who}) > 1 for line in area.lines)
    columns = list(Who) if differs else []
    yield f"## {area.heading}\n"
    yield f"| {' | '.join(['may', 'address', *columns])} |"
    yield "|---" * (2 + len(columns)) + "|"
    for line in area.lines:
        cells = [f"{line.may}{_about(line)}", f"{line.method} `{_path(addresses[line.route].route)}`"]
        cells += [_cell(line.door[who]) for who in columns]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _about(line: Line) -> str:
    return f" ({line.case})" if line.case else ""


def _cell(answer: Answer) -> str:
    return "own" if answer in {Answer.OWN, Answer.OWN_ELSE_NO, Answer.OWN_ELSE_NOT_THEIRS} else answer.value


def _path(route: str) -> str:
    return re.sub(r"<\w+:", "<", simplify_regex(route).replace("//", "/"))


def _operations() -> Iterator[str]:
    for address in served():
        if address.is_of_the_api:
            for method, scope in address.operations():
                yield f"| `{_path(address.route)}` | {method} | {scope or 'any key'} |"


def _kept() -> Iterator[str]:
    words = {"add": "added", "change": "changed", "delete": "deleted"}
    for model, (ways, what) in sorted(admin_lines.KEPT.items()):
        yield f"| {_named(model)}, {what} | {', '.join(words[way] for way in ways.split())} |"


def _actions() -> Iterator[str]:
    for (model, _action), may in sorted(admin_lines.ACTIONS.items()):
        yield f"| {_named(model)} | {may} |"


def _looked_at() -> list[str]:
    return [_named(model) for model in admin_lines.models() if model not in admin_lines.KEPT]


def _named(model: str) -> str:
    return f"`{model.replace('_', '.', 1)}`"
