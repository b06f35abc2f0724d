"""`make audit`: what it finds, and that it never passes for clean what it could not ask."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.hostile_server import hostile_server

ROOT = Path(__file__).resolve().parents[2]
HASH = "a" * 64


def loaded() -> ModuleType:
    import sys

    spec = importlib.util.spec_from_file_location("audit_of_packages", ROOT / ".ci" / "audit.py")
    assert spec and spec.loader
    module = sys.modules["audit_of_packages"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


audit = loaded()


def run(tmp_path: Path, results: Any, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with hostile_server() as server:
        url = server.gives("/", json.dumps({"results": results}).encode())
        code = audit.audit(sbom=tmp_path / "sbom.json", url=url, lint=False)
    return code, capsys.readouterr().out


def count() -> int:
    locks = [audit.read_lock((ROOT / name).read_text(encoding="utf-8"))[0] for name in audit.LOCKS]
    return len({package.purl for found in locks for package in found})


def test_every_package_of_ours_is_pinned_with_hashes() -> None:
    for name in audit.LOCKS:
        packages, faults = audit.read_lock((ROOT / name).read_text(encoding="utf-8"))
        assert faults == []
        assert len(packages) > 50
    wanted = {
        line.split("[")[0].split("=")[0].split("~")[0].split(";")[0].strip().lower()
        for line in (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    }
    product, _faults = audit.read_lock((ROOT / audit.LOCKS[0]).read_text(encoding="utf-8"))
    assert wanted <= {package.name.lower() for package in product}


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        ("django>=5.2\n", "django>=5.2 is not pinned"),
        ("django==5.2.1\n", "django has no hash"),
        (f"a==1 --hash=sha256:{HASH}\nhttps://x.example/a.whl\n", "https://x.example/a.whl is not pinned"),
    ],
)  # fmt: skip
def test_what_is_not_pinned_is_named(lock: str, fault: str) -> None:
    _packages, faults = audit.read_lock(lock)
    assert [fault in each for each in faults] == [True]


def test_the_bill_of_materials_names_each_package_with_its_hashes_and_what_needs_it() -> None:
    lock = f"a==1.0 \\\n    --hash=sha256:{HASH}\nB_c==2 \\\n    --hash=sha256:{HASH}\n    # via a\n"
    packages, _faults = audit.read_lock(lock)
    bill = audit.bill_of_materials(packages, version="0.1.0")
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert [each["purl"] for each in bill["components"]] == ["pkg:pypi/a@1.0", "pkg:pypi/b-c@2"]
    assert bill["components"][1]["hashes"] == [{"alg": "SHA-256", "content": HASH}]
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert needs["pkg:pypi/a@1.0"] == ["pkg:pypi/b-c@2"]
    assert needs["pkg:generic/claimtracker@0.1.0"] == ["pkg:pypi/a@1.0"]


def test_with_no_advisory_it_ends_well_and_the_bill_is_there(tmp_path: Path, capsys: Any) -> None:
    code, said = run(tmp_path, [{}] * count(), capsys)
    assert (code, "Advisories: none" in said) == (0, True)
    assert len(json.loads((tmp_path / "sbom.json").read_text())["components"]) > 50


def test_an_advisory_is_named_and_ends_it_badly(tmp_path: Path, capsys: Any) -> None:
    code, said = run(tmp_path, [{"vulns": [{"id": "PYSEC-2026-1"}]}, *([{}] * (count() - 1))], capsys)
    assert code == 1
    assert "https://osv.dev/vulnerability/PYSEC-2026-1" in said


def test_advisories_that_cannot_be_asked_are_never_taken_for_none(tmp_path: Path, capsys: Any) -> None:
    code = audit.audit(sbom=tmp_path / "sbom.json", url="http://127.0.0.1:1/", lint=False)
    assert code == 3
    assert "NOT ASKED" in capsys.readouterr().out
    assert run(tmp_path, [{}], capsys)[0] == 3, "an answer to another question"
