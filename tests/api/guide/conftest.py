"""An example in each of the languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .runs import SUFFIXES, Runs


@pytest.fixture(params=SUFFIXES)
def example(request: Any, live_server: Any, settings: Any, tmp_path: Path) -> Runs:
    settings.SITE_URL = live_server.url
    settings.DUMP_DIR = str(tmp_path / "dumps")
    folder = tmp_path / "partner"
    folder.mkdir()
    return Runs(live_server.url, request.param, folder)
