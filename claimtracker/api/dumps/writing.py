"""Writing a file and its compressed twin in one go, with the digest of each."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO


class _Counted:
    """A file that knows its size and digest."""

    def __init__(self, path: Path) -> None:
        self.path, self.size, self._digest = path, 0, hashlib.sha256()
        self._file: BinaryIO = path.open("wb")

    def write(self, content: bytes) -> int:
        self.size += len(content)
        self._digest.update(content)
        return self._file.write(content)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def facts(self, media_type: str, rows: int) -> dict[str, Any]:
        return {
            "name": self.path.name,
            "media_type": media_type,
            "bytes": self.size,
            "sha256": self._digest.hexdigest(),
            "rows": rows,
        }


class TextFile:
    """``name`` and ``name``.gz, the same text. It names no time: equal texts are equal files."""

    def __init__(self, folder: Path, name: str, media_type: str) -> None:
        self.media_type = media_type
        self._plain, self._packed = _Counted(folder / name), _Counted(folder / f"{name}.gz")
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=self._packed, mtime=0)

    def write(self, text: str) -> None:
        content = text.encode()
        self._plain.write(content)
        self._gzip.write(content)

    def facts(self, rows: int) -> list[dict[str, Any]]:
        """Of both files, once they are closed."""
        return [self._plain.facts(self.media_type, rows), self._packed.facts("application/gzip", rows)]

    def __enter__(self) -> TextFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gzip.close()
        self._packed.close()
        self._plain.close()
