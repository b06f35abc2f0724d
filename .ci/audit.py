"""What the product is made of, and what is known against it (`make audit`).

Checks that every package is pinned with hashes, has ruff's security rules read our code, writes a bill of
materials (CycloneDX) and asks the open database of advisories. Ends with 0 when nothing is wrong, 1 when
something is, 3 when all of our own is well and the advisories could not be asked: then nothing is known.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
ADVISORIES = "https://api.osv.dev/v1/querybatch"
FINE, WRONG, NOT_ASKED = 0, 1, 3
_PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([A-Za-z0-9.!+_-]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass
class Package:
    """One line of a lock file. ``asked_by`` are the packages that need it."""

    name: str
    version: str
    hashes: list[str]
    asked_by: list[str] = field(default_factory=list)

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{re.sub(r'[-_.]+', '-', self.name).lower()}@{self.version}"


def read_lock(text: str) -> tuple[list[Package], list[str]]:
    """The packages of a lock file, and a sentence for each line that is not pinned with a hash."""
    packages, faults = [], []
    for entry in re.split(r"\n(?=[A-Za-z0-9-])", text.replace("\\\n", " ")):
        line = entry.strip().split(" ", 1)[0]
        if not line.strip() or entry.startswith("#"):
            continue
        pin, hashes = _PIN.match(entry), _HASH.findall(entry)
        if pin is None:
            faults.append(f"{line} is not pinned to one version.")
        elif not hashes:
            faults.append(f"{pin[1]} has no hash.")
        else:
            via = [each for each in re.findall(r"# +(?:via )?([A-Za-z0-9._-]+)", entry) if each != "via"]
            packages.append(Package(pin[1], pin[2], hashes, via))
    return packages, faults


def bill_of_materials(packages: Iterable[Package], *, version: str) -> dict[str, Any]:
    """CycloneDX 1.5. The same packages give the same serial number."""
    packages = list(packages)
    known = {package.name: package for package in packages}
    needs: dict[str, list[str]] = {package.purl: [] for package in packages}
    for package in packages:
        for asker in package.asked_by:
            if asker in known:
                needs[known[asker].purl].append(package.purl)
    own = f"pkg:generic/claimtracker@{version}"
    direct = [each.purl for each in packages if not any(asker in known for asker in each.asked_by)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join(sorted(needs)))}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {
                "type": "application", "name": "claimtracker", "version": version, "bom-ref": own,
            },
        },
        "components": [
            {
                "type": "library", "name": package.name, "version": package.version, "purl": package.purl,
                "bom-ref": package.purl,
                "hashes": [{"alg": "SHA-256", "content": each} for each in package.hashes],
            }
            for package in packages
        ],
        "dependencies": [
            {"ref": own, "dependsOn": sorted(direct)},
            *({"ref": ref, "dependsOn": sorted(wanted)} for ref, wanted in needs.items()),
        ],
    }  # fmt: skip


def ask_advisories(packages: list[Package], *, url: str) -> list[str]:
    """A line for each advisory that names one of these versions. Raises OSError where nobody answers, and
    ValueError where the answer is none."""
    queries = [
        {"package": {"ecosystem": "PyPI", "name": package.name}, "version": package.version}
        for package in packages
    ]
    request = urllib.request.Request(  # noqa: S310 - the address is ours or the operator's
        url, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
        results = json.load(answer)["results"]
    if len(results) != len(packages):
        raise ValueError("the answer is of another length than the question")
    return [
        f"{package.name} {package.version}: {each['id']}, https://osv.dev/vulnerability/{each['id']}"
        for package, result in zip(packages, results, strict=True)
        for each in result.get("vulns", ())
    ]


def security_lint() -> bool:
    """Whether ruff's security rules (those of bandit) find nothing in the product."""
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "S", "--output-format", "concise", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        print(found.stdout.strip() or found.stderr.strip())
    return found.returncode == 0


def audit(*, sbom: Path, url: str, lint: bool = True) -> int:
    """Everything, with a line for each part. Returns what the command ends with."""
    packages: dict[str, Package] = {}
    faults: list[str] = []
    for name in LOCKS:
        found, wrong = read_lock((ROOT / name).read_text(encoding="utf-8"))
        faults += [f"{name}: {each}" for each in wrong]
        if name == LOCKS[0]:
            sbom.parent.mkdir(parents=True, exist_ok=True)
            sbom.write_text(json.dumps(bill_of_materials(found, version="0.1.0"), indent=1), encoding="utf-8")
            print(f"Bill of materials: {len(found)} packages of the product, {sbom}")
        packages |= {package.purl: package for package in found}
    print(*(faults or [f"Pinned with hashes: all {len(packages)} packages."]), sep="\n")
    is_clean = security_lint() if lint else True
    if is_clean and lint:
        print("Security rules: nothing found.")
    try:
        known = ask_advisories(list(packages.values()), url=url)
    except (OSError, ValueError, KeyError) as error:
        print(f"Advisories: NOT ASKED, {url} does not answer ({error}). Nothing is known of these packages.")
        return WRONG if faults or not is_clean else NOT_ASKED
    print(*(known or ["Advisories: none for any of these packages."]), sep="\n")
    return WRONG if faults or known or not is_clean else FINE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sbom", type=Path, default=ROOT / "var" / "sbom.cdx.json")
    parser.add_argument("--advisories", default=os.environ.get("ADVISORIES_URL", ADVISORIES))
    given = parser.parse_args()
    return audit(sbom=given.sbom, url=given.advisories)


if __name__ == "__main__":
    sys.exit(main())
