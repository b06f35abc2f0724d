"""No regular expression of the product takes a stranger's text for ever: each is tried with texts that make a
careless one go back again and again."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import claims
import claimtracker
import reviews

ROOT = Path(__file__).resolve().parents[2]
LONG = 2_000  # characters
MOST = 0.5  # seconds of the processor; a search that goes back once from each place takes a tenth of it
NOT_READ = (
    "migrations",
    "claimtracker.settings",
    "claimtracker.embedded",
    "claimtracker.web.demo",
    "examples",
)

# What a pattern is repeated with. After it comes what no pattern wants, so that it has to go back.
PIECES = (
    "a", "A", "1", " ", "\n", "\t", ".", ",", "-", "_", "(", "[", "<", "&", "\"", "“", "’", "/", "@", "*",
    "a ", "Aa ", "a.", "1,", "1 ", "1.", "a-", "A. ", "a, ", "<a", "<!--", "](", "://a", " a", "\n\n", "1-1",
)  # fmt: skip
END = "\x01!"


class TooLong(Exception):
    """The processor's time is over."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TooLong after so much of the processor's time, in the middle of a search too."""

    def stop(_signal: int, _frame: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def modules() -> Iterator[str]:
    for package in (claimtracker, claims, reviews):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part in found.name for part in NOT_READ):
                yield found.name


def patterns() -> dict[str, re.Pattern[str]]:
    """By the module and what it is called there; those written inside a call by their line."""
    found: dict[str, re.Pattern[str]] = {}
    for name in modules():
        module = importlib.import_module(name)
        for attribute, value in vars(module).items():
            for place, each in _patterns_in(value):
                found.setdefault(f"{name}:{attribute}{place}", each)
        for place, each in _written_in(module):
            found.setdefault(f"{name}:{place}", each)
    once: dict[tuple[str, int], str] = {}
    for name, each in sorted(found.items()):
        once.setdefault((each.pattern, each.flags), name)
    return {name: found[name] for name in once.values()}


def _patterns_in(value: Any) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield "", value
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            for place, pattern in _patterns_in(each):
                yield f"[{number}]{place}", pattern
    elif isinstance(value, dict):
        for key, each in value.items():
            for place, pattern in _patterns_in(each):
                yield f"[{key}]{place}", pattern


def _written_in(module: Any) -> Iterator[tuple[str, re.Pattern[str]]]:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        is_re = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_re and ast.unparse(node.func.value) == "re" and node.args:
            first = node.args[0]
            if (
                isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and node.func.attr != "escape"
            ):
                yield f"line {node.lineno}", re.compile(first.value)


def slow_with(pattern: re.Pattern[str], *, length: int = LONG, most: float = MOST) -> str:
    """The piece that keeps it busy for longer than ``most`` seconds; "" where none does."""
    literal = re.sub(r"\\.|[^A-Za-z0-9 ]", "", pattern.pattern)[:12]
    for piece in (*PIECES, *([literal] if literal else [])):
        for text in (
            piece * (length // len(piece)) + END,
            f"<{piece}" + piece * (length // len(piece)) + END,
        ):
            try:
                with within(most):
                    for _ in pattern.finditer(text):
                        pass
            except TooLong:
                return piece
    return ""


PATTERNS = patterns()


def test_the_test_itself_finds_what_is_slow() -> None:
    """Its own guard: an innocent one passes, two careless ones do not."""
    assert slow_with(re.compile(r"[a-z]+@[a-z]{1,60}")) == ""
    assert slow_with(re.compile(r"^(a+)+$"), length=60) == "a"
    assert slow_with(re.compile(r"(\w+\s?)+#"), length=60)
    assert len(PATTERNS) > 150
    began = time.process_time()
    with pytest.raises(TooLong), within(0.05):
        re.match(r"(a|aa)+$", "a" * 60 + "!")
    assert time.process_time() - began < 5


def test_no_pattern_goes_back_again_and_again() -> None:
    """What takes quadratic time is left alone here: it is kept to pieces of a bounded length, and what a
    whole text costs is weighed by the tests of reading and of pages."""
    slow = {name: piece for name, pattern in PATTERNS.items() if (piece := slow_with(pattern))}
    assert slow == {}
