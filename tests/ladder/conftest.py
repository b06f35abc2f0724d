from __future__ import annotations

from typing import Any

import pytest

from .site import Site


@pytest.fixture
def site(settings: Any, tmp_path: Any) -> Site:
    settings.SNAPSHOT_DIR = str(tmp_path)
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # a query less each time
    return Site()
