"""docs/security.md names what there is; every address of the product is some actor's in the threat model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
SECURITY = (ROOT / "docs/security.md").read_text(encoding="utf-8")
THREATS = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
ITEMS = [line.strip("|").split(" | ") for line in SECURITY.splitlines() if re.match(r"\| \d", line)]
DEEP = ("api/v1",)  # one step deeper: each of its resources is named
WHOLE = ("admin", "account")  # made by Django's admin and by allauth: named as a whole


def test_there_are_forty_items_each_once_with_evidence() -> None:
    numbers = [item[0].strip() for item in ITEMS]
    assert len(numbers) == len(set(numbers)) == 40
    assert numbers == sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])
    assert [item[0] for item in ITEMS if len(item) != 4 or "`" not in item[3]] == []


def test_all_evidence_is_there() -> None:
    missing = [
        named
        for item in ITEMS
        for named in re.findall(r"`([^`]+)`", item[3])
        if not _stands(*re.split("::|:", named, maxsplit=1))
    ]
    assert missing == []


def _stands(path: str, symbol: str = "") -> bool:
    file = ROOT / path
    if not file.is_file():
        return False
    names: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return not symbol or symbol in names


def addresses() -> set[str]:
    """The fixed parts of every pattern, two deep."""
    return {_short(route) for route in _routes(get_resolver())}


def _routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each, route)
        else:
            yield route


def _short(route: str) -> str:
    parts = [part for part in route.split("/") if part and not re.search(r"[<(^]", part)]
    if parts and parts[0] in WHOLE:
        return parts[0]
    deep = "/".join(parts[:2]) in DEEP
    return "/".join(parts[: 3 if deep else 2])


def whose() -> dict[str, list[str]]:
    """By actor, the addresses that the threat model gives them."""
    section = THREATS.split("## Which address is whose", 1)[1]
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]*`[^|]*) \|$", section, re.MULTILINE)
    return {actor: [each.strip("/") for each in re.findall(r"`([^`]*)`", words)] for actor, words in rows}


def test_every_address_belongs_to_an_actor() -> None:
    named = {address for listed in whose().values() for address in listed}
    assert sorted(addresses() - named) == [], "say in docs/threat-model.md whose they are"
    assert sorted(named - addresses()) == [], "they are gone: take them out of docs/threat-model.md"


def test_every_actor_of_an_address_is_one_of_the_threat_model() -> None:
    actors = set(re.findall(r"^\| ([^|]+?) \|", THREATS.split("## Which address is whose")[0], re.MULTILINE))
    assert sorted(set(whose()) - actors) == []
