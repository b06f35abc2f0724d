"""The partner API with very many claims, beside bare Django views, views by hand, and label-studio.

    python -m bench.api [--claims 100000] [--seconds 10] [--skip label-studio] [--only list,detail,...]

Seeds a PostgreSQL of its own with the claims of one partner, a tenth of them public, and serves it as in
production by two workers of gunicorn. Lists, reads and searches claims, matches texts and sends articles,
--seconds of each, in rounds of a second that alternate between ours and what it is compared with, so that
what else the machine does hits all of them alike:

- bare: a Django view without middleware that checks the key and counts requests as ours does, and answers
  with the very bytes that ours answered with;
- bare_in_our_middleware: the same behind the product's middleware;
- hand: a view that makes the same rows with plain queries and JsonResponse;
- label_studio: its list and create of tasks with the same texts, in the same PostgreSQL.

"ratio" is ours to bare in requests per second. Exit code 1 when a ratio is below 0.6, when label-studio is
faster or could not be had, or when a request failed.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.api_run.load import Measured, Target, drive
from bench.matching_store import temporary_database

LEAST_RATIO = 0.6
ROUND_SECONDS = 1.0
WARM_SECONDS = 0.5
OPERATIONS = ("list", "detail", "search", "match", "create")


def note(what: str) -> None:
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


def take_turns(contest: dict[str, tuple[Any, Target]], seconds: float) -> dict[str, Measured]:
    """Each of ``contest`` (a server and what it is asked) for ``seconds``, a short round at a time."""
    found = {name: Measured() for name in contest}
    number = 0  # one for all: two of them write to the same tables
    for _server, target in contest.values():
        number = drive(target, WARM_SECONDS, Measured(), number)
    for turn in range(max(1, round(seconds / ROUND_SECONDS))):
        order = list(contest) if turn % 2 == 0 else list(reversed(contest))
        for name in order:
            server, target = contest[name]
            before = server.cpu_seconds()
            number = drive(target, ROUND_SECONDS, found[name], number)
            found[name].cpu_seconds += server.cpu_seconds() - before
    return found


def card_of(found: dict[str, Measured]) -> dict[str, Any]:
    """The figures of one operation; the ratios are of requests per second."""
    card: dict[str, Any] = {name: measured.as_json() for name, measured in found.items()}
    ours = card["ours"]["rps"]
    for name in list(card):
        card[f"{name}_rps"] = card[name]["rps"]
    card["ratio"] = _ratio(ours, card["bare_rps"])
    card["ratio_in_our_middleware"] = _ratio(ours, card["bare_in_our_middleware_rps"])
    card["ratio_to_hand"] = _ratio(ours, card["hand_rps"])
    pairs = zip(found["ours"].rates, found["bare"].rates, strict=True)
    turns = sorted(_ratio(one, other) for one, other in pairs)
    card["ratio_of_rounds"] = {"least": turns[0], "most": turns[-1]}
    return card


def _ratio(one: float, other: float) -> float:
    return round(one / other, 3) if other else 0.0


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    from bench.api_run import servers
    from bench.api_run.asking import operations
    from bench.api_run.labelling import NotToBeHad, label_studio
    from bench.api_run.rows import make_rows

    note("rows")
    rows = make_rows(options.claims)
    result: dict[str, Any] = {"claims": rows.claims, "published": rows.published, "cores": os.cpu_count()}
    chosen = [one for one in operations(rows) if one.name in options.only]
    with ExitStack() as stack:
        site = stack.enter_context(servers.ours(folder))
        kept = folder / "captured.json"
        answers = servers.capture(site, chosen, kept)
        missing = [one.name for one in chosen if not set(one.asks) <= set(answers)]
        result |= {name: {"missing": "ours has no such address"} for name in missing}
        chosen = [one for one in chosen if one.name not in missing]
        bare = stack.enter_context(servers.bare(folder, kept))
        servers.check_same(bare, chosen, answers)
        behind = stack.enter_context(servers.bare(folder, kept, middleware="ours"))
        other = None
        if options.skip != "label-studio":
            note("label-studio")
            try:
                other = stack.enter_context(label_studio(options.venvs, folder, rows.texts))
            except NotToBeHad as error:
                result["label_studio"] = {"missing": str(error)}
        for one in chosen:
            note(one.name)
            expected = frozenset({one.expected})
            contest = {
                "ours": (site, Target(site.port, one.ours(), expected)),
                "bare": (bare, Target(bare.port, one.ours(), expected)),
                "bare_in_our_middleware": (behind, Target(behind.port, one.ours(), expected)),
                "hand": (bare, Target(bare.port, one.hand(), expected)),
            }
            if other and one.name == "list":
                contest["label_studio"] = (other.server, other.list())
            if other and one.name == "create":
                contest["label_studio"] = (other.server, other.create(one.made, one.text))
            result[one.name] = card_of(take_turns(contest, options.seconds))
    return result


def judged(result: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """With what was missed, in words, and whether all is well."""
    missed = []
    cards = {name: result[name] for name in OPERATIONS if "ratio" in result.get(name, ())}
    missed += [f"{name}: not there" for name in OPERATIONS if "missing" in result.get(name, ())]
    for name, card in cards.items():
        if card["ratio"] < LEAST_RATIO:
            missed.append(f"{name}: {card['ratio']} of bare, the bar is {LEAST_RATIO}")
        missed += [
            f"{name}: {who} had faults {card[who]['faults']}" for who in card if _had_faults(card[who])
        ]
    if options.skip != "label-studio":
        compared = {
            name: {
                "ours_rps": cards[name]["ours_rps"],
                "label_studio_rps": cards[name]["label_studio_rps"],
                "times": _ratio(cards[name]["ours_rps"], cards[name]["label_studio_rps"]),
            }
            for name in ("list", "create")
            if name in cards and "label_studio" in cards[name]
        }
        if "missing" in result.get("label_studio", {}):
            missed.append("label-studio could not be had")
        else:
            result["label_studio"] = compared
            missed += [
                f"{name}: label-studio is faster" for name, one in compared.items() if one["times"] <= 1
            ]
    return result | {"missed": missed, "ok": not missed}


def _had_faults(part: Any) -> bool:
    return isinstance(part, dict) and bool(part.get("faults"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--skip", choices=("label-studio",), default="")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(OPERATIONS))
    options = parser.parse_args(arguments)
    if options.claims < 1000 or options.seconds < 1 or set(options.only) - set(OPERATIONS):
        parser.error(f"--claims: at least 1000; --seconds: at least 1; --only: of {','.join(OPERATIONS)}")
    os.environ |= {"SECRET_KEY": secrets.token_urlsafe(64), "FIELD_KEY": secrets.token_urlsafe(64)}
    from claimtracker import embedded

    options.venvs = embedded.state_dir().parent / "claimtracker-bench"
    with tempfile.TemporaryDirectory(prefix="ct-api-") as folder, temporary_database():
        result = judged(measure(Path(folder), options), options)
    print(json.dumps(result, indent=2))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
