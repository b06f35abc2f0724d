"""Thousands of made-up requests of every operation of the API, against the running server.

    python -m bench.api_schema [--cases 5000] [--seed 1] [--only list_claims,...]

Serves a newsroom as in production, with a partner who has something of everything, reads the schema from the
server and lets schemathesis make up requests, half of them well-formed, the same number for each operation.
Every answer is held to the schema by every check of schemathesis but those in tests/support/api_by_chance.py,
each with its reason. Exit code 1 when an answer is a server's error or is not what the schema says.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from itertools import product
from typing import Any

from bench.pages_run.site import newsroom_site

NO_LIMIT = str(10**9)
# 503 is what the schema promises where too much is asked at once; it is held to the schema as any answer
SERVER_ERRORS = {str(status) for status in range(500, 600)} - {"503"}
KEPT = 4000  # characters of what went wrong with one operation


def note(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")
    sys.stderr.flush()


def run(address: str, cases: int, seed: int, only: list[str]) -> dict[str, Any]:
    import requests
    import schemathesis
    from schemathesis import GenerationMode

    from tests.factories import make_key, make_partner
    from tests.support.api_by_chance import ask_by_chance, make_rows, operations

    partner = make_partner("by-chance")
    rows = make_rows(partner)
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/schema/")
    answered: Counter[str] = Counter()
    session = requests.Session()
    session.hooks["response"] = lambda response, **_more: answered.update([str(response.status_code)])
    chosen = [name for name in operations() if not only or name in only]
    each = -(-cases // (len(chosen) * len(GenerationMode)))
    wrong = {}
    for name, mode in product(chosen, GenerationMode):
        asked = f"{name} {mode.value}"
        note(asked)
        _row, plain = make_key(partner)  # of its own: one of the operations ends keys
        headers = {"Authorization": f"Bearer {plain}"}
        try:
            ask_by_chance(schema, name, mode, each, headers=headers, rows=rows, seed=seed, session=session)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - the others are asked all the same
            wrong[asked] = told(error)
            note(wrong[asked])
    return {
        "operations": len(chosen),
        "requests": answered.total(),
        "answers": dict(sorted(answered.items())),
        "server_errors": sum(count for status, count in answered.items() if status in SERVER_ERRORS),
        **not_checked(chosen),
        "wrong": wrong,
    }


def not_checked(chosen: list[str]) -> dict[str, Any]:
    """Every exclusion with its reason."""
    from tests.support.api_by_chance import BEFORE_THE_API, OF_SOME_FIELDS, left_out_of

    checks = {name: left_out_of(name) for name in chosen} | {"with the parameter fields": OF_SOME_FIELDS}
    return {
        "left_out": {
            name: {check.__name__: reason for check, reason in reasons.items()}
            for name, reasons in checks.items()
            if reasons
        },
        "not_of_the_api": BEFORE_THE_API,
    }


def told(error: BaseException) -> str:
    """The words of the error and of those that it holds."""
    inner = "\n".join(told(one) for one in getattr(error, "exceptions", ()))
    return f"{type(error).__name__}: {error}\n{inner}".strip()[:KEPT]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    options = parser.parse_args(arguments)
    os.environ |= {"API_PER_MINUTE": NO_LIMIT, "API_PER_DAY": NO_LIMIT, "LOG_LEVEL": "ERROR"}
    with newsroom_site(3) as (address, _room):
        result = run(address, options.cases, options.seed, options.only)
    print(json.dumps(result, indent=2))
    return 1 if result["wrong"] or result["server_errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
