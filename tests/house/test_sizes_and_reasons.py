"""House rules that a reader would otherwise have to remember: small modules, small functions, reasons for exceptions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("claimtracker", "claims", "reviews", "tests", "bench")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|manager|process|handle|data)(_|$)")
DJANGO_NAMES = {"handle", "get_context_data", "form_data", "cleaned_data", "validated_data"}  # given by frameworks


def python_files() -> list[Path]:
    files = [ROOT / "manage.py"]
    for room in ROOMS:
        files += [path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    return files


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_fits_in_the_head(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE, f"split it: {len(text.splitlines())} lines"
    long = [
        f"{function.name} has {function.end_lineno - function.lineno + 1} lines"
        for function in functions(path)
        if function.end_lineno and function.end_lineno - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long, long


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_exception_to_a_rule_says_why(path: Path) -> None:
    bare = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"#\s*(noqa(: ?[A-Z0-9, ]+)?|type: ignore(\[[^\]]*\])?|fmt: skip|pragma: no cover)\s*$", line)
        and "fmt: skip" not in line
    ]
    assert not bare, "add ' - why' after it: " + "; ".join(bare)


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_names_say_what_a_thing_is(path: Path) -> None:
    named = [path.stem] + [function.name for function in functions(path)]
    banned = [name for name in named if BANNED_NAMES.search(name) and name not in DJANGO_NAMES]
    assert not banned, f"DESIGN.md bans these names: {banned}"


def test_the_top_level_is_what_was_agreed() -> None:
    import subprocess

    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in tracked.splitlines()}
    allowed = {
        "claimtracker", "claims", "reviews", "templates", "tests", "manage.py", "requirements.txt", "requirements.in",
        "requirements-dev.txt", "README.md", "Makefile", "pyproject.toml", "Dockerfile", "compose.yaml", ".ci", "docs",
        "bench", ".gitignore", ".dockerignore", "LICENSE",
    }  # fmt: skip
    assert top <= allowed, f"not agreed: {top - allowed}"


def test_state_is_assigned_only_by_actions() -> None:
    """Rule 1: ``.state =`` stands in actions (and in the modules that write deliveries and jobs), nowhere else."""
    wrong = []
    for path in python_files():
        relative = path.relative_to(ROOT)
        in_actions = "actions" in relative.parts or relative.stem in {"actions", "runner", "delivery", "delivering"}
        if in_actions or relative.parts[0] in {"tests", "bench"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            flat = [t for target in targets for t in (target.elts if isinstance(target, ast.Tuple) else [target])]
            if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in flat):
                wrong.append(f"{relative}:{node.lineno}")
    assert not wrong, f"move these into an action: {wrong}"
