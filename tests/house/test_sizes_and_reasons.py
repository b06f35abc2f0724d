"""House rules that a reader would otherwise have to remember: small modules, small functions, reasons for
exceptions."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("claimtracker", "claims", "reviews", "tests", "bench")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|manager|process|handle|data)(_|$)")
FRAMEWORK_NAMES = {  # given by Django, DRF and html.parser
    "handle", "get_context_data", "process_exception", "process_view", "process_template_response",
    "handle_exception", "handle_starttag", "handle_endtag", "handle_data",
}  # fmt: skip
BARE_EXCEPTION = re.compile(r"#\s*(noqa(: ?[A-Z0-9, ]+)?|type: ignore(\[[^\]]*\])?|pragma: no cover)\s*$")


def python_files() -> list[Path]:
    files = [ROOT / "manage.py"]
    for room in ROOMS:
        files += [path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    return files


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def offences(find: Callable[[Path], Iterable[str]]) -> list[str]:
    """What ``find`` says of each file, with the file's name before it."""
    return [f"{path.relative_to(ROOT)}: {offence}" for path in python_files() for offence in find(path)]


def too_long(path: Path) -> Iterator[str]:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > LONGEST_MODULE:
        yield f"{lines} lines, split it"
    for function in functions(path):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > LONGEST_FUNCTION:
            yield f"{function.name} has {length} lines"


def unexplained_exceptions(path: Path) -> Iterator[str]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if BARE_EXCEPTION.search(line):
            yield f"line {number}: {line.strip()}"


def banned_names(path: Path) -> Iterator[str]:
    for name in [path.stem, *(function.name for function in functions(path))]:
        is_sentence = name.startswith("test_")
        if BANNED_NAMES.search(name) and name not in FRAMEWORK_NAMES and not is_sentence:
            yield name


def test_a_module_and_a_function_fit_in_the_head() -> None:
    assert not offences(too_long)


def test_every_exception_to_a_rule_says_why() -> None:
    assert not offences(unexplained_exceptions), "add ' - why' after it"


def test_names_say_what_a_thing_is() -> None:
    assert not offences(banned_names), "DESIGN.md bans these names"


def test_the_top_level_is_what_was_agreed() -> None:
    import subprocess

    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in tracked.splitlines()}
    allowed = {
        "claimtracker", "claims", "reviews", "templates", "tests", "manage.py", "requirements.txt",
        "requirements.in", "requirements-dev.txt", "README.md", "Makefile", "pyproject.toml",
        "Dockerfile", "compose.yaml", ".ci", "docs", "bench", ".gitignore", ".dockerignore", "LICENSE",
    }  # fmt: skip
    assert top <= allowed, f"not agreed: {top - allowed}"


def test_state_is_assigned_only_by_actions() -> None:
    """Rule 1: ``.state =`` stands in actions (and in the modules that write deliveries and jobs), nowhere
    else."""
    wrong = []
    for path in python_files():
        relative = path.relative_to(ROOT)
        in_actions = "actions" in relative.parts or relative.stem in {
            "actions",
            "runner",
            "delivery",
            "delivering",
        }
        if in_actions or relative.parts[0] in {"tests", "bench"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            flat = [
                t for target in targets for t in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
            if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in flat):
                wrong.append(f"{relative}:{node.lineno}")
    assert not wrong, f"move these into an action: {wrong}"


def test_moments_are_written_for_others_in_one_place() -> None:
    """Not by a private function beside each feed, file and message: kernel/moments.py does it."""
    by_hand = re.compile(r"""["']\+00:00["'], *["']Z["']|%H:%M:%SZ""")
    wrong = [
        relative
        for path in python_files()
        if (relative := path.relative_to(ROOT)).parts[0] not in {"tests", "bench"}
        if by_hand.search(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, f"use kernel.moments.rfc3339 in these: {wrong}"
