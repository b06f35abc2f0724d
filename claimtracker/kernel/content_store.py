"""Bytes on disk by their own digest: written whole or not at all, kept once however often they come.

A file stands under its SHA-256, so that nothing is ever overwritten and what is read can be proved. A writer
that is killed leaves a file in ``tmp`` and nothing else; what no row names is removed by ``sweep``.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BATCH = 500


class ContentMissing(Exception):
    """No file of this digest is there."""


class ContentDamaged(Exception):
    """The file is there, but it is not what its name says."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed: files that no row names, files that a killed writer left, and their bytes."""

    unnamed: int = 0
    unfinished: int = 0
    freed: int = 0


class ContentStore:
    """A folder of contents. Several processes may write and sweep it at once, on one machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep ``content`` and return its digest. When it is there already, only its time is renewed, which
        keeps a sweep away until the caller's row is committed. Raises OSError when the disk is full."""
        digest = hashlib.sha256(content).hexdigest()
        target = self.path_of(digest)
        with self._locked(fcntl.LOCK_SH):
            try:
                os.utime(target)
                return digest
            except FileNotFoundError:
                pass
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write(content, target)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises ContentMissing, or ContentDamaged when they are not what their name says."""
        try:
            content = self.path_of(digest).read_bytes()
        except FileNotFoundError:
            raise ContentMissing(digest) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise ContentDamaged(digest)
        return content

    def has(self, digest: str) -> bool:
        return self.path_of(digest).is_file()

    def path_of(self, digest: str) -> Path:
        """Where a content stands. Raises ValueError for what is no digest, so that no path leads outside."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256 in lower-case hexadecimal")
        return self.root / digest[:2] / digest[2:4] / digest

    def digests(self) -> Iterator[str]:
        """Every content that is there, in no order."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def sweep(
        self, named: Callable[[Collection[str]], set[str]], *, older_than: float, dry_run: bool = False
    ) -> Swept:
        """Remove what is older than ``older_than`` seconds and that ``named`` does not return: a younger file
        may belong to a row that is not committed yet."""
        before = time.time() - older_than
        unnamed = unfinished = freed = 0
        batch: list[str] = []
        for digest in [*self.digests(), ""]:
            if digest:
                batch.append(digest)
            if len(batch) < _BATCH and digest:
                continue
            for orphan in set(batch) - named(batch):
                size = self._remove_if_older(self.path_of(orphan), before, dry_run)
                unnamed, freed = unnamed + (size is not None), freed + (size or 0)
            batch = []
        for path in self._temporary().glob("*"):
            size = self._remove_if_older(path, before, dry_run)
            unfinished, freed = unfinished + (size is not None), freed + (size or 0)
        return Swept(unnamed, unfinished, freed)

    def _remove_if_older(self, path: Path, before: float, dry_run: bool) -> int | None:
        """The size of what was removed. Nobody renews the file's time between the look and the removal."""
        with self._locked(fcntl.LOCK_EX), contextlib.suppress(FileNotFoundError):
            found = path.stat()
            if found.st_mtime < before:
                if not dry_run:
                    path.unlink()
                return found.st_size
        return None

    def _write(self, content: bytes, target: Path) -> None:
        descriptor, name = tempfile.mkstemp(dir=self._temporary())
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # without this the name itself may be lost with the power
        finally:
            os.close(folder)

    def _temporary(self) -> Path:
        folder = self.root / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextlib.contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        """Writers together, or one remover alone. The system lets go when the process dies."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("ab") as lock:
            fcntl.flock(lock, kind)
            yield
