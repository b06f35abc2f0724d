"""What is asked: the same bytes of ours and of the bare view, the like of the views by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .load import http
from .rows import Rows

ONE = 201  # created
WORDS = (
    "roads",
    "teachers Eastmouth",
    "flood defences",
    "water company borrowed",
    "libraries 2012",
    "school meals",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """``asks`` are the requests of ours, taken in turn, by what the bare view finds its answer by;
    ``by_hand`` those of the view by hand. ``made`` puts a number into a request that must not be the same
    twice, ``text`` is that of what is sent."""

    name: str
    asks: dict[str, bytes]
    by_hand: list[bytes]
    expected: int = 200
    made: Callable[[bytes, int], bytes] = field(default=lambda request, _number: request)
    text: str = ""

    def ours(self) -> Callable[[int], bytes]:
        return self._turns(list(self.asks.values()))

    def hand(self) -> Callable[[int], bytes]:
        return self._turns(self.by_hand)

    def _turns(self, requests: list[bytes]) -> Callable[[int], bytes]:
        return lambda number: self.made(requests[number % len(requests)], number)


def operations(rows: Rows) -> list[Operation]:
    headers = {"Authorization": f"Bearer {rows.key}", "Accept": "application/json"}

    def get(path: str) -> bytes:
        return http("GET", path, headers)

    def reads(name: str, paths: list[str]) -> Operation:
        asks = {f"GET /api/v1/{path}": get(f"/api/v1/{path}") for path in paths}
        return Operation(name, asks, [get(f"/hand/{path}") for path in paths])

    searches = ["claims?" + urlencode({"q": words, "limit": 25}) for words in WORDS]
    return [
        reads("list", ["claims?limit=25"]),
        reads("detail", [f"claims/{id}" for id in rows.sample]),
        reads("search", searches),
        _match(rows, headers),
        _create(headers),
    ]


def _match(rows: Rows, headers: dict[str, str]) -> Operation:
    """Every text another: nothing that was asked before may be kept."""
    sent = json.dumps({"text": f"It is said that {rows.texts[7]}, by {_NUMBER}."}).encode()
    typed = headers | {"Content-Type": "application/json"}
    path = "/api/v1/match"
    return Operation(
        "match",
        {f"POST {path}": http("POST", path, typed, sent)},
        [http("POST", "/hand/match", typed, sent)],
        made=_numbered,
    )


def _create(headers: dict[str, str]) -> Operation:
    body = " ".join(f"The council of Eastmouth spent {n} million pounds on roads." for n in range(40))
    sent = {"external_id": f"load-{_NUMBER}", "title": "Council report", "body": f"{body} Report {_NUMBER}."}
    typed = headers | {"Content-Type": "application/json"}
    path = "/api/v1/articles"
    return Operation(
        "create",
        {f"POST {path}": http("POST", path, typed, json.dumps(sent).encode())},
        [http("POST", "/hand/articles", typed, json.dumps(sent).encode())],
        expected=ONE,
        made=_numbered,
        text=str(sent["body"]),
    )


_NUMBER = "n000000000000"


def _numbered(request: bytes, number: int) -> bytes:
    return request.replace(_NUMBER.encode(), b"n%012d" % (number + 1))
