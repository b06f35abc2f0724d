"""``make bench``: list the measurements and run the quick ones."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUICK = {"extraction": ["--gold", "tests/gold/claims.json", "--texts", "tests/gold/articles"]}


def first_line(path: Path) -> str:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return doc.splitlines()[0] if doc else ""


def main() -> int:
    modules = sorted(path for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    for path in modules:
        print(f"python -m bench.{path.stem:<14} {first_line(path)}")
    failed = 0
    for name, arguments in QUICK.items():
        print(f"\n$ python -m bench.{name} {' '.join(arguments)}", flush=True)
        failed += subprocess.run(
            [sys.executable, "-m", f"bench.{name}", *arguments], cwd=HERE.parent, check=False
        ).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
