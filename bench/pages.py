"""Every page: bytes, requests and movement in a browser, and server time with very many claims.

    python -m bench.pages [--rows 10] [--claims 100000] [--rounds 20] [--skip browser|scale]

Opens every page that the tests know (tests/support/newsroom) in an empty window of Chromium, at both widths,
on a temporary site with production settings, and holds it to the budget: BYTES over the wire without
pictures, REQUESTS, and SHIFT of the layout. Then asks for each page in this process with 1,000 claims, a
tenth of them published, and with --claims, and compares the 95th percentiles. Exit code 1 when a page is over
its budget, or more than 1.5 times as slow with many claims.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bench.pages_run.browser import SIZES, Load, chromium, load
from bench.pages_run.site import newsroom_site

BYTES = 150_000
REQUESTS = 60
SHIFT = 0.05


def over_budget(loads: list[Load]) -> list[str]:
    return [
        f"{one.page} ({one.size}): {value} {name}"
        for one in loads
        for name, value, most in (
            ("bytes", one.bytes, BYTES),
            ("requests", one.requests, REQUESTS),
            ("shift", one.shift, SHIFT),
        )
        if value > most
    ]


def loads_of(room: Any, address: str) -> list[Load]:
    from tests.support.newsroom import PAGES

    with chromium() as browser:
        # Swagger UI alone weighs 400 kB: the page of the interface is a reference, not a first load
        ours = [page for page in PAGES if page.name != "api-reference"]
        return [load(browser, room, page, address, size) for page in ours for size in SIZES]


def in_browser(room: Any, address: str) -> dict[str, Any]:
    loads = loads_of(room, address)
    worst = sorted(loads, key=lambda one: -one.bytes)
    return {
        "budget": {"bytes": BYTES, "requests": REQUESTS, "shift": SHIFT},
        "pages": len(loads) // len(SIZES),
        "most_bytes": worst[0].as_json(),
        "most_requests": max(loads, key=lambda one: one.requests).as_json(),
        "most_shift": max(loads, key=lambda one: one.shift).as_json(),
        "over": over_budget(loads),
        "loads": [one.as_json() for one in loads],
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--skip", choices=("browser", "scale"), default="")
    options = parser.parse_args(arguments)
    if options.claims <= 1000 or options.rounds < 2 or options.rows < 1:
        parser.error("--claims: more than 1000; --rounds: at least 2; --rows: at least 1")
    result: dict[str, Any] = {}
    with newsroom_site(options.rows) as (address, room):
        if options.skip != "browser":
            result["browser"] = in_browser(room, address)
        if options.skip != "scale":
            from bench.pages_run.scale import compare

            result["scale"] = compare(room, options.claims, options.rounds)
    print(json.dumps(result, indent=2))
    missed = result.get("browser", {}).get("over") or result.get("scale", {}).get("slower")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
