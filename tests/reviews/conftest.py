"""A hostile server that the environment lets through, and a folder for copies of pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from tests.support.hostile_server import HostileServer, hostile_server


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[HostileServer]:
    settings.SNAPSHOT_DIR = str(tmp_path / "snapshots")
    with hostile_server() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, running.pair)
        yield running
