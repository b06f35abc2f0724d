"""Re-anchoring: what becomes of claims when their article changes, beside Hypothesis' published rule.

    python -m bench.reanchor [--texts DIR] [--edits 200] [--seed 11] [--wrong]

Two measurements of `claims.anchoring`, each passage counted once: the revisions written by hand in
`bench/revision_pairs`, and `--edits` edits of seven kinds made of articles (our own, or also those of DIR,
*.txt) with what became of each passage known from the edit. Then the time for 50 claims in 5,000 words, and
for two and four times as much of both. Exits 1 below a bar. `--wrong` prints what went wrong.

`silent_wrong`: carried along although it was reworded or removed, or to another place. `found`: of the
unchanged and moved, carried to the right place. `to_recheck`: of the reworded, shown to a person.
`beside_an_edit` are words untouched in a sentence edited elsewhere: a person's look is right, silence too.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claims.anchoring import METHOD, SILENT, Fate, Passage, reanchor

from .hypothesis_rule import anchored
from .reanchor_edits import KINDS, Article, article_of, revision
from .reanchor_pairs import ROOT, Expected, Revision, written_by_hand

OUR_OWN = (ROOT / "tests/gold/articles", ROOT / "claims/samples/articles")
BARS = {"silent_wrong": 0, "found": 0.98, "to_recheck": 0.95, "seconds": 0.2, "growth": 2.5}

Answer = tuple[Fate, int | None, int | None]
Method = Callable[[str, str, Sequence[Passage]], list[Answer]]


@dataclass
class Tally:
    """What one method made of the passages."""

    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, expected: Expected, answer: Answer, where: Revision) -> None:
        fate, start, end = answer
        right_place = (
            start is not None
            and expected.start is not None
            and ((start, end) == (expected.start, expected.end))
        )
        kept = expected.fate in SILENT
        if expected.fate is None:
            self._count("beside_an_edit")
            self._count("beside_an_edit_carried", fate in SILENT)
        else:
            self._count(str(expected.fate))
            self._count(
                f"{expected.fate}_right", right_place if kept and fate in SILENT else fate is expected.fate
            )
        if fate in SILENT and not (right_place and (kept or expected.fate is None)):
            self._count("silent_wrong")
            elsewhere = (
                start is None
                or end is None
                or expected.start is None
                or expected.end is None
                or start >= expected.end
                or end <= expected.start
            )
            self._count("silent_at_a_look_alike", elsewhere)
            self._note("SILENT", expected, answer, where)
        elif expected.fate is not None and (fate is not expected.fate if not kept else fate not in SILENT):
            self._note("missed", expected, answer, where)

    def _count(self, name: str, so: bool = True) -> None:
        self.counts[name] = self.counts.get(name, 0) + so

    def _note(self, what: str, expected: Expected, answer: Answer, where: Revision) -> None:
        quote = where.old[expected.passage.start : expected.passage.end]
        now = where.new[answer[1] : answer[2]] if answer[1] is not None else ""
        self.wrong.append(f"{what} {where.name}: {expected.fate} as {answer[0]}: “{quote}” -> “{now}”")

    def report(self) -> dict[str, Any]:
        count = self.counts.get

        def share(*fates: Fate) -> float | None:
            total = sum(count(fate, 0) for fate in fates)
            return round(sum(count(f"{fate}_right", 0) for fate in fates) / total, 4) if total else None

        return {
            "passages": sum(count(fate, 0) for fate in Fate),
            "silent_wrong": count("silent_wrong", 0),
            "silent_at_a_look_alike": count("silent_at_a_look_alike", 0),
            "found": share(Fate.UNCHANGED, Fate.MOVED),
            "of_moved": share(Fate.MOVED),
            "to_recheck": share(Fate.REWORDED),
            "removed_said_so": share(Fate.REMOVED),
            "counts": {fate: count(fate, 0) for fate in Fate},
            "beside_an_edit": [count("beside_an_edit_carried", 0), count("beside_an_edit", 0)],
        }


def ours(old: str, new: str, passages: Sequence[Passage]) -> list[Answer]:
    return [(one.fate, one.start, one.end) for one in reanchor(old, new, passages)]


def hypothesis(old: str, new: str, passages: Sequence[Passage]) -> list[Answer]:
    """Every place it takes is taken silently: it knows no other answer than found and orphaned."""
    found: list[Answer] = []
    for one in passages:
        place = anchored(old, new, one.start, one.end)
        found.append((Fate.UNCHANGED, *place) if place else (Fate.REMOVED, None, None))
    return found


def tally(method: Method, revisions: Iterable[Revision]) -> Tally:
    result = Tally()
    for one in revisions:
        answers = method(one.old, one.new, [expected.passage for expected in one.expected])
        for expected, answer in zip(one.expected, answers, strict=True):
            result.add(expected, answer, one)
    return result


def articles(folders: Sequence[Path], chance: random.Random) -> list[Article]:
    gold = json.loads((ROOT / "tests/gold/claims.json").read_text(encoding="utf-8"))
    read = []
    for folder in folders:
        for path in sorted(folder.glob("*.txt")):
            text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
            spans = [(one["start"], one["end"]) for one in gold.get(path.name, ())]
            article = article_of(text, chance, spans)
            if len(article.passages) >= 3 and len(text) < 40_000:
                read.append(article)
    return read


def edited(read: Sequence[Article], many: int, chance: random.Random) -> Iterator[Revision]:
    """``many`` edits, of each kind as many as of any other."""
    kinds, made, turn = list(KINDS), 0, 0
    while made < many:
        kind = kinds[made % len(kinds)]
        article = chance.choice(read)
        others = [one for one in read if one is not article]
        one = revision(kind, article, others, chance, f"{kind} {turn}")
        turn += 1
        if one is not None and one.new != one.old:
            made += 1
            yield one


def _changed_article(read: Sequence[Article], words: int, claims: int) -> tuple[str, str, list[Passage]]:
    """So many claims in so many words, every twentieth paragraph edited."""
    text = _long(read, words)
    old = article_of(text, random.Random(3))
    step = max(1, len(old.passages) // claims)
    passages = [Passage(*span) for span in old.passages[::step][:claims]]
    new = "\n".join(
        line if number % 20 else re.sub(r"\d+", "7", line) + " More."
        for number, line in enumerate(text.split("\n"), 1)
    )
    return text, new, passages


def _seconds(old: str, new: str, passages: Sequence[Passage]) -> float:
    began = time.process_time()
    reanchor(old, new, passages)
    return time.process_time() - began


def _long(read: Sequence[Article], words: int) -> str:
    """Some of the articles one after the other, then again with other figures: every length holds as many
    look-alikes of a sentence."""
    some = read[: max(2, words // 2_500)]
    lines: list[str] = []
    have, turn = 0, 0
    while have < words:
        for line in some[turn % len(some)].text.split("\n"):
            if line.strip() and have < words:
                lines.append(_with_other_figures(line, turn // len(some)))
                have += len(line.split())
        turn += 1
    return "\n".join(lines)


def _with_other_figures(line: str, more: int) -> str:
    return re.sub(r"\d+", lambda was: str(int(was[0][:9]) + more), line)


def speed(read: Sequence[Article]) -> dict[str, Any]:
    """The least of seven rounds, for one, two and four times the length and the claims; ``growth`` is for one
    doubling, over the two."""
    sizes = [_changed_article(read, 5_000 * times, 50 * times) for times in (1, 2, 4)]
    rounds = [[_seconds(*one) for one in sizes] for _round in range(7)]
    taken = [min(times) for times in zip(*rounds, strict=True)]
    return {
        "seconds": round(taken[0], 4),
        "seconds_of_2_and_4_times": [round(one, 4) for one in taken[1:]],
        "growth": round((taken[2] / taken[0]) ** 0.5, 2),
    }


def below(name: str, report: dict[str, Any]) -> list[str]:
    faults = []
    if report["silent_wrong"] > BARS["silent_wrong"]:
        faults.append(f"{name}: {report['silent_wrong']} carried silently to what they are not")
    faults += [
        f"{name}: {key} {report[key]} is below {BARS[key]}"
        for key in ("found", "to_recheck")
        if report[key] is not None and report[key] < BARS[key]
    ]
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--texts", type=Path, action="append", default=[], help="a folder of articles as .txt"
    )
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--wrong", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    read = articles([*OUR_OWN, *options.texts], chance)
    by_hand, made = written_by_hand(), list(edited(read, options.edits, chance))
    hand, synthetic = tally(ours, by_hand), tally(ours, made)
    timed = speed(read)
    report: dict[str, Any] = {
        "method": METHOD,
        "articles": len(read),
        "by_hand": {"pairs": len(by_hand), **hand.report()},
        "synthetic": {"edits": len(made), **synthetic.report()},
        **timed,
        "hypothesis": {
            "by_hand": tally(hypothesis, by_hand).report(),
            "synthetic": tally(hypothesis, made).report(),
        },
    }
    faults = below("by_hand", report["by_hand"]) + below("synthetic", report["synthetic"])
    faults += [
        f"{key} {timed[key]} is above {BARS[key]}" for key in ("seconds", "growth") if timed[key] > BARS[key]
    ]
    print(json.dumps({**report, "below_bar": faults}, indent=2))
    if options.wrong:
        print("\n".join(hand.wrong + synthetic.wrong), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
