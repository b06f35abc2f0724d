"""Where dumps lie: a folder each, which appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

OLDEST_UNFINISHED = 3 * 3600  # seconds; longer than making a dump may take


def root() -> Path:
    return Path(settings.DUMP_DIR)


def path_of(dump: str, file: str) -> Path:
    """Both are names from our own rows, never from an address. Raises ValueError for what leads elsewhere."""
    for name in (dump, file):
        if not name or name.startswith(".") or "/" in name or "\0" in name:
            raise ValueError("not the name of a dump or of one of its files")
    return root() / dump / file


def new_folder() -> Path:
    """A folder to write into, which nobody reads from."""
    place = _unfinished()
    place.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=place))


def finish(folder: Path, name: str) -> None:
    """Give a written folder its name: the one step by which it appears."""
    _sync(folder)
    folder.chmod(0o755)
    folder.rename(root() / name)
    _sync(root())


def sweep(*, keep: Collection[str], now: float | None = None) -> list[str]:
    """Remove the folders that are not to be kept, and what killed writers left. Returns the names removed."""
    removed = []
    for folder in sorted(root().glob("[0-9]*")):
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder.name)
    before = (now or time.time()) - OLDEST_UNFINISHED
    for folder in _unfinished().glob("*"):
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder.name)
    return removed


def _unfinished() -> Path:
    return root() / ".unfinished"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
